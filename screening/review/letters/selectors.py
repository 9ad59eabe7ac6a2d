"""Drafts of letters: the published texts, filled in for one case and one outcome."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from screening.cases.models import Case, Decision
from screening.cases.services import local_date
from screening.intake.wording import date_in_words
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import NothingPublished, letters_of, published, ruleset_of
from screening.review.models import Addressee, Letter
from screening.review.presenters import name_of
from screening.rules.definition import Rule
from screening.rules.letters import Choice, Letters, filled

BULLET = "• "


@dataclasses.dataclass(frozen=True)
class Draft:
    """What each letter would say, and the version it is made from. The GP's is empty where none may go."""

    version: DefinitionVersion
    patient: str
    gp: str


def letters_version(case: Case) -> DefinitionVersion:
    """The published letters of the site. Raises NothingPublished."""
    return published(site=case.site, kind=Kind.LETTERS)


def reasons_of(case: Case) -> list[Choice]:
    """What a letter may give as reasons: what the rules found first, then every other reason there is."""
    letters = letters_of(letters_version(case))
    known = {choice.code: choice for choice in letters.reasons}
    assessment = case.assessments.select_related("ruleset").latest("id")
    ruleset = ruleset_of(assessment.ruleset)
    found = []
    for each in assessment.result["exclusions"]:
        rule = ruleset.rule(each["rule"])
        if each["code"] in known:
            found.append(known[each["code"]])
        elif rule.patient:
            found.append(reason_of(rule))
    return [*found, *(choice for choice in letters.reasons if choice not in found)]


def reason_of(rule: Rule) -> Choice:
    """A rule as a reason of its own, where the letters have none for it."""
    return Choice(code=rule.code, title=rule.title or rule.clinician, text=rule.patient or rule.clinician)


def help_of(case: Case) -> Sequence[Choice]:
    return letters_of(letters_version(case)).help


def drafted(case: Case, outcome: str, considered: Mapping[str, Any], *, at: Any) -> Draft:
    """`considered` holds the codes of the reasons and of the other help that a clinician ticked."""
    version = letters_version(case)
    letters = letters_of(version)
    reasons = _chosen(reasons_of(case), considered.get("reasons") or ())
    other_help = _chosen(letters.help, considered.get("help") or ())
    patient, site = case.patient, case.site
    values = {
        "clinic": site.name,
        "name": name_of(patient),
        "born": date_in_words(patient.date_of_birth) if patient.date_of_birth else "",
        "reference": case.reference,
        "date": date_in_words(local_date(at).isoformat()),
        "phone": site.phone,
        "hours": site.opening_hours,
        "reasons": _bullets(choice.text for choice in reasons),
        "change": _under(letters.change_title, [choice.change for choice in reasons if choice.change]),
        "help": _under(letters.help_title, [choice.text for choice in other_help]),
    }
    to_gp = Addressee.GP if patient.gp_sharing_agreed else None
    return Draft(
        version,
        patient=_text(letters, outcome, Addressee.PATIENT, values),
        gp=_text(letters, outcome, to_gp, values) if to_gp else "",
    )


def numbered(case: Case) -> list[tuple[int, Letter]]:
    """The letters of a case with the numbers that their pages have for staff."""
    rows = case.letters.select_related("author", "made_by", "template")
    return list(enumerate(rows, start=1))


def choices_named(case: Case, decisions: Iterable[Decision]) -> list[Choice]:
    """What the codes that were ticked stand for; nothing is read where none was."""
    said = [decision.considerations or {} for decision in decisions]
    if not any(each.get("reasons") or each.get("help") for each in said):
        return []
    try:
        letters = letters_of(letters_version(case))
    except NothingPublished:
        return []
    return [*letters.reasons, *letters.help]


def drafted_from(decisions: Iterable[Decision], outcome: str) -> Mapping[str, Any]:
    """The codes that were ticked for this outcome by whoever decided it first."""
    return next((d.considerations or {} for d in decisions if d.outcome == outcome), {})


def _chosen(choices: Iterable[Choice], codes: Collection[str]) -> list[Choice]:
    return [choice for choice in choices if choice.code in codes]


def _text(letters: Letters, outcome: str, to: str, values: dict[str, str]) -> str:
    letter = letters.letter(outcome, to)
    return filled(letter.text, values) if letter else ""


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"{BULLET}{text}" for text in texts)


def _under(title: str, texts: Iterable[str]) -> str:
    """Said once each, under their title; nothing when there is nothing to say."""
    said = list(dict.fromkeys(texts))
    return f"{title}\n{_bullets(said)}" if said else ""
