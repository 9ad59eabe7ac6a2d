"""How far forms come, and what is past its target."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Case
from screening.intake.services import withdraw
from screening.review.figures.progress import Begun, Late, funnel, past_target
from tests.factories.intake import NOON, draft, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician
from tests.factories.room import decided_case

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LONG_AFTER = NOON + 5 * DAY
HEAD = '"Begun in","Begun","Sent","Opened by staff","First decision","Closed by two"'


def test_forms_are_counted_by_how_far_they_came(site: Site, clinician: Clinician, lead: Clinician) -> None:
    draft(site)
    submitted_case(site)
    clinician.opens(submitted_case(site), at=NOON + HOUR)
    waits = submitted_case(site)
    clinician.takes(waits)
    clinician.decides(waits)
    decided_case(site)
    submitted_case(site, at=NOON - 40 * DAY)
    submitted_case(open_clinic())
    may, june = funnel(site=site, at=LONG_AFTER)
    assert may == Begun(dt.date(2026, 5, 1), begun=1, sent=1, opened=0, decided=0, closed=0)
    assert june == Begun(dt.date(2026, 6, 1), begun=5, sent=4, opened=3, decided=2, closed=1)


def test_a_form_taken_back_was_sent_and_a_look_at_a_draft_is_none(site: Site, clinician: Clinician) -> None:
    case = submitted_case(site)
    withdraw(case=case, by=clinician.who()["by"], at=NOON + HOUR)
    clinician.opens(draft(site, rf_saddle="new_or_worse", until="rf-bladder").case)
    (june,) = funnel(site=site, at=LONG_AFTER)
    assert (june.begun, june.sent, june.opened) == (2, 1, 0)


def test_what_is_past_its_target_is_counted_with_the_longest(site: Site) -> None:
    urgent, ordinary = submitted_case(site, rf_saddle="new_or_worse"), submitted_case(site)
    due = {each.rank: Case.objects.get(pk=each.pk).due_at for each in (urgent, ordinary)}
    assert past_target(site=site, at=NOON) == [Late(1, 1, 0, None), Late(5, 1, 0, None)]
    assert past_target(site=site, at=due[1]) == [Late(1, 1, 1, 0 * HOUR), Late(5, 1, 0, None)]
    assert past_target(site=site, at=due[5] + HOUR)[1] == Late(5, 1, 1, HOUR)
    assert past_target(site=open_clinic(), at=LONG_AFTER) == []


def test_both_stand_on_the_page_and_in_files(client: Client, site: Site, lead: Clinician) -> None:
    submitted_case(site)
    desk = sign_in(client, lead.membership)
    page = desk.get(reverse("figures")).content.decode()
    assert "From the first page to the decision" in page
    assert "Past their target now" in page
    lines = desk.get(reverse("figures-csv", args=["funnel"])).content.decode().splitlines()
    assert lines[0] == "\ufeff" + HEAD
    assert desk.get(reverse("figures-csv", args=["late"])).content.decode().count("\r\n") == 2
