"""The demo: all processes on one machine, made-up people, mail in a folder. Not there in production."""
