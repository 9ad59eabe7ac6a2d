"""Any order of saving, going back, other tabs, other devices, time-outs: nothing is lost or overwritten.

Hypothesis walks through the real pages with browsers that remember what they show. A model beside it
knows what must be saved. Whatever the walk, the answers in the database are those of the model; a save
that would overwrite what the browser had not seen is refused and shows both; and the draft keeps the
version it began with, whatever is published meanwhile.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock
from urllib.parse import unquote

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Response
from screening.intake import filling, services, session
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from tests.factories import intake as factories
from tests.factories.intake import NOON
from tests.factories.people import make_member
from tests.intake.windows import BORN, LIST, NAMES, REFUSED, TYPED, Ground, Shown, Window

windows = st.integers(min_value=0, max_value=3)
pages = st.sampled_from(sorted(TYPED))
names = st.sampled_from(NAMES)
rarely = st.integers(min_value=0, max_value=4).map(lambda number: number == 0)
choices = st.integers(min_value=0, max_value=3)


NAMED = "?part=2"  # where an entry of the list is asked for its name


class Journey(Ground, RuleBasedStateMachine):
    site: Site  # set by the test: one clinic for all runs, each of which is undone
    draft_pk: Any

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(NOON, tick=False)
        self.traveller = self.clock.start()
        self.draft = Response.objects.select_related("case", "patient", "site").get(pk=self.draft_pk)
        self.version = self.draft.version_id
        self.model = self.saved()
        self.windows = [Window(self.enter(Client())), Window(self.enter(Client()))]
        self.refused = self.published = 0
        self.sent = False

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What people do

    @rule(page=pages)
    def opens_a_page_twice(self, page: str) -> None:
        for window in self.windows[:2]:
            self.show(window, f"/form/{page}/", page)

    @rule(number=windows, page=pages)
    def opens_a_page(self, number: int, page: str) -> None:
        self.show(self.window(number), f"/form/{page}/", page)

    @rule(number=windows)
    def goes_back(self, number: int) -> None:
        if len(self.window(number).history) > 1:
            self.window(number).history.pop()

    @rule(number=windows)
    def reloads(self, number: int) -> None:
        shown = self.window(number).shown
        if shown is not None:
            address = f"/form/{shown.page}/"
            self.window(number).history.pop()
            self.show(self.window(number), address, shown.page)

    @rule(number=windows, page=pages, choice=choices, keeps=st.booleans(), fresh=rarely)
    def saves(self, number: int, page: str, choice: int, keeps: bool, fresh: bool) -> None:
        window = self.window(number)
        if fresh or window.shown is None or window.shown.page not in TYPED:
            self.show(window, f"/form/{page}/", page)
        if window.shown is None:
            return
        page = window.shown.page
        if page not in TYPED:
            return
        item, values = TYPED[page]
        typed = values[choice % len(values)]
        self.sends_answer(window, page, item, typed, window.shown.lock, keeps=keeps)

    def sends_answer(
        self, window: Window, page: str, item: str, typed: str, lock: str, *, keeps: bool
    ) -> None:
        current, before = self.current_lock(page), self.model[item]
        data = {item: typed, "lock": lock, "asked": item, "skip": "1"}
        answer = self.send(window, f"/form/{page}/", data)
        if self.sent:
            assert answer.status_code == REFUSED
            return
        if lock == current or typed == before:
            assert answer.status_code == 303, "a save over what was seen is a save"
            self.model[item] = typed
            window.history.append(Shown(page, self.current_lock(page), typed))
            return
        assert answer.status_code == REFUSED, "a save over what was not seen is refused"
        self.refused += 1
        text = answer.content.decode()
        for each in (before, typed):
            assert self.words(item, each) in text, "both answers are shown"
        if keeps:
            window.history.append(Shown(page, current, before))
            return
        self.sends_answer(window, page, item, typed, current, keeps=True)

    def words(self, item: str, value: str) -> str:
        options = {"no": "No", "old_checked": "a long time", "": "Not answered"}
        return options.get(value, value)

    @rule(number=windows, name=names)
    def adds_to_the_list(self, number: int, name: str) -> None:
        window = self.window(number)
        lock = self.current_lock(LIST)
        answer = self.send(window, f"/form/{LIST}/add/{NAMED}", {"name": name, "lock": lock, "later": "1"})
        if not self.sent:
            assert answer.status_code == 303
            self.model[LIST] = [*self.model[LIST], name]

    @rule(number=windows, name=names, place=choices, old=st.booleans(), removes=st.booleans())
    def changes_the_list(self, number: int, name: str, place: int, old: bool, removes: bool) -> None:
        """In a window that shows the list as it is, or as it was one save ago."""
        entries = self.model[LIST]
        if self.sent or not entries:
            return
        place %= len(entries)
        lock = int(self.current_lock(LIST))
        seen = str(lock - 1 if old else lock)
        verb = "remove/" if removes else NAMED
        data = {"lock": seen, **({} if removes else {"name": name, "later": "1"})}
        answer = self.send(self.window(number), f"/form/{LIST}/{place + 1}/{verb}", data)
        if old and (removes or name != entries[place]):
            assert answer.status_code == REFUSED
            self.refused += 1
            assert entries[place] in answer.content.decode()
            assert removes or name in answer.content.decode()
            return
        assert answer.status_code == 303
        self.model[LIST] = [
            *entries[:place],
            *([] if removes else [name]),
            *entries[place + 1 :],
        ]

    @rule()
    def time_runs_out(self) -> None:
        self.traveller.shift(session.IDLE + dt.timedelta(minutes=1))

    @rule(by_code=st.booleans())
    def carries_on_elsewhere(self, by_code: bool) -> None:
        """Another device, with a link or a code: it shows what was saved, and the old windows stay open."""
        if len(self.windows) > 3:
            self.windows.pop()
        by = Actor.patient(self.draft.patient_id)
        browser = Client()
        born = {f"date_of_birth_{part}": value for part, value in BORN.items()}
        if by_code:
            code = services.give_new_code(case=self.draft.case, by=by, at=self.now)
            answer = browser.post("/code/", {"code": code, **born})
        else:
            token = services.issue_link(case=self.draft.case, by=by, at=self.now)
            answer = browser.post(f"/go/{token}/", born)
        assert answer.status_code == 303
        assert unquote(answer.headers["Location"]) == ("/room/" if self.sent else "/form/")
        self.windows.append(Window(browser))

    @precondition(lambda self: self.published < 1)
    @rule()
    def a_new_version_is_published(self) -> None:
        self.published += 1
        content = {**factories.shipped(Kind.QUESTIONNAIRE), "title": "A newer form"}
        author = make_member(Role.QUESTIONNAIRE_MANAGER, site=self.site)
        approver = make_member(Role.LEAD_CLINICIAN, site=self.site)
        newer = draft_version(
            site=self.site, kind=Kind.QUESTIONNAIRE, content=content, by=Actor.staff(author), at=self.now
        )
        # Its content is that of the version before, which was checked when the clinic opened.
        with mock.patch("screening.questionnaires.services.versions._check"):
            publish_version(version=newer, by=Actor.staff(approver), at=self.now)

    @precondition(lambda self: not self.sent and self.refused + self.published > 2)
    @rule(number=windows, twice=st.booleans())
    def sends_the_form(self, number: int, twice: bool) -> None:
        for _ in range(2 if twice else 1):
            answer = self.send(self.window(number), "/form/submit/", {"sent": "1"})
            assert answer.headers["Location"] == "/form/sent/"
        self.sent = True

    # What must hold after each of these

    @invariant()
    def nothing_is_lost_or_overwritten(self) -> None:
        assert self.saved() == self.model

    @invariant()
    def the_draft_stays_on_its_version(self) -> None:
        assert Response.objects.values_list("version_id", flat=True).get(pk=self.draft.pk) == self.version

    @invariant()
    def every_refused_save_is_in_the_trail(self) -> None:
        case = self.draft.case.reference
        told = AuditEvent.objects.filter(event=Event.SAVE_REFUSED_STALE, case_reference=case)
        assert told.count() == self.refused


def run(site: Site, *, runs: int, steps: int = 30) -> None:
    answers = factories.baseline(treatments=[{"name": "Rest"}])
    case = filling.fill_in(site=site, answers=answers, at=NOON, submit=False)
    Journey.site, Journey.draft_pk = site, case.responses.get().pk
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Journey,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_order_of_steps_loses_nothing(clinic: Site) -> None:
    run(clinic, runs=12)


@pytest.mark.nightly
def test_three_hundred_runs_of_thirty_steps_lose_nothing(clinic: Site) -> None:
    run(clinic, runs=300)
