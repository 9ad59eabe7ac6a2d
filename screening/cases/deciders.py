"""Who has decided about a case, and so may not be the one who looks next.

Kept with the case, because a list of what others have to look at is read off an index: asked of the decisions
it would walk past everything that one has decided oneself. The database refuses a case that names others.
"""

from __future__ import annotations

from screening.cases.models import Case
from screening.cases.stages import Stage
from screening.cases.workflow import DECIDED, FINAL


def set_deciders(case: Case) -> None:
    """Set `deciders` from the decisions that are there now; the caller saves it."""
    case.deciders = _deciders_of(case) if case.state in DECIDED else []


def _deciders_of(case: Case) -> list[int]:
    """Keys in order: of this round while it is in review, of every decision once it is closed."""
    decisions = case.decisions.order_by("-id").values_list("clinician_id", "stage")
    found = set()
    for clinician, stage in decisions:
        found.add(clinician)
        if stage == Stage.FIRST and case.state not in FINAL:
            break
    return sorted(found)
