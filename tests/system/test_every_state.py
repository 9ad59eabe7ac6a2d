"""Every page a patient meets, in every state: axe, both widths, big enough to press, nothing off the side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered
from playwright.sync_api import expect

from accounts.models import Site
from tests.platform.production import ROOT
from tests.system.stage import Stage
from tests.system.states import STATES, State
from tests.system.walker import Patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
# Where patients' templates are.
FOLDERS = ("intake", "followup")
SINGLE = ("404.html", "403_csrf.html")
# Pieces that a state of the table cannot show, each with where they are looked at instead.
ELSEWHERE = {
    "intake/enter.html": "tests/system/test_desk.py: staff fill in a form for a patient",
    "intake/entering.html": "tests/system/test_desk.py: staff fill in a form for a patient",
    "intake/languages.html": "tests/system/test_pseudo_language.py: where a clinic offers a language",
    "intake/later_sent.html": "tests/system/test_later_form.py: later forms have a walk of their own",
    "followup/room/forms.html": "tests/system/test_later_form.py: later forms have a walk of their own",
    "followup/figures/figures.html": "tests/system/test_every_staff_page.py: staff read it",
    "followup/room/contact.html": "tests/system/test_room.py: the patient's room has a walk of its own",
    "followup/room/copy.html": "tests/system/test_room.py: the patient's room has a walk of its own",
}


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    names: set[str] = set()

    def note(template: Any, **_more: Any) -> None:
        names.add(template.name or "")

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def templates() -> set[str]:
    folder = ROOT / "templates"
    found = {path for name in FOLDERS for path in (folder / name).rglob("*.html")}
    return {str(Path(path).relative_to(folder)) for path in found} | set(SINGLE)


def test_the_table_names_each_state_once() -> None:
    assert len({state.name for state in STATES}) == len(STATES) > 50


@pytest.mark.nightly
def test_every_page_in_every_state(patient: Callable[..., Patient], clinic: Site, rendered: set[str]) -> None:
    stage, faults = Stage(clinic, patient), {}
    for state in STATES:
        try:
            look_at(state, stage)
        except Exception as fault:  # noqa: BLE001 - all of them are named together
            faults[state.name] = str(fault)[:600]
    assert not faults, "\n".join(f"{name}: {fault}" for name, fault in faults.items())
    unseen = templates() - rendered - set(ELSEWHERE)
    assert not unseen, f"say in tests/system/states.py how {sorted(unseen)} are reached"


def look_at(state: State, stage: Stage) -> None:
    sam = state.reach(stage)
    name = re.sub(r"\W+", "-", state.name)
    if state.wrong:
        expect(sam.page).to_have_title(re.compile("^Error: "))
        leads_to_what_is_wrong(sam)
    sam.looks(f"state-{name}")
    sam.context.close()


def leads_to_what_is_wrong(sam: Patient) -> None:
    """The summary has the focus, and each of its links puts it into the field that it names."""
    expect(sam.page.locator(".nhsuk-error-summary")).to_be_focused()
    links = sam.page.locator(".nhsuk-error-summary a")
    assert links.count() > 0, "the summary names nothing"
    for link in links.all():
        address = link.get_attribute("href") or ""
        if address.startswith("#"):
            link.click()
            expect(sam.page.locator(f"[id='{address[1:]}']")).to_be_focused()
        else:
            assert "#" in address, f"{address} leads to a page, not into a field"
