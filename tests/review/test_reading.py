"""The worklist, the search and the case page as a clinician meets them."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.services import LEASE
from screening.cases.workflow import State
from screening.review import selectors
from screening.review.selectors import View, worklist
from tests.factories.intake import NOON, draft, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.review.decision.pages import DECIDED

HOUR = dt.timedelta(hours=1)


def references(site: Site, view: View = View.TO_DO, *, user_id: int = 0) -> list[str]:
    page = worklist(site=site, view=view, user_id=user_id, at=LATER)
    return [case.reference for case in page.cases]


def test_urgent_cases_come_first_then_those_who_wait_longest(site: Site) -> None:
    old = submitted_case(site, at=NOON - 9 * HOUR)
    new = submitted_case(site, at=NOON - 2 * HOUR)
    tier_2 = submitted_case(site, at=NOON - HOUR, rf_infection="new_or_worse")
    tier_1 = submitted_case(site, at=NOON, rf_saddle="new_or_worse")
    assert references(site) == [case.reference for case in (tier_1, tier_2, old, new)]


def test_a_draft_joins_the_worklist_only_while_a_red_flag_stands(site: Site) -> None:
    draft(site, until="rf-bowel")
    urgent = draft(site, until="rf-bowel", rf_saddle="new_or_worse")
    assert references(site) == [urgent.case.reference]


def test_a_case_waiting_for_the_patient_has_a_list_of_its_own(site: Site) -> None:
    missing = submitted_case(site, onset=None)
    assert missing.state == State.AWAITING_INFO
    assert references(site) == []
    assert references(site, View.WAITING) == [missing.reference]


def test_mine_is_what_i_claimed_and_nobody_elses(site: Site, clinician: Clinician) -> None:
    mine, other = submitted_case(site), submitted_case(site)
    clinician.takes(mine)
    user_id = clinician.membership.user_id
    assert references(site, View.MINE, user_id=user_id) == [mine.reference]
    assert references(site, View.UNCLAIMED, user_id=user_id) == [other.reference]


def test_a_second_review_is_not_offered_to_whoever_decided_first(
    case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case)
    assert references(case.site, View.SECOND, user_id=clinician.membership.user_id) == []
    assert references(case.site, View.SECOND, user_id=lead.membership.user_id) == [case.reference]


def test_paging_by_mark_shows_every_case_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    made = {submitted_case(site, at=NOON - number * HOUR).reference for number in range(5)}
    seen: list[str] = []
    after: str | None = None
    while True:
        page = worklist(site=site, view=View.TO_DO, user_id=0, at=LATER, after=after)
        seen += [case.reference for case in page.cases]
        after = page.next
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == made


def test_all_cases_are_paged_from_the_newest_to_the_oldest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    made = [submitted_case(site, at=NOON - number * HOUR).reference for number in range(5)]
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = worklist(site=site, view=View.ALL, user_id=0, at=LATER, after=after)
        seen += [case.reference for case in page.cases]
        after = page.next
    assert seen == made


@pytest.mark.parametrize(
    "mark",
    ["nonsense", "1~2~3", "5~2026-06-15T11:00:00~1", "~~", "5~now~1", f"{2**70}~2026-06-15T11:00:00+00:00~1"],
)
def test_a_mark_that_is_none_starts_at_the_beginning(case: Case, mark: str) -> None:
    page = worklist(site=case.site, view=View.TO_DO, user_id=0, at=LATER, after=mark)
    assert [found.reference for found in page.cases] == [case.reference]


def test_counting_stops_at_the_cap(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "COUNT_CAP", 1)
    submitted_case(site)
    assert not worklist(site=site, view=View.TO_DO, user_id=0, at=LATER).capped
    submitted_case(site)
    page = worklist(site=site, view=View.TO_DO, user_id=0, at=LATER)
    assert (page.count, page.capped) == (1, True)


@pytest.fixture
def room(client: Client, clinician: Clinician) -> Client:
    return sign_in(client, clinician.membership)


def test_reading_a_case_leaves_exactly_one_row(room: Client, case: Case) -> None:
    before = AuditEvent.objects.count()
    assert room.get(reverse("case", args=[case.reference])).status_code == 200
    event = AuditEvent.objects.order_by("-id")[0]
    assert AuditEvent.objects.count() == before + 1
    assert (event.event, event.case_reference, event.patient_id) == (
        Event.CASE_VIEWED,
        case.reference,
        case.patient_id,
    )


def test_a_list_leaves_one_row_that_names_what_it_showed(room: Client, case: Case) -> None:
    before = AuditEvent.objects.count()
    assert room.get(reverse("worklist")).status_code == 200
    event = AuditEvent.objects.order_by("-id")[0]
    assert AuditEvent.objects.count() == before + 1
    assert (event.event, event.references) == (Event.WORKLIST_VIEWED, [case.reference])


def test_a_long_list_is_read_page_by_page_and_leads_back(
    room: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 1)
    new, old = (submitted_case(site, at=NOON - n * HOUR).reference for n in range(2))
    first = room.get(reverse("worklist"), {"view": View.ALL}).content.decode()
    assert (new in first, old in first, "The newest stand first." in first) == (True, False, True)
    assert "Back to the first page" not in first
    (following,) = re.findall(r'class="pager__next" href="([^"]+)"', first)
    last = room.get(reverse("worklist") + unescape(following)).content.decode()
    assert (new in last, old in last, "Next page" in last) == (False, True, False)
    (back,) = re.findall(r'<a href="([^"]+)"><svg[^>]*><path[^>]*/></svg>Back to the first page', last)
    assert new in room.get(reverse("worklist") + unescape(back)).content.decode()


def test_the_page_shows_each_criterion_with_the_answer_behind_it(room: Client, site: Site) -> None:
    unclear = submitted_case(site, onset=None, dx_confirmed="no")
    text = room.get(reverse("case", args=[unclear.reference])).content.decode()
    assert "Cannot tell" in text
    assert "Not met" in text
    assert "When did this pain begin?" in text
    assert "An answer to this would settle it" in text
    assert "Judged again just now: the same result." in text


def test_a_case_of_another_site_is_not_found(client: Client, lead: Clinician) -> None:
    browser, elsewhere = sign_in(client, lead.membership), submitted_case(open_clinic())
    names = ("", "-way-back", "-clear", "-ask", "-note", "-message", "-look", "-decide", "-second")
    addresses = [reverse(f"case{name}", args=[elsewhere.reference]) for name in names]
    assert {browser.get(address).status_code for address in addresses} == {404}
    assert browser.post(addresses[4], {"text": "Seen."}).status_code == 404
    assert not elsewhere.notes.exists()


@pytest.mark.parametrize("role", [Role.QUESTIONNAIRE_MANAGER, Role.ADMINISTRATOR])
def test_who_sees_no_cases_is_told_why(client: Client, case: Case, role: Role) -> None:
    browser = sign_in(client, Clinician.at(case.site, role).membership)
    response = browser.get(reverse("case", args=[case.reference]))
    assert response.status_code == 403
    assert "may not open a case" in response.content.decode()


def test_a_refused_button_says_why(room: Client, case: Case) -> None:
    text = room.get(reverse("case", args=[case.reference])).content.decode()
    assert "Take the case first" in text


def test_a_button_refused_because_a_colleague_has_the_case_names_the_colleague(
    room: Client, case: Case, site: Site
) -> None:
    other = Clinician.at(site)
    other.takes(case, at=timezone.now())
    text = unescape(room.get(reverse("case", args=[case.reference])).content.decode())
    assert "Take the case first" not in text, "that button is not there to be pressed"
    name = other.membership.user.name
    assert text.count(f"{name} is working on this case. To do this yourself, take it over.") == 2


@pytest.mark.parametrize(("since", "held"), [(LEASE - HOUR, True), (LEASE, False)])
def test_the_page_names_who_works_on_the_case_only_until_their_claim_lapses(
    room: Client, case: Case, site: Site, since: dt.timedelta, held: bool
) -> None:
    other = Clinician.at(site)
    other.takes(case, at=timezone.now() - since)
    text = unescape(room.get(reverse("case", args=[case.reference])).content.decode())
    assert (f"<dt>With</dt><dd>{other.membership.user.name}</dd>" in text) is held
    assert ("<dt>With</dt>" in text) is held


def test_a_decision_is_made_through_the_page(room: Client, case: Case) -> None:
    room.get(reverse("case", args=[case.reference]))
    room.post(reverse("case-claim", args=[case.reference]), {"seen": fresh(case).lock})
    response = room.post(reverse("case-decide", args=[case.reference]), {**DECIDED, "seen": fresh(case).lock})
    assert response.status_code == 302
    assert fresh(case).state == State.CLINICIAN_REVIEWED


def test_a_form_with_gaps_keeps_what_was_typed(room: Client, case: Case) -> None:
    response = room.post(
        reverse("case-decide", args=[case.reference]),
        {"seen": fresh(case).lock, "outcome": "signposted", "reason": "Half a thought"},
    )
    assert response.status_code == 422
    assert "Half a thought" in response.content.decode()


def test_a_stale_form_keeps_what_was_typed_and_can_be_sent_again(room: Client, case: Case) -> None:
    room.get(reverse("case", args=[case.reference]))
    room.post(reverse("case-claim", args=[case.reference]), {"seen": fresh(case).lock})
    stale = {**DECIDED, "reason": "My long reasons", "seen": fresh(case).lock - 1}
    response = room.post(reverse("case-decide", args=[case.reference]), stale)
    assert response.status_code == 409
    assert "My long reasons" in response.content.decode()
    assert f'value="{fresh(case).lock}"' in response.content.decode()


@pytest.mark.parametrize("view", [*View, "nonsense"])
def test_every_list_opens_when_it_is_empty(room: Client, view: str) -> None:
    assert room.get(reverse("worklist"), {"view": view}).status_code == 200
