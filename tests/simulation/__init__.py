"""A simulated year: made-up people live through it, the real planning and sending runs beside them.

`life` writes what happens to each person. `world` makes it happen in the database. `year` turns the clock,
with crashes, double workers and lost ticks. `post` is the mail server, and keeps what it is given. `checker`
knows nothing of the code that is tested: it works out from the diary and the letters what should have been.
"""
