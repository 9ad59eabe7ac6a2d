"""The settings of a clinic: one page, every change kept with who made it."""
