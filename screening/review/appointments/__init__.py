"""Appointments as rows that staff enter, and the day from which follow-up counts."""
