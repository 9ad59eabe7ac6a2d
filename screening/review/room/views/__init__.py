"""HTTP of the patient's room: one service or selector each, then a template."""
