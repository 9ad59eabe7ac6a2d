"""Changes the judgement in small ways and counts how many of the changes some test notices.

Our own runner, because the two tools there are do not fit. mutmut 3 changes functions only, and half of
what decides an outcome is tables; it also puts a stand-in before each function, and our run-time operations
are found by what they are. cosmic-ray starts a new pytest for each change: two seconds, five thousand times.
Here one process has imported and collected everything; for each change it forks, swaps the code of the one
function in the child, and runs there only the tests that reach the changed lines, the likeliest first.
"""
