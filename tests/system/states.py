"""Every state of every page a patient meets, as a table: its name, and how it is reached.

A new page needs a row here: `test_every_state.py` fails for a template that nobody visits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from accounts.actors import Actor
from screening.cases.models import Case
from screening.followup.optout import optout_address
from screening.intake import middleware, services, session
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import baseline, draft, finished_draft, response_of, submitted_case
from tests.factories.people import make_site
from tests.guards.world import decided, urgent_draft
from tests.system.answers import ANSWERS
from tests.system.stage import Stage
from tests.system.walker import PDF, SAVE, Patient

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwe"
LONG = {
    "goals": ("I want to walk to the shop and back without having to sit down. " * 8)[:500],
    "given_name": "Wolfeschlegelsteinhausenbergerdorff" * 3,
    "dx_where": LONG_WORD * 4,
    "meds": [LONG_WORD * 2, "Paracetamol", "Amlodipine 5 mg in the morning and 2.5 mg at night " * 3],
    "allergies": LONG_WORD * 8,
}
NOTE = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Not a letter"}


@dataclass(frozen=True)
class State:
    """What a page looks like in one situation. `wrong` ones say so in their title and their summary."""

    name: str
    reach: Callable[[Stage], Patient]
    wrong: bool = False


def pressing(sam: Patient, button: str = SAVE, **typed: Any) -> Patient:
    sam.fills(typed)
    sam.presses(button)
    return sam


def following(sam: Patient, *links: str) -> Patient:
    for link in links:
        sam.follows(link)
    return sam


def _too_young(stage: Stage) -> Patient:
    child = timezone.localdate() - dt.timedelta(days=365 * 12)
    return pressing(_two_facts(stage), "Continue", dob=child.isoformat(), nation="wales")


def _two_facts(stage: Stage) -> Patient:
    return stage.visitor(f"/clinic/{stage.clinic.slug}/start/")


def _saved_elsewhere(sam: Patient, **typed: str) -> Patient:
    """The same page is open twice; the other one is saved first."""
    other = sam.context.new_page()
    other.goto(sam.page.url)
    for page in (other, sam.page):
        for name, value in typed.items():
            page.locator(f"[name={name}]").fill(value if page is other else f"{value} again")
        with page.expect_navigation():
            page.get_by_role("button", name=SAVE).click()
    other.close()
    assert "changed somewhere else" in sam.heading()
    return sam


def _advice(stage: Stage) -> Patient:
    return stage.with_form(urgent_draft(stage.clinic, at=timezone.now()), "/form/advice/")


def _entry_saved_elsewhere(stage: Stage) -> Patient:
    return _saved_elsewhere(stage.finished("/form/treatments/1/?part=2"), name="Naproxen")


def _letter(stage: Stage) -> Patient:
    return stage.with_form(decided(stage.clinic, at=timezone.now()), "/room/letter/1/")


def _withdrawn(stage: Stage) -> Patient:
    case = submitted_case(stage.clinic)
    services.withdraw(case=case, by=Actor.patient(case.patient_id), at=timezone.now())
    return stage.with_form(response_of(case), "/form/sent/")


def _came_back_late(stage: Stage) -> Patient:
    """The session ended while the page was open; what was typed is kept until the date of birth is given."""
    sam = stage.before("goals")
    before, session.IDLE = session.IDLE, dt.timedelta(0)
    try:
        return pressing(sam, goals="Walk to the shop")
    finally:
        session.IDLE = before


def _sent_elsewhere(stage: Stage) -> Patient:
    """The form was sent from another window while this page was open."""
    response = finished_draft(stage.clinic, **baseline())
    sam = stage.with_form(response, "/form/goals/")
    services.submit(response=response, by=Actor.patient(response.patient_id), at=timezone.now())
    return pressing(sam, goals="Walk to the shop")


def _other_form(stage: Stage) -> Patient:
    sam = stage.before("goals")
    stage.opens(sam, draft(stage.clinic))
    return pressing(sam, goals="Walk to the shop")


def _reminder(stage: Stage) -> Patient:
    at = timezone.now()
    case: Case = reachable_case(stage.clinic, at=at - dt.timedelta(days=3))
    return stage.visitor(urlsplit(optout_address(planned(case, at=at, step="FU03"))).path)


def _stopped(stage: Stage) -> Patient:
    sam = _reminder(stage)
    with sam.page.expect_navigation():
        sam.page.get_by_role("button").click()
    return sam


def _forged(stage: Stage) -> Patient:
    sam = stage.before("goals")
    sam.context.clear_cookies(name="csrf")
    return pressing(sam)


def _too_large(stage: Stage) -> Patient:
    sam = stage.before("record-files", records="uploaded")
    before, middleware.LARGEST_REQUEST = middleware.LARGEST_REQUEST, 100
    try:
        return pressing(sam, "Add this file", record_files=PDF)
    finally:
        middleware.LARGEST_REQUEST = before


def _link_sent(stage: Stage) -> Patient:
    return pressing(stage.before("goals"), "Save and come back later")


def _write_down(stage: Stage) -> Patient:
    return stage.with_form(draft(stage.clinic, until="goals"), "/form/code/")


def _not_open(stage: Stage) -> Patient:
    site = make_site(name="Second Clinic")
    return stage.visitor(f"/clinic/{site.slug}/start/")


def _several_clinics(stage: Stage) -> Patient:
    make_site(name="Third Clinic")
    return stage.visitor("/")


STATES = (
    # What anybody may read
    State("start", lambda s: s.visitor(f"/clinic/{s.clinic.slug}/")),
    State("privacy", lambda s: s.visitor(f"/clinic/{s.clinic.slug}/privacy/")),
    State("accessibility", lambda s: s.visitor(f"/clinic/{s.clinic.slug}/accessibility/")),
    State("nothing here", lambda s: s.visitor("/clinic/nowhere/")),
    State("two facts", _two_facts),
    State("two facts, blank", lambda s: pressing(_two_facts(s), "Continue"), wrong=True),
    State("too young", _too_young),
    State("link, whichever", lambda s: s.visitor("/go/" + "x" * 43 + "/")),
    State("link, no date", lambda s: pressing(s.visitor("/go/" + "x" * 43 + "/"), "Continue"), wrong=True),
    State(
        "link, wrong date",
        lambda s: pressing(s.visitor("/go/" + "x" * 43 + "/"), "Continue", date_of_birth=ANSWERS["dob"]),
        wrong=True,
    ),
    State("code", lambda s: s.visitor("/code/")),
    State("code, blank", lambda s: pressing(s.visitor("/code/"), "Continue"), wrong=True),
    State(
        "code, refused",
        lambda s: pressing(
            s.visitor("/code/"), "Continue", code="ABCDEFGHJKMN", date_of_birth=ANSWERS["dob"]
        ),
        wrong=True,
    ),
    State("time is over", lambda s: s.visitor("/form/goals/")),
    State("nothing to leave", lambda s: s.visitor("/form/leave/")),
    # Questions of each kind: empty, wrong, filled in
    State("choice", lambda s: s.before("rf-saddle")),
    State("choice, blank", lambda s: pressing(s.before("rf-bladder")), wrong=True),
    State("choice, answered", lambda s: s.finished("/form/rf-saddle/")),
    State("helper", lambda s: s.before("who-is-helping", helper="helping")),
    State("helper, blank", lambda s: pressing(s.before("who-is-helping", helper="helping")), wrong=True),
    State("not in the UK", lambda s: pressing(s.before("where-you-live"), uk_resident="no")),
    State("contact", lambda s: s.before("your-contact")),
    State("contact, blank", lambda s: pressing(s.before("your-contact")), wrong=True),
    State(
        "contact, wrong",
        lambda s: pressing(s.before("your-contact"), phone="123", email="sam at example"),
        wrong=True,
    ),
    State(
        "answer, changed elsewhere",
        lambda s: _saved_elsewhere(s.finished("/form/goals/"), goals="Walk to the shop"),
    ),
    State("scales", lambda s: s.before("peg")),
    State("scales, blank", lambda s: pressing(s.before("peg")), wrong=True),
    State("scales, answered", lambda s: s.finished("/form/peg/")),
    State("several", lambda s: s.before("conditions")),
    State("partial date", lambda s: s.before("onset")),
    State("partial date, wrong", lambda s: pressing(s.before("onset"), onset="2023-14"), wrong=True),
    State("long text", lambda s: s.before("goals")),
    State("long text, full", lambda s: s.finished("/form/goals/", **LONG)),
    State("long text, too long", lambda s: pressing(s.before("goals"), goals=LONG_WORD * 30), wrong=True),
    State("lines, long", lambda s: s.finished("/form/medicines/", **LONG)),
    State("statements, blank", lambda s: pressing(s.before("before-you-send")), wrong=True),
    # Lists and files
    State("treatments, none", lambda s: s.before("treatments")),
    State("treatments, some", lambda s: s.finished("/form/treatments/")),
    State("treatment, new", lambda s: following(s.before("treatments"), "Add the first one")),
    State(
        "treatment, blank",
        lambda s: pressing(following(s.before("treatments"), "Add the first one")),
        wrong=True,
    ),
    State("treatment, change", lambda s: s.finished("/form/treatments/1/")),
    State("treatment, changed elsewhere", _entry_saved_elsewhere),
    State("treatment, remove", lambda s: s.finished("/form/treatments/1/remove/")),
    State("files, none", lambda s: s.before("record-files", records="uploaded")),
    State("files, some", lambda s: s.finished("/form/record-files/")),
    State("files, blank", lambda s: pressing(s.before("record-files", records="uploaded")), wrong=True),
    State(
        "files, wrong kind",
        lambda s: pressing(s.before("record-files", records="uploaded"), "Add this file", record_files=NOTE),
        wrong=True,
    ),
    State("files, too large", _too_large),
    # Safety
    State("advice", _advice),
    State(
        "advice, a call",
        lambda s: pressing(s.before("rf-suicide"), rf_suicide="prefer_not_say"),
    ),
    State("advice, not read", lambda s: pressing(_advice(s), "Continue"), wrong=True),
    # Around the form
    State("sections", lambda s: s.with_form(draft(s.clinic, until="goals"), "/form/")),
    State("sections, all done", lambda s: s.finished("/form/")),
    State("leave", lambda s: s.with_form(draft(s.clinic, until="goals"), "/form/leave/")),
    State(
        "left",
        lambda s: pressing(s.with_form(draft(s.clinic, until="goals"), "/form/leave/"), "Leave the form"),
    ),
    State("stop for now", _link_sent),
    State("stop for now, blank", lambda s: pressing(_link_sent(s), "Email me a link"), wrong=True),
    State(
        "stop for now, sent",
        lambda s: pressing(_link_sent(s), "Email me a link", email=ANSWERS["email"]),
    ),
    State("code to write down", _write_down),
    State("code written down", lambda s: pressing(_write_down(s), "Show me a code")),
    State("token missing", _forged),
    # The end
    State("check", lambda s: s.finished("/form/check/")),
    State("check, long", lambda s: s.finished("/form/check/", **LONG)),
    State("check, something missing", lambda s: s.finished("/form/check/", given_name="", q_sleep=None)),
    State(
        "check, refused",
        lambda s: pressing(s.finished("/form/check/", given_name=""), "Send my answers"),
        wrong=True,
    ),
    State("receipt", lambda s: s.sent("/form/sent/")),
    State(
        "receipt, something missing", lambda s: s.sent("/form/sent/", records="will_send", record_files=[])
    ),
    State("receipt, urgent", lambda s: s.sent("/form/sent/", rf_chest="new_or_worse")),
    # After
    State("room", lambda s: s.sent("/room/")),
    State("room, urgent", lambda s: s.sent("/room/", rf_chest="new_or_worse")),
    State("room, decided", lambda s: s.with_form(decided(s.clinic, at=timezone.now()), "/room/")),
    State("letter", _letter),
    State("closed", _withdrawn),
    State("time-out while typing", _came_back_late),
    State("sent from another window", _sent_elsewhere),
    State("another form was opened", _other_form),
    State("stop messages", _reminder),
    State("messages stopped", _stopped),
    # Last: from here on there are more clinics
    State("not open", _not_open),
    State("several clinics", _several_clinics),
)
