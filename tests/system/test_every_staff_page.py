"""Every address of the staff, found in the table of routes: axe, both widths, and Tab reaches everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Site
from tests.guards.routes import ROWS, STAFF, Row
from tests.guards.world import make_world
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
# What can be pressed or typed into, and is on the page: each gets a number; of a group of radios, one.
NUMBERED = """() => {
    const pressed = 'a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), '
        + 'select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';
    const seen = new Set();
    let count = 0;
    for (const e of document.querySelectorAll(pressed)) {
        if (!e.checkVisibility() && !e.matches('.nhsuk-skip-link')) continue;
        if (e.matches('[aria-hidden=true][tabindex="-1"]')) continue;  // what Enter presses in a field
        const group = e.matches('[type=radio]') ? e.form?.id + e.name : null;
        if (group !== null && seen.has(group)) { e.dataset.stop = e.form.querySelector(
            `[name="${e.name}"][data-stop]`).dataset.stop; continue; }
        if (group !== null) seen.add(group);
        e.dataset.stop = count++;
    }
    return count;
}"""
# Where the focus is, also inside a frame of ours, and whether it can be seen there.
HERE = """() => {
    let e = document.activeElement;
    while (e.contentDocument?.activeElement) e = e.contentDocument.activeElement;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return [e.dataset?.stop ?? null, e.tagName === 'BODY' || (marked && box.width > 0 && box.height > 0)];
}"""
NAMED = "(stop) => document.querySelector(`[data-stop='${stop}']`).outerHTML.slice(0, 120)"
MOST = 150  # pages with more stops are long tables of like rows: the first so many are walked through
PAGES = [row for row in ROWS if row.get == 200 and row.audience & STAFF and not row.audience - STAFF]
# A file or something for a script, not a page.
FILES = {
    "case-appointment-calendar",
    "follow-up-figures-csv",
    "case-document",
    "case-document-shown",
    "case-pdf",
    "case-letter-pdf",
    "figures-csv",
    "language-file",
    "version-file",
    "versions-file",
    "worklist-signs",
}


@pytest.mark.nightly
def test_every_page_of_the_staff(staff: Callable[..., Staff], clinic: Site) -> None:
    world, faults = make_world(), {}
    for row in PAGES:
        who = max(who for who in row.audience & STAFF if row.expected(who)[0] == 200)
        reader = staff(world.staff[who])
        try:
            look_at(reader, row, reverse(row.name, kwargs=row.arguments(world)))
        except Exception as fault:  # noqa: BLE001 - all of them are named together
            faults[row.name] = str(fault)[:600]
        reader.context.close()
    assert not faults, "\n".join(f"{name}: {fault}" for name, fault in faults.items())


def look_at(reader: Staff, row: Row, path: str) -> None:
    if row.name in FILES:
        return
    assert reader.goes_to(path) == 200
    reader.looks(f"staff-{row.name}")
    walk(reader.page)


def walk(page: Page) -> None:
    """Tab from the top of the page: everything is reached, and each stop shows that it has the focus."""
    page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    stops = page.evaluate(NUMBERED)
    missed = set(map(str, range(min(stops, MOST))))
    for _ in range(min(stops, MOST) + 150):  # a frame has stops of its own
        if not missed:
            return
        page.keyboard.press("Tab")
        stop, seen = page.evaluate(HERE)
        assert seen, f"the focus cannot be seen on {page.evaluate('document.activeElement.outerHTML')[:120]}"
        missed.discard(stop)
    assert not missed, f"Tab does not reach {[page.evaluate(NAMED, stop) for stop in sorted(missed)[:3]]}"


def test_the_scan_finds_the_pages_of_the_staff() -> None:
    assert len(PAGES) > 30
    assert {row.name for row in ROWS} >= FILES
    assert {row.name for row in PAGES} >= {"worklist", "case", "case-decide", "people", "trail"}
