"""What the rules suggest, in one sentence with what stands for and against it. A clinician decides."""

from __future__ import annotations

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.cases.models import Assessment
from screening.review.case_reading import Criterion, Judged

MEANS: dict[str, Promise] = {
    "flagged_review": gettext_lazy("A specialist should look at this case."),
    "more_info": gettext_lazy("The rules cannot tell yet: something is missing."),
    "not_currently": gettext_lazy("The criteria are not all met at present."),
}


@dataclasses.dataclass(frozen=True)
class Point:
    """One criterion or health question that stands in the way, and where on the page it is explained."""

    code: str
    title: str


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """`outcome` is the suggestion underneath an urgent answer, which always comes first."""

    outcome: str
    sentence: str
    criteria: str
    not_met: list[Point]
    unknown: list[Point]
    missing: str
    high_cautions: str

    @classmethod
    def of(cls, assessment: Assessment, judged: Judged) -> Suggestion:
        underlying = assessment.result["underlying"]
        met = sum(criterion.verdict == "met" for criterion in judged.criteria)
        missing = len(judged.missing)
        high = sum(caution.high for caution in judged.cautions)
        return cls(
            outcome=underlying,
            sentence=str(MEANS.get(underlying, "")),
            criteria=_("%(met)d of %(all)d criteria met") % {"met": met, "all": len(judged.criteria)},
            not_met=_points(judged, "not_met"),
            unknown=_points(judged, "unknown"),
            missing=ngettext(
                "%(n)d thing missing or contradictory", "%(n)d things missing or contradictory", missing
            )
            % {"n": missing}
            if missing
            else "",
            high_cautions=ngettext(
                "%(n)d high caution to be answered", "%(n)d high cautions to be answered", high
            )
            % {"n": high}
            if high
            else "",
        )


def _points(judged: Judged, verdict: str) -> list[Point]:
    criteria: list[Criterion] = [*judged.criteria, *judged.health]
    return [Point(each.code, each.title) for each in criteria if each.verdict == verdict]
