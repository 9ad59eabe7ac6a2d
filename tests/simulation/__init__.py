"""A simulated year: made-up people live through it, the real tick runs beside them.

`life` writes what happens to each person. `world` makes it happen in the database. `moments` says when a tick
comes and why nothing is missed between two; `clock` is what the product is given to look at; `year` runs the
ticks, with crashes, double workers and lost ticks. `post` is the mail server, and keeps what it is given.
`checker` knows nothing of the code that is tested: by the brief, written down by hand in `brief`, it works
out from the diary and the letters what should have been.
"""
