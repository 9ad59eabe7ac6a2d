"""Everything a clinician sees of one case, gathered and put into words.

`case_page` reads (one case, its rows); `CasePage` and its parts are plain values the template
arranges. What is shown is what was judged: the stored assessment and the answers it judged, read
with the versions it names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import No
from accounts.models import Membership
from audit.selectors import last_opened
from screening.cases.models import ORDINARY_RANK, Assessment, Case, Decision, RedFlag
from screening.cases.reading import Reading, age_on, read, read_date, read_value
from screening.cases.responses import answers_of
from screening.cases.services import LONDON
from screening.cases.workflow import State
from screening.questionnaires.selectors import compiled, journey_of, questionnaire_of, ruleset_of
from screening.review import policies, words
from screening.review.presenters import STATE_KIND, name_of, waited
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.explain import explain


@dataclasses.dataclass(frozen=True)
class Criterion:
    """One criterion or health question: its verdict, why, and what would settle it."""

    code: str
    title: str
    verdict: str
    sentence: str
    source: str
    answers: list[Reading]
    settle: list[str]


@dataclasses.dataclass(frozen=True)
class Caution:
    code: str
    sentence: str
    source: str
    high: bool
    answers: list[Reading]


@dataclasses.dataclass(frozen=True)
class UrgentAnswer:
    question: str
    answer: str
    tier: int
    raised_at: datetime | None
    read_at: datetime | None
    cleared_at: datetime | None
    cleared_by: str
    cleared_reason: str


@dataclasses.dataclass(frozen=True)
class Treatment:
    name: str
    kind: str
    verdict: str
    facts: list[Reading]


@dataclasses.dataclass(frozen=True)
class Step:
    title: str
    answers: list[Reading]


@dataclasses.dataclass(frozen=True)
class Button:
    """Something that can be done, or the sentence that says why not."""

    text: str
    url_name: str
    refused: str = ""
    posts: bool = False


@dataclasses.dataclass(frozen=True)
class CasePage:
    case: Case
    name: str
    age: int | None
    date_of_birth: str
    contact: list[tuple[str, str]]
    state: str
    state_kind: str
    outcome: str
    underlying: str
    waiting: str
    since: datetime
    goal: str
    onset: str
    tier: int | None
    urgent: list[UrgentAnswer]
    criteria: list[Criterion]
    health: list[Criterion]
    cautions: list[Caution]
    missing: list[tuple[str, str]]
    notes_of_rules: list[str]
    treatments: list[Treatment]
    scores: list[tuple[str, str]]
    steps: list[Step]
    assessment: Assessment | None
    decisions: list[Decision]
    buttons: list[Button]
    held_by_me: bool
    questions: dict[str, str]

    def high_cautions(self) -> list[tuple[str, str]]:
        return [(caution.code, caution.sentence) for caution in self.cautions if caution.high]

    def open_questions(self) -> list[tuple[str, str]]:
        """Questions that are blank or would settle something: what a patient may be asked."""
        wanted = [item for criterion in (*self.criteria, *self.health) for item in criterion.settle]
        blank = [reading.item for step in self.steps for reading in step.answers if reading.blank]
        return [(item, self.questions[item]) for item in dict.fromkeys((*wanted, *blank)) if item in self.questions]

    def settling(self) -> dict[str, str]:
        return self.questions

    def letter_draft(self) -> str:
        """A letter to start from. The reasons are the clinician's own, written in."""
        first = next((d for d in reversed(self.decisions) if d.stage == "first"), None)
        if first is None or not first.outcome:
            return ""
        opening = LETTER[State(first.outcome)]
        return "\n\n".join(
            [
                _("Thank you for sending us your answers. Two clinicians have read them."),
                str(opening),
                str(_("The reasons are:")),
                first.reason,
                _(
                    "Rules helped us to sort your form, but people made this decision. If you do not agree, "
                    "or something has changed, tell us and a different clinician will look again."
                ),
                _("Do not stop or change any medicine without speaking to the person who prescribed it."),
            ]
        )


LETTER = {
    State.OFFERED_ASSESSMENT: _(
        "We would like to offer you an appointment for a specialist assessment. At the appointment a "
        "specialist will look at all suitable options with you."
    ),
    State.DECLINED: _("We cannot offer you an assessment at this clinic at the moment."),
    State.SIGNPOSTED: _("We think that other help would suit you better at the moment."),
}


