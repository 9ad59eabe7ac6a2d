"""What is sent to patients, and what became of it: for everybody of a site, for one message, for one case."""
