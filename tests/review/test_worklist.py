"""The worklist as a page: its order, its marks, its counts, and what it says when it is out of date."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.models import Role, Site
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.filling import PAPER
from screening.intake.uploads import Upload
from screening.review import selectors
from screening.review.presenters import WorklistRow
from screening.review.selectors import Tally, View, sign_of, worklist
from tests.factories.intake import NOON, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.room import LATE, amends, decided_case, replies, wants_another_look
from tests.factories.urgent import urgent_case

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REFUSED = {"dx_confirmed": "no"}  # confirmed within 5 working days; a flagged case is looked at within 2


@pytest.fixture
def room(client: Client, clinician: Clinician) -> Client:
    return sign_in(client, clinician.membership)


def listed(site: Site, *, at: dt.datetime = LATER, view: View = View.TO_DO) -> list[str]:
    return [case.reference for case in worklist(site=site, view=view, user_id=0, at=at).cases]


def row_of(case: Case, *, at: dt.datetime = LATE, view: View = View.ALL) -> WorklistRow:
    (found,) = (
        row
        for row in worklist(site=case.site, view=view, user_id=0, at=at).cases
        if row.reference == case.reference
    )
    return WorklistRow.of(found, at=at, today=at.date(), user_id=0)


def marks(case: Case, *, at: dt.datetime = LATE) -> list[str]:
    return [mark.text for mark in row_of(case, at=at).marks]


def test_what_is_past_its_target_or_nearest_to_it_stands_before_what_waits_longer(site: Site) -> None:
    patient_one = submitted_case(site, at=NOON - 2 * DAY, **REFUSED)
    flagged = submitted_case(site, at=NOON - DAY)
    urgent = submitted_case(site, at=NOON, rf_saddle="new_or_worse")
    assert listed(site) == [case.reference for case in (urgent, flagged, patient_one)]


def test_of_one_target_who_waits_longest_stands_first(site: Site) -> None:
    late, early, later = (submitted_case(site, at=NOON + hours * HOUR).reference for hours in (2, 0, 1))
    assert listed(site) == [early, later, late]


def test_a_row_says_how_long_it_is_overdue_and_before_that_by_when(site: Site) -> None:
    case = submitted_case(site)
    assert row_of(case, at=NOON).due == "Act by Wed 17 Jun"
    assert row_of(case, at=NOON + 2 * DAY).due == "Act by 17:00"
    closes = case.due_at
    assert marks(case, at=closes - HOUR) == []
    assert marks(case, at=closes + HOUR / 2) == ["Overdue by less than an hour"]
    assert marks(case, at=closes + 3 * HOUR) == ["Overdue by 3 hours"]
    assert marks(case, at=closes + 3 * DAY) == ["Overdue by 3 days"]
    assert row_of(case, at=closes + DAY).due == ""


def test_an_urgent_row_says_the_hour(site: Site) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse", at=NOON + 5 * HOUR)
    assert row_of(case, at=NOON + 6 * HOUR).due == "Act by Tue 16 Jun, 10:00"


def test_nothing_is_overdue_while_the_patient_is_asked(site: Site) -> None:
    missing = submitted_case(site, onset=None)
    row = row_of(missing, at=NOON + 90 * DAY)
    assert (row.due, row.marks) == ("", [])


def test_every_mark_is_a_word(site: Site, clinician: Clinician) -> None:
    careful = submitted_case(site, gp_share="no")
    assert marks(careful) == ["Senior review"]
    replied = submitted_case(site)
    replies(replied)
    assert marks(replied) == ["Patient replied"]
    corrected = submitted_case(site)
    amends(corrected, answers={"goals": "To sleep."})
    assert marks(corrected) == ["Patient changed something"]
    sent = submitted_case(site)
    amends(sent, uploads=[("record_files", Upload("letter.pdf", PAPER))])
    assert marks(sent) == ["New documents"]
    again = decided_case(site)
    wants_another_look(again)
    assert marks(again) == ["Another look wanted"]
    unreachable = row_of(urgent_case(site), view=View.TO_DO)
    assert [mark.text for mark in unreachable.marks] == ["Overdue by 4 hours", "No contact given"]
    clinician.takes(careful)
    name = clinician.membership.user.name
    assert row_of(careful, at=LATER).claimed_by == name
    assert row_of(careful, at=LATER + 9 * HOUR).claimed_by == "", "a claim lapses by itself"


def test_marks_are_on_the_page_with_a_shape_beside_the_word(room: Client, site: Site) -> None:
    case = submitted_case(site, gp_share="no")
    Clinician.at(site).takes(case, at=timezone.now())
    text = room.get(reverse("worklist")).content.decode()
    for word in ("Overdue by", "Senior review", fresh(case).claimed_by.name):  # type: ignore[union-attr]
        assert re.search(rf"<svg[^>]*>.*?</svg>(<span>)?{re.escape(word)}", text), f"{word} has no shape"


def test_a_page_asks_as_many_questions_with_many_cases_as_with_few(
    room: Client, site: Site, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()  # for both, so that neither writes down that the session was used

    def asked() -> int:
        with time_machine.travel(now, tick=False), django_assert_max_num_queries(15) as queries:
            assert room.get(reverse("worklist")).status_code == 200
        return len(queries)

    replies(submitted_case(site))
    few = asked()
    for _ in range(6):
        replies(submitted_case(site, gp_share="no"))
    assert asked() == few


def test_the_lists_say_how_many_each_has_and_stop_counting(
    room: Client, site: Site, clinician: Clinician, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        submitted_case(site)
    submitted_case(site, onset=None)
    clinician.takes(submitted_case(site), at=timezone.now())
    found = selectors.tallies(site=site, user_id=clinician.membership.user_id, at=timezone.now())
    counts = {View.TO_DO: 4, View.MINE: 1, View.UNCLAIMED: 3, View.WAITING: 1, View.SECOND: 0, View.AGAIN: 0}
    assert found == {view: Tally(count) for view, count in counts.items()}
    monkeypatch.setattr(selectors, "TALLY_CAP", 3)
    text = room.get(reverse("worklist")).content.decode()
    assert re.findall(r'tabs__tally">([^<]+)<', text) == ["2+", "1", "2+", "1", "0", "0"]


def test_what_one_decided_oneself_is_not_counted_however_much_of_it_there_is(
    site: Site, clinician: Clinician, lead: Clinician, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided, again = submitted_case(site), decided_case(site)
    clinician.takes(decided)
    clinician.decides(decided)
    wants_another_look(again)

    def seen_by(person: Clinician) -> list[Tally]:
        found = selectors.tallies(site=site, user_id=person.membership.user_id, at=LATE)
        return [found[View.SECOND], found[View.AGAIN]]

    assert seen_by(clinician) == [Tally(0), Tally(1)]
    assert seen_by(lead) == [Tally(1), Tally(1)]
    monkeypatch.setattr(selectors, "TALLY_CAP", 1)
    assert seen_by(clinician) == [Tally(0), Tally(1, more=True)]


def test_each_list_has_its_own_sentence_for_a_quiet_day(room: Client) -> None:
    sentences = {
        view: re.findall(r'empty-state__heading">([^<]+)<', room.get(address(view)).content.decode())
        for view in View
    }
    assert all(len(found) == 1 for found in sentences.values())
    assert len({found[0] for found in sentences.values()}) == len(View)


def test_a_page_whose_cases_have_moved_leads_back_to_the_first(room: Client, site: Site) -> None:
    case = submitted_case(site)
    last = f"9~{case.due_at.isoformat()}~{case.waiting_since.isoformat()}~{case.pk}"
    text = room.get(reverse("worklist"), {"view": View.TO_DO, "after": last}).content.decode()
    assert "Nothing further down" in text
    assert case.reference not in text


def address(view: View = View.TO_DO) -> str:
    return f"{reverse('worklist')}?view={view}"


def test_a_list_that_has_changed_can_tell_without_naming_anybody(room: Client, site: Site) -> None:
    case, other = submitted_case(site), submitted_case(site, at=NOON + HOUR)
    text = room.get(address()).content.decode()
    (shown,) = re.findall(r'data-signs="([^"]*)"', text)
    (asking,) = re.findall(r'data-signs-href="([^"]*)"', text)
    before = AuditEvent.objects.count()
    assert room.get(asking.replace("&amp;", "&")).json() == {"signs": shown.split()}
    Clinician.at(site).takes(other)
    changed = room.get(asking).json()["signs"]
    assert changed[1] != shown.split()[1]
    assert changed == [shown.split()[0], sign_of(other.reference, fresh(other).lock)]
    assert case.reference not in room.get(asking).content.decode()
    assert AuditEvent.objects.count() == before + 2, "taking the case, and not one for asking"


def test_a_list_left_open_does_not_keep_its_reader_signed_in(room: Client) -> None:
    asking = reverse("worklist-signs")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=14)):
        assert room.get(asking, headers={"X-Unattended": "1"}).status_code == 200
    with time_machine.travel(timezone.now() + sessions.IDLE + dt.timedelta(seconds=1)):
        assert room.get(asking, headers={"X-Unattended": "1"}).status_code == 302


def test_a_person_who_refreshes_stays_signed_in(room: Client) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=14)):
        assert room.get(address()).status_code == 200
    with time_machine.travel(timezone.now() + sessions.IDLE + dt.timedelta(seconds=1)):
        assert room.get(address()).status_code == 200


def test_refresh_is_a_plain_link_to_the_same_list_and_place(
    room: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 1)
    submitted_case(site)
    submitted_case(site, at=NOON + HOUR)
    first = room.get(address(View.UNCLAIMED))
    following = room.get(reverse("worklist") + first.context["next_href"])
    (link,) = re.findall(r'<a href="([^"]+)" data-refresh', following.content.decode())
    assert link.replace("&amp;", "&") == first.context["next_href"]


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.QUESTIONNAIRE_MANAGER, Role.ADMINISTRATOR])
def test_the_keys_are_listed_for_everybody_and_can_be_switched_off(
    client: Client, site: Site, role: Role
) -> None:
    browser = sign_in(client, Clinician.at(site, role).membership)
    page = reverse("shortcuts")
    text = browser.get(page).content.decode()
    assert "<kbd>?</kbd>" in text
    assert ("Go to your own cases" in text) == (role == Role.CLINICIAN)
    assert 'id="keys"' in text
    assert browser.post(page, {"keys": "off"}).status_code == 302
    text = browser.get(page).content.decode()
    assert 'id="keys"' not in text
    assert "The keys are switched off in this browser." in text
    assert browser.post(page, {"keys": "on"}).status_code == 302
    assert 'id="keys"' in browser.get(page).content.decode()


def test_a_closed_case_waits_for_nobody_and_says_since_when_it_is_closed(room: Client, site: Site) -> None:
    case = decided_case(site)
    row = WorklistRow.of(case, at=LATE, today=LATE.date(), user_id=0)
    assert (row.waiting, row.closed_at) == ("", case.closed_at)
    shown = [room.get(address(View.ALL)), room.get(reverse("case", args=[case.reference]))]
    for page, day in zip(shown, (f"Closed {case.closed_at:%-d %b %Y}", "<dt>Closed</dt>"), strict=True):
        assert day in page.content.decode()
    wants_another_look(case)
    assert WorklistRow.of(fresh(case), at=LATE + HOUR, today=LATE.date(), user_id=0).waiting != ""