def case_page(case: Case, *, membership: Membership, at: datetime) -> CasePage:
    today = at.astimezone(LONDON).date()
    assessment = case.assessments.select_related("questionnaire", "ruleset").last()
    response = case.responses.select_related("version").order_by("started_at").first()
    version = assessment.questionnaire if assessment else response.version if response else None
    answers: Mapping[str, Any] = (
        assessment.judged["answers"] if assessment else answers_of(response) if response else {}
    )
    questionnaire = questionnaire_of(version) if version else None
    flags = list(case.red_flags.select_related("cleared_by"))
    decisions = list(case.decisions.select_related("clinician"))
    result: Mapping[str, Any] = assessment.result if assessment else {}
    criteria, health, cautions, missing, notes = [], [], [], [], []  # type: ignore[var-annotated]
    treatments: list[Treatment] = []
    scores: list[tuple[str, str]] = []
    if assessment is not None and questionnaire is not None:
        ruleset = ruleset_of(assessment.ruleset)
        why = explain(
            compiled(assessment.questionnaire, assessment.ruleset), answers, result, assessment.as_of
        )
        criteria, health = _criteria(ruleset, questionnaire, answers, result, why)
        cautions = _cautions(ruleset, questionnaire, answers, result, why)
        missing = _missing(ruleset, result)
        notes = [_sentence(ruleset, finding) for finding in result.get("notes", [])]
        treatments = _treatments(questionnaire, answers, result)
        scores = _scores(questionnaire, result)
    opened_at = last_opened(site=case.site, reference=case.reference, user_id=membership.user_id)
    patient = case.patient
    return CasePage(
        case=case,
        name=name_of(patient),
        age=age_on(patient.date_of_birth, today),
        date_of_birth=read_date(patient.date_of_birth) if patient.date_of_birth else "",
        contact=_contact(case),
        state=str(words.STATE[State(case.state)]),
        state_kind=STATE_KIND[State(case.state)],
        outcome=case.outcome,
        underlying=case.underlying,
        waiting=waited(case.waiting_since, at),
        since=case.waiting_since,
        goal=str(answers.get("goals") or ""),
        onset=read_date(str(answers["onset"])) if answers.get("onset") else "",
        tier=case.rank if case.rank < ORDINARY_RANK else None,
        urgent=_urgent(questionnaire, flags),
        criteria=criteria,
        health=health,
        cautions=cautions,
        missing=missing,
        notes_of_rules=notes,
        treatments=treatments,
        scores=scores,
        steps=_steps(questionnaire, version, answers, today) if questionnaire and version else [],
        assessment=assessment,
        decisions=decisions,
        buttons=_buttons(case, membership, flags=flags, at=at, opened_at=opened_at),
        held_by_me=policies.holds(membership, case, at=at),
        questions={item.id: item.text for item in questionnaire.items()} if questionnaire else {},
    )


