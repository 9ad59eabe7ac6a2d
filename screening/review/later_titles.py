"""What a later form is called: the title of its step in the schedule of its site."""

from __future__ import annotations

from screening.cases.models import Response
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of


def later_title(response: Response) -> str:
    """The code of the step, where the schedule of today does not name it any more."""
    code = response.occasion.partition("/")[0]
    try:
        steps = schedule_of(published(site=response.case.site, kind=Kind.SCHEDULE)).steps
    except NothingPublished:
        return code
    return next((step.title for step in steps if step.code == code), code)
