"""Before a version is published: what is wrong with it, what it changes, and what it does to past cases."""