def _contact(case: Case) -> list[tuple[str, str]]:
    patient = case.patient
    rows = [
        (_("Phone"), patient.phone),
        (_("Email"), patient.email),
        (_("NHS number"), patient.nhs_number),
        (_("Lives in"), patient.get_nation_display() if patient.nation else None),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _sentence(ruleset: RuleSet, finding: Mapping[str, Any]) -> str:
    sentence = ruleset.rule(finding["rule"]).clinician
    element = finding.get("element")
    return f"{sentence} ({element})" if element else sentence


def _read_items(questionnaire: Questionnaire, answers: Mapping[str, Any], ids: Any) -> list[Reading]:
    """The answers behind a verdict. A list of entries is shown by its own table, so only counted here."""
    found = []
    for item_id in ids:
        try:
            item = questionnaire.item(item_id)
        except KeyError:
            continue
        if item.type == "group":
            entries = answers.get(item_id)
            text = _("Not answered") if entries is None else _("%(n)d entered") % {"n": len(entries)}
            found.append(Reading(item.id, item.text, text, blank=entries is None))
        elif item.holds_an_answer:
            found.append(read(item, answers))
    return found


def _criteria(
    ruleset: RuleSet,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    result: Mapping[str, Any],
    why: Mapping[str, Any],
) -> tuple[list[Criterion], list[Criterion]]:
    """The criteria in their order, and the exclusions that belong to none of them."""
    verdicts = {verdict["code"]: verdict for verdict in result["verdicts"]}
    criteria = []
    for criterion in ruleset.criteria:
        rules = [rule for rule in ruleset.rules if rule.criterion == criterion.id]
        criteria.append(_criterion(criterion.id, criterion.title, rules, verdicts, questionnaire, answers, why))
    health = [
        _criterion(rule.code, rule.title or rule.code, [rule], verdicts, questionnaire, answers, why)
        for rule in ruleset.rules
        if rule.effect == "exclude" and rule.criterion is None
    ]
    return criteria, health


def _criterion(
    code: str,
    title: str,
    rules: list[Any],
    verdicts: Mapping[str, Any],
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    why: Mapping[str, Any],
) -> Criterion:
    """Not met when a rule that excludes is true; cannot tell when one is unknown or something is missing."""
    not_met = [r for r in rules if r.effect == "exclude" and verdicts[r.code]["verdict"] == "true"]
    unknown = [
        r
        for r in rules
        if verdicts[r.code]["verdict"] == "unknown"
        or (r.effect == "more_info" and verdicts[r.code]["verdict"] == "true")
    ]
    decisive = not_met or unknown or rules
    verdict = "not_met" if not_met else "unknown" if unknown else "met"
    read_ids = dict.fromkeys(item for r in decisive for item in why[r.code].read)
    settle = dict.fromkeys(item for r in unknown for item in why[r.code].would_settle) if verdict == "unknown" else {}
    return Criterion(
        code=code,
        title=title,
        verdict=verdict,
        sentence=" ".join(r.clinician for r in decisive) if verdict != "met" else "",
        source="; ".join(dict.fromkeys(r.source for r in decisive)),
        answers=_read_items(questionnaire, answers, read_ids),
        settle=list(settle),
    )


def _cautions(
    ruleset: RuleSet,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    result: Mapping[str, Any],
    why: Mapping[str, Any],
) -> list[Caution]:
    cautions = [
        Caution(
            code=finding["code"],
            sentence=_sentence(ruleset, finding),
            source=ruleset.rule(finding["rule"]).source,
            high=finding["effect"] == "high_caution",
            answers=_read_items(questionnaire, answers, why[finding["rule"]].read),
        )
        for finding in result["cautions"]
    ]
    return sorted(cautions, key=lambda caution: not caution.high)


def _missing(ruleset: RuleSet, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(code, sentence) of what is missing or contradictory."""
    found = []
    for finding in result["missing"]:
        rule = ruleset.rule(finding["rule"])
        contradicts = rule.effect == "contradiction"
        found.append((finding["code"], rule.clinician if contradicts else rule.patient or rule.clinician))
    return found


def _treatments(
    questionnaire: Questionnaire, answers: Mapping[str, Any], result: Mapping[str, Any]
) -> list[Treatment]:
    entries = answers.get("treatments") or []
    verdicts = result["outputs"].get("treatment_verdicts") or []
    try:
        group = questionnaire.item("treatments")
    except KeyError:
        return []
    rows = []
    for number, entry in enumerate(entries):
        verdict = verdicts[number] if number < len(verdicts) else "UNKNOWN"
        kind = group.inner("class")
        rows.append(
            Treatment(
                name=str(entry.get("name") or _("No name given")),
                kind=read_value(kind, entry.get("class")) if kind else "",
                verdict=str(words.TREATMENT.get(verdict, verdict)),
                facts=[
                    reading
                    for item in group.items
                    if item.id not in ("name", "class") and not (reading := read(item, entry)).blank
                ],
            )
        )
    return rows


def _scores(questionnaire: Questionnaire, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    values = result["outputs"]
    return [
        (score.title, _("No score: an answer is missing") if values.get(score.id) is None else str(values[score.id]))
        for score in questionnaire.scores
        if score.id in values
    ]


def _urgent(questionnaire: Questionnaire | None, flags: list[RedFlag]) -> list[UrgentAnswer]:
    found = []
    for flag in flags:
        question, answer = flag.item, flag.answer
        if questionnaire is not None:
            try:
                item = questionnaire.item(flag.item)
                value: Any = int(flag.answer) if item.type == "integer" else flag.answer
                question, answer = item.text, read_value(item, value)
            except (KeyError, ValueError):
                pass
        found.append(
            UrgentAnswer(
                question=question,
                answer=answer,
                tier=flag.tier,
                raised_at=flag.raised_at,
                read_at=flag.read_at,
                cleared_at=flag.cleared_at,
                cleared_by=flag.cleared_by.name if flag.cleared_by else "",
                cleared_reason=flag.cleared_reason or "",
            )
        )
    return found


def _steps(questionnaire: Questionnaire, version: Any, answers: Mapping[str, Any], today: date) -> list[Step]:
    """Every question that was asked, by step; blank ones are there and say so."""
    asked = {page.id for page in journey_of(version).pages_for(answers, today)}
    steps = []
    for step in questionnaire.steps:
        found = [
            reading
            for page in questionnaire.pages
            if page.step == step.id and page.id in asked
            for reading in _read_items(questionnaire, answers, [item.id for item in page.items])
        ]
        if found:
            steps.append(Step(step.title, found))
    return steps


def _buttons(
    case: Case, membership: Membership, *, flags: list[RedFlag], at: datetime, opened_at: datetime | None
) -> list[Button]:
    standing = sum(flag.cleared_at is None for flag in flags)
    state = State(case.state)
    held = policies.holds(membership, case, at=at)
    offered = []
    if held:
        offered.append((_("Put it back on the list"), "case-release", policies.may_release(membership, case, at=at), True))
    elif case.closed_at is None:
        offered.append((_("Work on this case"), "case-claim", policies.may_claim(membership, case, at=at), True))
    if standing:
        offered.append((_("Record what was done"), "case-clear", policies.may_clear(membership, case, at=at), False))
    if state in (State.AWAITING_REVIEW, State.AWAITING_INFO, State.URGENT_HOLD):
        may_decide = policies.may_decide(membership, case, at=at, standing=standing, opened_at=opened_at)
        offered.append((_("Record your decision"), "case-decide", may_decide, False))
        offered.append((_("Ask the patient"), "case-ask", policies.may_ask(membership, case, at=at), False))
    if state == State.CLINICIAN_REVIEWED:
        may_second = policies.may_review_second(membership, case, opened_at=opened_at)
        offered.append((_("Second review"), "case-second", may_second, False))
    return [
        Button(text, url, answer.reason if isinstance(answer, No) else "", posts)
        for text, url, answer, posts in offered
    ]
