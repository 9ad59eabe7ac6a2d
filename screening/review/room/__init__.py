"""The patient's own room: everything somebody may read and do after sending the form."""
