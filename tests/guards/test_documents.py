"""Documents that are made from code stay true to it."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

from screening.cases.drawing import drawing

ROOT = Path(__file__).resolve().parents[2]


def test_the_drawing_of_states_is_fresh() -> None:
    drawn = (ROOT / "docs/reference/case-states.md").read_text(encoding="utf-8")
    assert drawn == drawing(), "Run: manage.py draw_case_states"


def test_every_decision_record_is_numbered_in_order_and_listed() -> None:
    names = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    assert names, "the scan found no decision records"
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\d{4}[^)]*)\)", index)) == set(names)


def test_every_proof_in_the_hazard_log_exists() -> None:
    log = (ROOT / "docs/safety/hazard-log.md").read_text(encoding="utf-8")
    proofs = set(re.findall(r"`(tests/[^`]+)`", log))
    assert proofs, "the scan found no proofs"
    missing = sorted(proof for proof in proofs if not (ROOT / proof).exists())
    assert not missing


def test_every_command_that_a_document_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "docker-compose.yml"]
    named = {name for page in pages for name in re.findall(r"manage\.py (\w+)", page.read_text("utf-8"))}
    assert len(named) > 8, "the scan found too few commands"
    assert named - set(get_commands()) == set()
