"""Reading somebody's record is written down first: one row, or no page."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.db.transaction import atomic, set_rollback
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.events import Event
from audit.models import AuditEvent
from audit.reads import READS
from tests.guards.answers import knock
from tests.guards.routes import PATIENT, ROWS, STAFF, Row
from tests.guards.world import FAMILY_NAME, Who, World

pytestmark = pytest.mark.django_db
# What a patient sees of their own unfinished form leaves a row when the form is opened, not for each page.
READ = [row for row in ROWS if row.get == 200 and row.audience - {Who.ANONYMOUS} and row.audience != PATIENT]
SHOW_A_CASE = {row.name for row in READ if row.arguments.__name__ in ("case", "looked_at", "document")}
LISTS = {"worklist", "search", "sending", "trail", "second-looks", "screened-out", "old-records"}
QUERY = {"search": FAMILY_NAME}  # asked by POST, so that no name stands in an address


def look(world: World, row: Row, browser: Client) -> HttpResponse:
    address = reverse(row.name, kwargs=row.arguments(world))
    if row.name in QUERY:
        return knock(browser, "post", address, data={"q": QUERY[row.name]})  # type: ignore[return-value]
    return knock(browser, "get", address)  # type: ignore[return-value]


def rows_of(world: World, row: Row, who: Who) -> list[str]:
    """The events of reading that one look leaves."""
    with atomic():
        last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        browser = world.browser(who, holding=row.holding)
        signed_in = AuditEvent.objects.filter(id__gt=last).values_list("id", flat=True)
        before = max(signed_in, default=last)
        assert look(world, row, browser).status_code == 200
        found = AuditEvent.objects.filter(id__gt=before).values_list("event", flat=True)
        events = [event for event in found if event in READS]
        set_rollback(True)
    return events


def reader(row: Row) -> Who:
    return min(who for who in row.audience & STAFF if row.expected(who)[0] == 200)


@pytest.mark.parametrize("name", sorted(SHOW_A_CASE | LISTS))
def test_a_look_leaves_one_row_and_without_it_there_is_no_page(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = (row for row in READ if row.name == name)
    who = reader(row)
    assert len(rows_of(world, row, who)) == 1
    browser = world.browser(who, holding=row.holding)
    monkeypatch.setattr(AuditEvent, "save", _full)
    browser.raise_request_exception = False
    with atomic():
        answer = look(world, row, browser)
        set_rollback(True)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    shown = answer.content.decode()
    assert "Nothing was changed" in shown
    assert FAMILY_NAME not in shown
    assert world.here.case.reference not in shown


def refusals(world: World, who: Who, path: str, status: int) -> list[tuple[str, dict[str, str]]]:
    """What the trail says of the refusal: the case that was asked for, and why it was refused."""
    with atomic():
        last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        assert knock(world.browser(who), "get", path).status_code == status
        found = AuditEvent.objects.filter(id__gt=last, event=Event.ACCESS_REFUSED, site_id=world.here.site.pk)
        rows = list(found.values_list("case_reference", "detail"))
        set_rollback(True)
    return rows


def test_whoever_knocks_at_a_closed_door_is_written_down(world: World) -> None:
    for path, status, row in (
        (reverse("worklist"), 403, ("", {"why": "role", "page": "worklist"})),
        ("/staff/no-such-page/", 404, None),
    ):
        assert refusals(world, Who.MANAGER, path, status) == ([row] if row else [])


def test_a_case_of_another_clinic_is_written_down_and_one_that_is_nowhere_is_not(world: World) -> None:
    other = world.elsewhere.case.reference
    assert refusals(world, Who.LEAD, reverse("case", args=[other]), 404) == [(other, {"why": "other_site"})]
    assert refusals(world, Who.LEAD, reverse("case", args=["ABCD-2345-EFGH"]), 404) == []


def _full(*_: object, **__: object) -> None:
    raise DatabaseError("No space left on device")


def test_the_scan_finds_the_pages_of_a_case() -> None:
    assert {"case", "case-document", "case-decide", "case-look"} <= SHOW_A_CASE
    assert {row.name for row in READ} >= LISTS
