"""Draws the table of states and moves, so that the picture cannot lie. Pure."""

from __future__ import annotations

from screening.cases.workflow import CLOSED, MOVES, State

HEADER = """# States of a case

Drawn from the table in `screening/cases/workflow.py` by `manage.py draw_case_states`; a test compares them.
Withdrawing is possible from every state that is not closed, and left out of the picture.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def drawing() -> str:
    lines = [
        f"    {start} --> {leads_to}: {move}"
        for move, (starts, leads_to) in MOVES.items()
        if leads_to != State.WITHDRAWN
        for start in sorted(starts)
    ]
    lines += [f"    {state} --> [*]" for state in sorted(CLOSED)]
    return HEADER + "\n".join(lines) + "\n```\n"
