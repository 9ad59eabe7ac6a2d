"""Everything a clinician sees of one case, gathered and put into words.

`case_page` reads (one case, its rows); `CasePage` and its parts are plain values the template
arranges. What is shown is what was judged: the stored assessment and the answers it judged, read
with the versions it names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from screening.cases.certificate import certificate_of
from screening.cases.models import (
    ORDINARY_RANK,
    TO_RING,
    Assessment,
    Case,
    RedFlag,
    Response,
)
from screening.cases.responses import answers_of
from screening.cases.selectors import opening_of
from screening.cases.services import local_date
from screening.cases.workflow import State
from screening.intake import known
from screening.intake.language import name_for_staff
from screening.intake.wording import answer_in_words, date_in_words, dialled
from screening.questionnaires.selectors import compiled, journey_of, questionnaire_of, ruleset_of
from screening.review import policies, words
from screening.review.buttons import OFFERED, Button, buttons_of
from screening.review.case_history import Onlooker, Trail, history_of
from screening.review.case_reading import (
    Criterion,
    Judged,
    Step,
    UrgentAnswer,
    judged,
    steps_of,
    urgent_answers,
)
from screening.review.decision.presenters import Considered
from screening.review.desk.presenters import handed_on
from screening.review.letters.selectors import choices_named, reason_of
from screening.review.measures import Measures, measures_of
from screening.review.newest import Versions
from screening.review.presenters import STATE_KIND, age_on, missing_contact, name_of, waiting_in_words
from screening.review.suggestion import Suggestion
from screening.review.whole import amendments_of
from screening.rules.assessment import Finding
from screening.rules.definition import Questionnaire
from screening.rules.explain import sentence_for
from screening.rules.letters import Choice


@dataclasses.dataclass(frozen=True)
class Contact:
    """How somebody is reached. `tel` is what a phone rings when it is pressed."""

    label: str
    text: str
    tel: str = ""


@dataclasses.dataclass(frozen=True)
class CasePage:
    case: Case
    name: str
    age: int | None
    date_of_birth: str
    contact: list[Contact]
    no_contact: str
    language: str
    state: str
    state_kind: str
    waiting: str
    tier: int | None
    goal: str
    helper: str
    onset: str
    urgent: list[UrgentAnswer]
    ring_by: datetime | None
    judged: Judged
    steps: list[Step]
    assessment: Assessment | None
    suggestion: Suggestion | None
    measures: Measures
    versions: Versions | None
    decisions: list[Considered]
    history: list[dict[str, Any]]
    onlookers: list[Onlooker]
    buttons: list[Button]
    holder: str
    user_id: int
    membership: Membership
    file_items: list[str]

    def standing(self) -> list[UrgentAnswer]:
        return [answer for answer in self.urgent if answer.cleared_at is None and answer.tier < TO_RING]

    def to_ring(self) -> list[UrgentAnswer]:
        """Answers that are not urgent but wait for a call."""
        return [answer for answer in self.urgent if answer.cleared_at is None and answer.tier == TO_RING]

    def offers(self, url_name: str) -> bool:
        """Whether this is a step of the case now, be it possible or not."""
        return any(button.url_name == url_name for button in self.buttons)

    def refusal(self, url_name: str) -> str:
        """Why this cannot be done now; empty when it can."""
        if url_name in OFFERED and not self.offers(url_name):
            return _("This cannot be done with the case as it stands now.")
        return next((button.refused for button in self.buttons if button.url_name == url_name), "")

    def health_open(self) -> list[Criterion]:
        """Health questions that stand in the way, or may."""
        return [question for question in self.judged.health if question.verdict != "met"]

    def health_met(self) -> list[Criterion]:
        return [question for question in self.judged.health if question.verdict == "met"]

    def health_summary(self) -> str:
        n = len(self.health_met())
        return ngettext(
            "%(n)d health question that does not exclude", "%(n)d health questions that do not exclude", n
        ) % {"n": n}

    def high_cautions(self) -> list[tuple[str, str]]:
        return [(caution.code, caution.sentence) for caution in self.judged.cautions if caution.high]

    def documents(self) -> list[tuple[str, str]]:
        """Documents can be asked for at any time, also by somebody who has sent some."""
        asked = dict(self.open_questions())
        return [
            (item, _("A document: a letter or a summary")) for item in self.file_items if item not in asked
        ]

    def open_questions(self) -> list[tuple[str, str]]:
        """What a patient may be asked: first what would settle something, then whatever is blank."""
        criteria = (*self.judged.criteria, *self.judged.health)
        settling = {item: text for criterion in criteria for item, text in criterion.settle.items()}
        blank = {r.item: r.question for step in self.steps for r in step.answers if r.blank}
        return list({**settling, **blank}.items())


def case_page(case: Case, *, membership: Membership, at: datetime) -> CasePage:
    """One case, read whole (see `whole`). Judges again what was judged, and says when that differs now."""
    assessment = next(reversed(case.assessments.all()), None)
    response: Response | None = next(iter(case.responses.all()), None)
    version = assessment.questionnaire if assessment else response.version if response else None
    journey = journey_of(version) if version else None
    answers: Mapping[str, Any] = {}
    seen, suggestion, versions = Judged(), None, None
    sentences: dict[str, str] = {}
    if assessment is not None:
        answers = assessment.judged["answers"]
        rules = compiled(assessment.questionnaire, assessment.ruleset)
        certificate = certificate_of(assessment)
        seen = judged(rules, answers, certificate.judgement, assessment.as_of, clinic=case.site.name)
        suggestion = Suggestion.of(assessment, seen)
        versions = Versions.of(certificate, getattr(case, "newest_rules", None))
        sentences = {rule.code: rule.clinician for rule in rules.ruleset.rules}
    elif response is not None:
        answers = answers_of(response)
    today = local_date(at)
    flags = list(case.red_flags.all())
    trail = Trail.of(case)
    opened = trail.opened(membership.user_id)
    patient = case.patient
    born = patient.date_of_birth or answers.get("dob")
    questionnaire = journey.questionnaire if journey else None
    return CasePage(
        case=case,
        name=name_of(patient),
        age=age_on(born, today),
        date_of_birth=date_in_words(born) if born else "",
        contact=_contact(case),
        no_contact=missing_contact(patient),
        language=name_for_staff(response.language) if response and response.language else "",
        state=str(words.STATE[State(case.state)]),
        state_kind=STATE_KIND[State(case.state)],
        waiting=waiting_in_words(case, at=at),
        tier=case.rank if case.rank < ORDINARY_RANK else None,
        goal=str(answers.get("goals") or ""),
        helper=_helper(questionnaire, answers),
        ring_by=_ring_by(case, flags),
        onset=date_in_words(str(answers["onset"])) if answers.get("onset") else "",
        urgent=urgent_answers(_forms_of(case, questionnaire), flags, sentences),
        judged=seen,
        steps=steps_of(
            journey,
            answers,
            assessment.as_of if assessment else today,
            clinic=case.site.name,
            amendments=amendments_of(case),
        )
        if journey
        else [],
        assessment=assessment,
        suggestion=suggestion,
        measures=measures_of(case),
        versions=versions,
        decisions=_decisions(case),
        history=history_of(case, [*trail.alerts(), *handed_on(case.handovers.all())]),
        onlookers=trail.onlookers(),
        buttons=buttons_of(case, membership, flags=flags, at=at, opened=opened),
        user_id=membership.user_id,
        membership=membership,
        holder=_holder(case, membership, at=at),
        file_items=[item.id for item in questionnaire.items() if item.type == "attachment"]
        if questionnaire
        else [],
    )


def _forms_of(case: Case, questionnaire: Questionnaire | None) -> list[Questionnaire]:
    """The version that was judged, after those of later forms: its own words come last and hold."""
    later = [questionnaire_of(each.version) for each in case.responses.all() if each.occasion]
    return [*later, questionnaire] if questionnaire else later


def _decisions(case: Case) -> list[Considered]:
    """Each in the words of what it was about: a caution that was weighed may be gone after a correction."""
    made = list(case.decisions.all())
    choices: dict[str, Choice] = {}
    cautions: dict[str, str] = {}
    for assessment in case.assessments.all() if made else ():
        ruleset = ruleset_of(assessment.ruleset)
        choices |= {rule.code: reason_of(rule) for rule in ruleset.rules if rule.effect == "exclude"}
        for each in assessment.result["cautions"]:
            finding = Finding(each["code"], each["rule"], each["effect"], element=each.get("element"))
            cautions[finding.code] = sentence_for(ruleset, finding)
    choices |= {choice.code: choice for choice in choices_named(case, made)}
    named = list(choices.values())
    return [Considered.of(decision, cautions=list(cautions.items()), choices=named) for decision in made]


def _helper(questionnaire: Questionnaire | None, answers: Mapping[str, Any]) -> str:
    """Who fills in for the patient, and by what authority; empty when the patient does."""
    if questionnaire is None or answers.get(known.HELPER) != known.HELPING:
        return ""
    item = next((item for item in questionnaire.items() if item.id == known.HELPER_AUTHORITY), None)
    authority = answer_in_words(item, answers.get(known.HELPER_AUTHORITY)) if item else ""
    name, relation = answers.get(known.HELPER_NAME), answers.get(known.HELPER_RELATION)
    who = _("%(name)s (%(relation)s)") % {"name": name, "relation": relation} if name and relation else name
    who = who or _("Somebody else")
    if item is None or not authority:
        return _("%(who)s fills in this form. They have not said yet by what authority.") % {"who": who}
    said = f"{item.text} {authority}"
    return _("%(who)s filled in this form. They said: “%(said)s”.") % {"who": who, "said": said}


def _ring_by(case: Case, flags: list[RedFlag]) -> datetime | None:
    """Until when the clinic means to have rung: the end of its next working day, as for tier 3."""
    waiting = [flag.raised_at for flag in flags if flag.tier == TO_RING and flag.cleared_at is None]
    return opening_of(case.site).days_after(min(waiting), case.site.tier_3_days) if waiting else None


def _holder(case: Case, membership: Membership, *, at: datetime) -> str:
    """Who works on the case; empty when nobody does, as on the worklist."""
    if policies.holds(membership, case, at=at):
        return _("You")
    return case.claimed_by.name if case.claimed_by and not policies.lapsed(case, at=at) else ""


def _contact(case: Case) -> list[Contact]:
    patient = case.patient
    rows = [
        Contact(_("Phone"), patient.phone or "", tel=dialled(patient.phone or "")),
        Contact(_("Email"), patient.email or ""),
        Contact(_("NHS number"), patient.nhs_number or ""),
        Contact(_("Lives in"), patient.get_nation_display() if patient.nation else ""),
    ]
    return [row for row in rows if row.text]
