"""Everything personal belongs to a site: from another one it does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.transaction import atomic, set_rollback
from django.urls import reverse

from audit.models import AuditEvent
from tests.factories.intake import enter
from tests.guards.answers import knock
from tests.guards.routes import ROWS, STAFF, Row
from tests.guards.world import FAMILY_NAME, SECRET_TITLE, Who, World

pytestmark = pytest.mark.django_db
NAMING = ("case", "document", "own_file", "somebody", "version")
# Routes whose address names something of a site. Public pages name the clinic alone.
OTHERS = [row for row in ROWS if row.arguments.__name__ in NAMING]


def elsewhere(world: World, row: Row) -> dict[str, Any]:
    """The same address for the same thing of the other site."""
    return row.arguments(World(world.elsewhere, world.here, world.staff, world.cookies))


def test_the_scan_finds_the_routes_that_name_something_of_a_site() -> None:
    assert len(OTHERS) > 10
    assert {"case", "case-decide", "case-document", "version", "version-publish"} <= {r.name for r in OTHERS}


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.name)
def test_something_of_another_site_does_not_exist(world: World, row: Row) -> None:
    before = AuditEvent.objects.filter(site_id=world.elsewhere.site.pk).count()
    for who in Who:
        for method in ("get", "post"):
            with atomic():
                browser = world.browser(who)
                answer = knock(browser, method, reverse(row.name, kwargs=elsewhere(world, row)))
                set_rollback(True)
            expected = row.expected(who)[method == "post"]
            # Who may open such a page at home learns nothing here; who may not, learns no more than that.
            # Publishing asks the policy about this very version, so the version is looked for first.
            let_in = who in (STAFF if row.name == "version-publish" else row.audience)
            assert answer.status_code == (expected if not let_in or expected == 405 else 404)
            shown = answer.content.decode()
            assert FAMILY_NAME not in shown
            assert SECRET_TITLE not in shown
            assert world.elsewhere.document.name not in shown
    assert AuditEvent.objects.filter(site_id=world.elsewhere.site.pk).count() == before


def test_lists_show_only_what_is_of_this_site(world: World) -> None:
    shown = ""
    for who, address in (
        (Who.CLINICIAN, "/staff/worklist/?view=all"),
        (Who.LEAD, "/staff/manage/sending/"),
        (Who.MANAGER, "/staff/manage/versions/"),
        (Who.ADMINISTRATOR, "/staff/manage/people/"),
        (Who.ADMINISTRATOR, "/staff/manage/trail/"),
    ):
        shown += knock(world.browser(who), "get", address).content.decode()
    assert world.here.case.reference in shown, "the scan looked at empty lists"
    theirs = world.elsewhere
    for secret in (FAMILY_NAME, SECRET_TITLE, theirs.case.reference, theirs.draft.case.reference):
        assert secret not in shown


@pytest.mark.parametrize("text", [FAMILY_NAME, "reference"])
def test_a_search_finds_only_what_is_of_this_site(world: World, text: str) -> None:
    wanted = world.elsewhere.case.reference if text == "reference" else text
    found = knock(world.browser(Who.CLINICIAN), "post", "/staff/search/", data={"q": wanted})
    assert reverse("case", args=[world.elsewhere.case.reference]) not in found.content.decode()
    own = knock(world.browser(Who.CLINICIAN), "post", "/staff/search/", data={"q": "Underwood"})
    assert world.here.case.reference in own.content.decode(), "the search finds nobody at all"


def test_a_form_opens_no_file_of_another_form(world: World) -> None:
    """At the same site: the session alone says whose form it is."""
    theirs = world.here.document
    browser = enter(world.browser(Who.ANONYMOUS), world.here.draft, at=theirs.uploaded_at)
    answer = knock(browser, "post", reverse("intake-file-remove", args=[theirs.pk]))
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.removed_at is None
