"""The treatments somebody has tried, and why each counts or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.intake.wording import answer_in_words
from screening.review import words
from screening.review.reading import Reading
from screening.rules.assess import Assessment as Judgement
from screening.rules.compiled import CompiledRuleSet

CLASSES = "treatment_classes"  # the table of the rule set with the shortest adequate trial of each class


@dataclasses.dataclass(frozen=True)
class Treatment:
    """One entry; `enough` is the shortest trial after which its class counts, in words.

    `facts` are all that is asked of such an entry: what decides may be what was left blank.
    """

    name: str
    kind: str
    verdict: str
    enough: str
    facts: list[Reading]


def treatments_of(
    compiled: CompiledRuleSet, answers: Mapping[str, Any], judgement: Judgement, as_of: date
) -> list[Treatment]:
    questionnaire, ruleset = compiled.questionnaire, compiled.ruleset
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
        asked = {item.id for item in compiled.journey.items_of_entry(group.id, entry, as_of)}
        rows.append(
            Treatment(
                name=str(entry.get("name") or _("No name given")),
                kind=answer_in_words(kind, entry.get("class")) if kind else "",
                verdict=str(words.TREATMENT.get(verdict, verdict)),
                enough=_enough(classes.get(entry.get("class"), {})),
                facts=[
                    reading
                    for item in group.items
                    if item.id not in ("name", "class")
                    and (not (reading := Reading.of(item, entry)).blank or item.id in asked)
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
