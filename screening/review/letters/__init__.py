"""Letters about a decision: drafted from published texts, read by a clinician, then sent."""
