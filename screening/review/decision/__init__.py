"""Deciding a case: what has to be considered, the first decision, the second review, the third."""
