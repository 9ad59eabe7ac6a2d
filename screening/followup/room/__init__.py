"""The doors of the patient's room that need the reminders: how to be contacted, and a copy of everything."""
