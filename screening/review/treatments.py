"""The treatments somebody has tried, and why each counts or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.intake.wording import answer_in_words
from screening.review import words
from screening.review.reading import Reading
from screening.rules.assess import Assessment as Judgement
from screening.rules.definition import Questionnaire, RuleSet

CLASSES = "treatment_classes"  # the table of the rule set with the shortest adequate trial of each class


@dataclasses.dataclass(frozen=True)
class Treatment:
    """One entry; `enough` is the shortest trial after which its class counts, in words."""

    name: str
    kind: str
    verdict: str
    enough: str
    facts: list[Reading]


def treatments_of(
    questionnaire: Questionnaire, ruleset: RuleSet, answers: Mapping[str, Any], judgement: Judgement
) -> list[Treatment]:
    entries = answers.get("treatments") or []
    verdicts = judgement.outputs.get("treatment_verdicts") or []
    try:
        group = questionnaire.item("treatments")
    except KeyError:
        return []
    table = ruleset.tables.get(CLASSES)
    classes = {row["code"]: row for row in table.rows} if table else {}
    rows = []
    for number, entry in enumerate(entries):
        verdict = verdicts[number] if number < len(verdicts) else "UNKNOWN"
        kind = group.inner("class")
        rows.append(
            Treatment(
                name=str(entry.get("name") or _("No name given")),
                kind=answer_in_words(kind, entry.get("class")) if kind else "",
                verdict=str(words.TREATMENT.get(verdict, verdict)),
                enough=_enough(classes.get(entry.get("class"), {})),
                facts=[
                    reading
                    for item in group.items
                    if item.id not in ("name", "class") and not (reading := Reading.of(item, entry)).blank
                ],
            )
        )
    return rows


def _enough(row: Mapping[str, Any]) -> str:
    """“Long enough: 6 weeks or 4 sessions”: the trial that the rules ask of this class."""
    found = [
        text % {"n": row[column]}
        for column, text in (
            ("min_weeks", ngettext("%(n)d week", "%(n)d weeks", row.get("min_weeks") or 0)),
            ("min_sessions", ngettext("%(n)d session", "%(n)d sessions", row.get("min_sessions") or 0)),
            (
                "min_weeks_since",
                ngettext("%(n)d week since", "%(n)d weeks since", row.get("min_weeks_since") or 0),
            ),
        )
        if row.get(column)
    ]
    return _("Long enough: %(trial)s") % {"trial": _(" or ").join(found)} if found else ""
