"""Follow-up as its authors see it: the steps of a schedule, its year, and the texts that are sent."""
