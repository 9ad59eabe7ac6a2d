"""Definitions as files: out to a clinic's own version control, and back in as drafts."""
