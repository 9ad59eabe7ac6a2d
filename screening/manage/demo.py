"""A fictional clinic, made through the same services as a real one. For the demo only."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership, Role, Site, User
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import local_date, locked
from screening.cases.workflow import State
from screening.intake.filling import fill_in
from screening.intake.services import issue_link, open_link, withdraw
from screening.manage import demo_follow_up as follow_up
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.selectors import intake_versions, ruleset_of
from screening.questionnaires.services import draft_version, publish_version
from screening.review import services as review
from screening.review.decision import services as deciding
from screening.review.decision.policies import round_of
from screening.review.desk.models import CallResult
from screening.review.desk.services import record_call
from screening.review.letters.selectors import drafted, drafted_from
from screening.review.letters.services import Written
from screening.review.room import services as room
from screening.review.room.selectors import look_due_on

SEED = Actor.system("seed")
Staff = Mapping[str, Membership]


def make_clinic(content: Mapping[str, Any], *, at: datetime) -> tuple[Site, Staff, list[dict[str, str]]]:
    """The site, its people by key, and how each signs in. Everything or nothing."""
    with transaction.atomic():
        site = Site.objects.create(**content["site"], is_fictional=True)
        staff: dict[str, Membership] = {}
        sign_ins = []
        for person in content["people"]:
            password = f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(900) + 100}"
            user = User.objects.create_user(email=person["email"], name=person["name"], password=password)
            TOTP.activate(user, generate_totp_secret())
            register = person.get("register", {})
            staff[person["key"]] = Membership.objects.create(
                user=user,
                site=site,
                role=person["role"],
                specialist_register=register.get("number"),
                specialty=register.get("specialty"),
                register_checked_on=local_date(at) if register else None,
            )
            sign_ins.append(
                {
                    "role": str(Role(person["role"]).label),
                    "email": user.email,
                    "password": password,
                    "name": user.name,
                }
            )
        publish_defaults(site, author=staff["questionnaires"], approver=staff["lead"], at=at)
        record(Event.DATA_SEEDED, by=SEED, at=at, site=site)
    return site, staff, sign_ins


# Passwords of a demo are read off one screen and typed into another.
WORDS = ["harbour", "lantern", "meadow", "copper", "willow", "saddle", "button", "garden", "violet", "timber"]


def publish_defaults(site: Site, *, author: Membership, approver: Membership, at: datetime) -> None:
    """The shipped definitions, drafted by one person and approved by another, as for a real clinic."""
    for kind in (Kind.QUESTIONNAIRE, Kind.RULESET, Kind.MESSAGES, Kind.LETTERS, Kind.SCHEDULE):
        draft = draft_version(
            site=site,
            kind=kind,
            content=seed_content(kind),
            by=Actor.staff(author),
            at=at - timedelta(days=181),
        )
        publish_version(version=draft, by=Actor.staff(approver), at=at - timedelta(days=180))


def make_cases(
    site: Site, staff: Staff, stories: Sequence[Mapping[str, Any]], *, at: datetime
) -> Iterator[Case]:
    """One case for each story, yielded as it is made. Each is made whole or not at all."""
    _questionnaire, ruleset = intake_versions(site=site)
    baseline = ruleset_of(ruleset).baseline
    for story in stories:
        with transaction.atomic():
            yield _make_case(site, staff, story, baseline, at=at)


def _make_case(
    site: Site, staff: Staff, story: Mapping[str, Any], baseline: Mapping[str, Any], *, at: datetime
) -> Case:
    when = at - timedelta(days=story["days"], hours=3)
    given, _space, family = story["name"].partition(" ")
    answers = {
        **baseline,
        "dob": story["born"],
        "given_name": given,
        "family_name": family,
        "email": f"{given}.{family}@example.org".lower().replace(" ", "").replace("'", ""),
        "phone": "07700 900123",
        "contact_email": True,
        "reminders_on": True,
        "goals": story["goal"] or None,
        **{item: _dated(value, when) for item, value in story["change"].items()},
    }
    answers["conditions"] = [answers["main_condition"]]
    path = list(story.get("path", []))
    stop = next((step.split()[1] for step in path if step.startswith("draft ")), None)
    case = fill_in(site=site, answers=answers, at=when, until=stop)
    if stop is None:
        token = issue_link(case=case, by=SEED, at=when, email_hash=case.patient.email_hash)
        open_link(token=token, date_of_birth=date.fromisoformat(story["born"]), at=when)  # proves the address
    steps = [step for step in path if not step.startswith("draft ")]
    for number, step in enumerate(steps, start=1):
        if step.partition(" ")[0] in follow_up.STEPS:
            follow_up.go_on(step, case, staff["clinician"], story, answers, when=when, at=at)
            case.refresh_from_db()
            continue
        # Who took a case last took it today: a claim lapses after some hours.
        late = step == "claim" and number == len(steps)
        _take(
            step, case, staff, at=at - timedelta(hours=1) if late else when + timedelta(minutes=40 * number)
        )
        case.refresh_from_db()
    return case


def _dated(value: Any, when: datetime) -> Any:
    """'2 months ago' as a date, counted back from the day of the form."""
    if isinstance(value, str) and value.endswith(" months ago"):
        today = local_date(when)
        year, month = divmod(today.year * 12 + today.month - 1 - int(value.split()[0]), 12)
        return f"{year}-{month + 1:02}-{min(today.day, 28):02}"
    return value


def _take(step: str, case: Case, staff: Staff, *, at: datetime) -> None:
    """One step of a story, as the person who would take it."""
    if step in ("withdraw", "reply", "another-look"):
        _take_as_patient(step, case, at=at)
        return
    by_lead = step.partition(" ")[0] in ("agree", "disagree", "return")
    membership = staff["second lead" if step.startswith("settle") else "lead" if by_lead else "clinician"]
    by = Actor.staff(membership)
    record(Event.CASE_VIEWED, by=by, at=at, site=case.site, case=case.reference, patient=case.patient_id)
    with transaction.atomic():
        who: dict[str, Any] = {
            "case": case,
            "seen": locked(case).lock,
            "membership": membership,
            "by": by,
            "at": at,
        }
        _act(step, case, who)


def _take_as_patient(step: str, case: Case, *, at: datetime) -> None:
    by = Actor.patient(case.patient_id)
    match step:
        case "withdraw":
            withdraw(case=case, by=by, at=at)
        case "reply":
            text = "My GP will send the letter on Monday. Is that soon enough?"
            room.reply(case=case, key=uuid4(), text=text, by=by, at=at)
        case "another-look":
            room.ask_for_look(
                case=case,
                reason="My pain has been much worse since I sent the form.",
                due_on=look_due_on(case, at=at),
                by=by,
                at=at,
            )


def _act(step: str, case: Case, who: dict[str, Any]) -> None:
    name, _space, outcome = step.partition(" ")
    match name:
        case "claim":
            review.claim(**who)
        case "clear":
            call = record_call(
                key=uuid4(),
                result=CallResult.ADVICE_GIVEN,
                text="Rang at once. They were already on the way to their GP.",
                **{name: value for name, value in who.items() if name != "seen"},
            )
            review.clear_red_flags(call=call, reason="Seen by the GP the same day, nothing found.", **who)
        case "ask":
            review.ask_patient(items=[], text="Please send us the letter with your diagnosis.", **who)
        case "decide":
            deciding.decide(
                outcome=State(outcome),
                reason=REASONS[State(outcome)],
                considerations=CONSIDERATIONS,
                cautions_answered={
                    code: {"choice": "no_bar", "words": "Talked through with the patient."}
                    for code in deciding.high_cautions(case.assessments.latest("id"))
                },
                **who,
            )
        case "agree" | "settle":
            deciders = round_of(case)
            chosen = State(outcome or deciders[0].outcome)
            draft = drafted(case, chosen, drafted_from(deciders, chosen), at=who["at"])
            said: dict[str, Any] = {
                "reason": "I have read the answers and agree.",
                "letters": Written(draft.patient, draft.gp, draft.version),
            }
            if name == "settle":
                deciding.settle(outcome=chosen, **said, **who)
            else:
                deciding.review_second(says=deciding.Says.AGREE, **said, **who)
        case "disagree":
            deciding.review_second(
                says=deciding.Says.DISAGREE,
                outcome=State(outcome),
                reason="The letter of the consultant says otherwise.",
                letters=Written(),
                **who,
            )
        case "return":
            deciding.review_second(
                says=deciding.Says.RETURN,
                reason="Please ask which exercises were tried.",
                letters=Written(),
                **who,
            )


REASONS = {
    State.OFFERED_ASSESSMENT: "Long-standing pain, two kinds of treatment tried long enough, records agree.",
    State.DECLINED: "The answers show that the criteria are not met at present. GP to review.",
    State.SIGNPOSTED: "Other help fits better now: see the letter for where to turn.",
}
CONSIDERATIONS = {
    "identity": "yes",
    "records": ["gp_summary", "letter"],
    "records_on": "2026-05",
    "diagnosis": "Letter of a consultant",
    "treatments": "all",
    "options": "A pain management programme, offered",
    "guideline": "NG144 considered: usual options were tried long enough",
    "primary": "NG193 considered: exercise and talking help were tried",
    "capacity": "yes",
    "gp": "letter",
    "reasons": ["REASON_OTHER_CARE_FIRST"],
    "help": ["HELP_GP", "HELP_PAIN_SERVICE"],
}
