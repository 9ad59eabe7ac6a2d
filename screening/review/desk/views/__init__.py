"""HTTP of the work on a case."""
