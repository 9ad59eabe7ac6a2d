"""Whether people get better, whether they answer, and what they notice: for the clinic, of nobody by name."""
