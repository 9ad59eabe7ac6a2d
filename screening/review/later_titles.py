"""What later forms are called: the titles of their steps in the schedule of their site."""

from __future__ import annotations

from screening.cases.models import Case
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of


def later_titles(case: Case) -> dict[str, str]:
    """Of a case that was read whole: by its occasion each later form and what it is called.

    The code of the step, where the schedule of today does not name it any more.
    """
    occasions = [response.occasion for response in case.responses.all() if response.occasion]
    if not occasions:
        return {}
    try:
        steps = schedule_of(published(site=case.site, kind=Kind.SCHEDULE)).steps
    except NothingPublished:
        steps = ()
    named = {step.code: step.title for step in steps}
    codes = {occasion: occasion.partition("/")[0] for occasion in occasions}
    return {occasion: named.get(code, code) for occasion, code in codes.items()}
