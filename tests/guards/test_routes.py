"""Every address by every role: deny by default, proved from the outside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from zlib import crc32

import pytest
from django.db import connection
from django.db.transaction import atomic, set_rollback
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.guards.answers import knock
from tests.guards.public_routes import PUBLIC, WITHOUT_TOKEN
from tests.guards.routes import NEVER_200, PATIENT, ROWS, Row, by_name
from tests.guards.world import Who, World

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
# Looking writes these: who looked, that somebody is still there, that the database takes writes.
WRITTEN_BY_LOOKING = ("audit_auditevent", "django_session", "screening_heartbeat")
LOOKING_WRITES = {
    "patient-letter": "the first look writes that the letter was read",
    "patient-messages": "the first look writes that the clinic's messages were read",
}


def ask(world: World, row: Row, who: Who, method: str) -> int:
    """The status of one answer; what the request wrote is taken back."""
    with atomic():
        browser = world.browser(who, holding=row.holding)
        status = knock(browser, method, reverse(row.name, kwargs=row.arguments(world))).status_code
        set_rollback(True)
    return status


@EACH
def test_everybody_gets_what_the_table_says(world: World, row: Row) -> None:
    got = {who: (ask(world, row, who, "get"), ask(world, row, who, "post")) for who in Who}
    wanted = {who: row.expected(who) for who in Who}
    assert got == wanted, f"{row.name}: mend the view, or the row in tests/guards/routes.py, (GET, POST)"


def test_every_route_has_one_row_and_every_row_a_route() -> None:
    names = [pattern.name for pattern in by_name()]
    assert len(names) > 50, "the scan found too few routes to prove anything"
    assert all(names), "a route has no name, so that nothing can be said about it"
    assert [name for name, count in Counter(row.name for row in ROWS).items() if count > 1] == []
    missing = set(names) - {row.name for row in ROWS}
    assert not missing, f"add a row to tests/guards/routes.py: {sorted(map(str, missing))}"
    assert not {row.name for row in ROWS} - set(names), "a row names a route that is gone: take it out"


def test_what_needs_no_sign_in_is_named_with_its_reason() -> None:
    patient = {row.name for row in ROWS if row.audience is PATIENT}
    open_ = {p.name for p in by_name() if getattr(p.callback, "login_required", True) is False}
    assert open_ - patient == set(PUBLIC), "a public route stands in PUBLIC with a reason, or asks to sign in"
    assert patient <= open_, "a page of the form asks patients, who have no password, to sign in"
    assert all(PUBLIC.values())


def test_every_page_was_seen_by_somebody() -> None:
    """A route that refuses everybody proves nothing about whom it lets in."""
    seen = {row.name for row in ROWS for who in Who if {200, 204, 303, 422} & set(row.expected(who))}
    pressed = {row.name for row in ROWS if row.get == 405 and row.post == 302}
    unseen = {row.name for row in ROWS} - seen - pressed
    assert unseen == set(NEVER_200), "give the world of tests/guards what the page needs, or say why not"


def test_no_page_of_the_form_takes_a_person_a_form_or_a_case_from_the_address() -> None:
    taken = {name for row in ROWS if row.audience is PATIENT for name in _arguments(row.name)}
    assert taken == {"page_id", "item_id", "number", "document_id"}, "the session alone says whose form it is"


def _arguments(name: str) -> set[str]:
    return {
        argument for pattern in by_name() if pattern.name == name for argument in pattern.pattern.converters
    }


@EACH
def test_nothing_is_sent_without_a_token(world: World, row: Row) -> None:
    browser = world.browser(Who.ANONYMOUS, enforce_csrf_checks=True)
    status = knock(browser, "post", reverse(row.name, kwargs=row.arguments(world))).status_code
    assert status == (row.post if row.name in WITHOUT_TOKEN else 403)


def _let_in(row: Row) -> Who:
    """Somebody of its audience who sees the page itself."""
    return max(row.audience - {Who.ENDED}, key=lambda who: (200 in row.expected(who), who))


@EACH
def test_looking_changes_nothing(world: World, row: Row) -> None:
    browser = world.browser(_let_in(row), holding=row.holding)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        knock(browser, "get", reverse(row.name, kwargs=row.arguments(world)))
    writes = [
        query["sql"][:80]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and not any(f'"{table}"' in query["sql"][:60] for table in WRITTEN_BY_LOOKING)
    ]
    assert bool(writes) == (row.name in LOOKING_WRITES), writes


NONSENSE = ("\x00", "' OR 1=1 --", "../../etc/passwd", "9" * 400, "²", "💥", "{{7*7}}")
READ_ANYWHERE = {"q", "view", "after", "before", "part", "then", "seen", "lock", "next", "later", "asked"}


def nonsense(row: Row, names: Iterable[str], turn: int) -> dict[str, str]:
    """Each name gets another of the texts in each turn, and names that stand together different ones."""
    return {name: NONSENSE[(crc32(f"{row.name} {name}".encode()) + turn) % len(NONSENSE)] for name in names}


def fill_with_nonsense(world: World, row: Row, turns: Iterable[int]) -> None:
    """Every parameter we read anywhere and every box of the page, filled with what nobody types."""
    address = reverse(row.name, kwargs=row.arguments(world))
    for turn in turns:
        with atomic():
            browser = world.browser(_let_in(row), holding=row.holding)
            page = knock(browser, "get", address, data=nonsense(row, READ_ANYWHERE, turn))
            asked = set() if page.streaming else set(re.findall(r'name="([^"]+)"', page.content.decode()))
            knock(browser, "post", address, data=nonsense(row, asked | READ_ANYWHERE, turn))
            set_rollback(True)


@EACH
def test_nonsense_gets_a_page_never_an_error(world: World, row: Row) -> None:
    fill_with_nonsense(world, row, range(2))


@pytest.mark.nightly
@EACH
def test_all_nonsense_gets_a_page_never_an_error(world: World, row: Row) -> None:
    fill_with_nonsense(world, row, range(2, len(NONSENSE)))


WORDS_IN_ADDRESSES = (
    "/staff/cases/{}/",
    "/staff/cases/{}/decide/",
    "/staff/manage/versions/{}/default/1/",
    "/staff/manage/versions/messages/default/99999999999999999999/",
    "/clinic/{}/start/",
    "/go/{}/",
    "/stop/{}/",
    "/form/{}/",
    "/form/treatments/99999999999999999999/",
    "/room/letter/99999999999999999999/",
    "/accounts/password/reset/key/zzz-{}/",
)


@pytest.mark.parametrize("address", WORDS_IN_ADDRESSES)
@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.PATIENT, Who.LEAD])
def test_a_made_up_address_gets_a_page_never_an_error(world: World, address: str, who: Who) -> None:
    for text in ("%00", "%2e%2e", "%F0%9F%92%A5", "x" * 400, "%27%20OR%201=1"):
        with atomic():
            status = knock(world.browser(who), "get", address.format(text)).status_code
            set_rollback(True)
        assert status in (200, 302, 303, 404)
