"""The work on a case besides deciding it: whose hands it is in, calls, tasks."""
