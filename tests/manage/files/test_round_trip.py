"""Definitions go out as files and come back, at another clinic, byte for byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.manage.files.archive import pack
from screening.manage.files.arriving import plan
from screening.manage.files.reading import read
from screening.manage.files.services import export_definitions, import_definitions
from screening.manage.files.writing import write
from screening.questionnaires.models import (
    DefinitionVersion,
    Kind,
    TranslatedText,
    Translation,
    VersionStatus,
)
from screening.questionnaires.selectors import texts_of
from screening.questionnaires.services import (
    Written,
    add_translations,
    approve_translations,
    draft_version,
    publish_version,
)
from tests.factories.intake import NOON, open_clinic, published_version, shipped
from tests.factories.people import make_member, make_site
from tests.words.pseudo import CODE, pseudo

SYSTEM = Actor.system("tests")
ODD = "  two spaces \nan odd end\r\nthen\ttabs \u2028and 日本 \u202e 👩‍🔬 \x85 #: - 'quoted' \"twice\"\n\n"


@pytest.fixture
def clinic(db: None) -> Site:
    """With old versions, one that says what an older one said, words of each age, and odd texts."""
    site = open_clinic()
    author, lead = (
        Actor.staff(make_member(role, site=site))
        for role in (Role.QUESTIONNAIRE_MANAGER, Role.LEAD_CLINICIAN)
    )
    first = shipped(Kind.MESSAGES)
    _with_words(published_version(site, Kind.QUESTIONNAIRE), author, lead)
    for content in (_titled(first, "Second " + ODD.strip()), first):
        version = draft_version(site=site, kind=Kind.MESSAGES, content=content, by=author, at=NOON)
        publish_version(version=version, by=lead, at=NOON + dt.timedelta(days=1))
        _with_words(version, author, lead)
    letters = shipped(Kind.LETTERS)
    odd = {**letters, "text": ODD * 20, "reasons": [{**letters["reasons"][0], "text": "x" * 5000 + ODD}]}
    draft_version(site=site, kind=Kind.LETTERS, content=odd, by=author, at=NOON)
    return site


def _titled(content: dict[str, Any], title: str) -> dict[str, Any]:
    return {**content, "title": title[:200]}


def _with_words(version: DefinitionVersion, author: Actor, lead: Actor) -> None:
    texts = [Written(place.name, place.source, pseudo(place.source)) for place in texts_of(version)[:40]]
    stale = [Written(texts[0].place, "what was said before", "[ŵĥáţ]")]
    for written in (stale, texts[1:]):
        translation = add_translations(version=version, language=CODE, texts=written, by=author, at=NOON)
    newest = TranslatedText.objects.filter(translation=translation)
    approve_translations(translation=translation, texts=[row.pk for row in newest], by=lead, at=NOON)


def exported(site: Site) -> list[tuple[str, bytes]]:
    return export_definitions(site=site, by=SYSTEM, at=NOON)


def test_an_empty_clinic_that_brings_the_files_in_writes_the_same_bytes(clinic: Site) -> None:
    files = exported(clinic)
    names = [name for name, _content in files]
    assert {"messages/default/3.yml", f"messages/default/2.{CODE}.yml", "letters/default/2.yml"} <= set(names)

    empty = make_site()
    coming = plan(site=empty, files=files)
    import_definitions(site=empty, files=files, seen=coming.fingerprint, by=SYSTEM, at=NOON)

    assert exported(empty) == files
    assert pack(exported(empty)) == pack(files)
    brought = DefinitionVersion.objects.filter(site=empty)
    assert set(brought.values_list("status", flat=True)) == {VersionStatus.DRAFT}
    hashes = DefinitionVersion.objects.filter(site=clinic).order_by("kind", "number").values_list("sha256")
    assert list(brought.order_by("kind", "number").values_list("sha256")) == list(hashes)
    words = TranslatedText.objects.filter(translation__version__site=empty)
    assert words.exists()
    written = AuditEvent.objects.filter(event=Event.TRANSLATION_WRITTEN, site_id=empty.pk)
    assert written.count() == words.values("translation").distinct().count()
    assert not words.filter(approved_at__isnull=False).exists()
    assert not Translation.objects.filter(version__site=empty, offered=True).exists()
    assert AuditEvent.objects.filter(event=Event.VERSION_IMPORTED, site_id=empty.pk).count() == 1


def test_files_that_are_here_already_bring_nothing(clinic: Site) -> None:
    coming = plan(site=clinic, files=exported(clinic))
    assert coming.brings == 0
    assert not coming.refused
    assert {each.verdict for each in coming.arrivals} == {"same", "left"}


def test_the_commands_do_the_same_with_a_folder(clinic: Site, tmp_path: Path) -> None:
    empty = make_site()
    call_command("export_definitions", tmp_path / "a", site=clinic.slug)
    call_command("import_definitions", tmp_path / "a", "--dry-run", site=empty.slug)
    assert not DefinitionVersion.objects.filter(site=empty).exists()
    call_command("import_definitions", tmp_path / "a", site=empty.slug)
    call_command("export_definitions", tmp_path / "b", site=empty.slug)
    written = {
        path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*.yml")
    }
    assert written == {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*.yml")}
    (tmp_path / "a" / "messages/default/3.yml").write_text("threshold: 1\nkind: poem\n")
    with pytest.raises(CommandError, match="Nothing came in"):
        call_command("import_definitions", tmp_path / "a", site=make_site().slug)


def test_the_expressions_of_rules_stand_as_blocks_that_can_be_read(clinic: Site) -> None:
    rules = dict(exported(clinic))["rulesets/pain-eligibility/1.yml"].decode()
    assert "\n  definitions: |\n    // Age: whole years, so a person is 18 from the birthday on.\n" in rules


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    | st.sampled_from(
        ["1e5", "007", "0x1f", "1:30", "~", "No", "2026-01-01", ".nan", "-", ODD, " ", "\n", "a: b"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_whatever_is_written_is_read_as_the_same_value(value: Any) -> None:
    written = write({"value": value})
    assert read(written)[0] == {"value": value}
    assert write(read(written)[0]) == written
