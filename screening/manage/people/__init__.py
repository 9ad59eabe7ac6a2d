"""Who works at the clinic: invited, in which role, with which proofs, and until when."""
