"""Past cases kept by columns: a copy that is never believed longer than it is true."""

from __future__ import annotations

import io
import itertools

import pgtrigger
import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import rotation
from accounts.models import Site
from screening.cases import packing
from screening.cases.models import Assessment
from screening.cases.packing import Range, Wanted
from screening.cases.packs import PackedCases
from screening.cases.replaying import definitions_of
from screening.questionnaires.models import Kind
from screening.rules.packed import Pack
from tests.factories.intake import draft, open_clinic, published_version, submitted_case

pytestmark = pytest.mark.django_db


def wanted(site: Site) -> Wanted:
    versions = published_version(site, Kind.QUESTIONNAIRE), published_version(site, Kind.RULESET)
    return Wanted.by(definitions_of(*versions))


def parts(site: Site, size: int = packing.SIZE) -> list[Range]:
    return packing.ranges(site=site, wanted=wanted(site), size=size)[0]


def pack_all(site: Site, size: int = packing.SIZE) -> int:
    return packing.pack_site(site=site, wanted=wanted(site), processes=1, size=size)


def clinic_with(cases: int) -> Site:
    site = open_clinic()
    for _ in range(cases):
        submitted_case(site, meds=["naproxen"])
    return site


def test_a_range_holds_what_was_judged_and_is_made_the_same_again() -> None:
    site = clinic_with(2)
    draft(site)
    [part] = parts(site)
    made = packing.read(part)
    kept = PackedCases.objects.get()
    assert (kept.cases, kept.assessments) == (3, 2)
    assert [each.name for each in made.documents()] == [each.name for each in packing.judged_documents(part)]
    assert packing.differing(part) == []
    before = kept.content
    packing.make(part)
    kept.refresh_from_db()
    assert kept.content == before == made.to_bytes()


def test_identity_and_free_words_stay_out_of_it() -> None:
    site = clinic_with(1)
    [part] = parts(site)
    packing.read(part)
    held = set(PackedCases.objects.get().items)
    assert {"meds", "treatments", "rf_saddle", "dob"} <= held
    assert not held & {"given_name", "family_name", "email", "phone", "nhs_number", "postcode", "goals"}


def test_nobody_reads_it_in_the_database() -> None:
    site = clinic_with(1)
    packing.read(parts(site)[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM screening_packedcases")
        stored = cursor.fetchone()[0]
    assert stored.startswith("v1:")
    with pytest.raises(ValueError, match="no pack"):
        Pack.from_bytes(stored.encode())


def test_full_ranges_stay_and_the_last_one_grows() -> None:
    site = clinic_with(3)
    assert pack_all(site, size=2) == 2
    first, last = PackedCases.objects.order_by("after")
    submitted_case(site)
    submitted_case(site)
    assert pack_all(site, size=2) == 2
    rows = list(PackedCases.objects.order_by("after"))
    assert [row.cases for row in rows] == [2, 2, 1]
    assert (rows[0].pk, rows[0].content) == (first.pk, first.content)
    assert rows[1].after == last.after
    assert all(before.upto == after.after for before, after in itertools.pairwise(rows))
    assert pack_all(site, size=2) == 0


def test_ranges_that_do_not_follow_one_another_are_not_believed() -> None:
    site = clinic_with(4)
    pack_all(site, size=2)
    first, last = PackedCases.objects.order_by("after")
    first.delete()
    found = parts(site, size=3)
    assert [part.after for part in found][:1] == [0]
    assert len(found) == 2
    assert sum(packing.read(part).size for part in found) == 4
    assert not PackedCases.objects.filter(pk=last.pk).exists(), "it overlaps what was made now"


def test_what_is_erased_goes_from_the_copy_at_once() -> None:
    site = clinic_with(2)
    packing.read(parts(site)[0])
    gone = Assessment.objects.order_by("pk")[0]
    with pgtrigger.ignore("screening.Assessment:assessment_goes_with_record"):
        gone.delete()
    assert not PackedCases.objects.exists()
    assert packing.read(parts(site)[0]).size == 1


def test_words_that_are_blanked_go_from_the_copy_at_once() -> None:
    site = clinic_with(1)
    packing.read(parts(site)[0])
    with pgtrigger.ignore("screening.Assessment:assessment_append_only"):
        Assessment.objects.update(judged={"answers": {}, "standing_red_flags": []})
    assert not PackedCases.objects.exists()


def test_new_keys_are_given_to_it_too(settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    site = clinic_with(1)
    [part] = parts(site)
    made = packing.read(part).to_bytes()
    settings.FIELD_KEYS = [new, old]
    fields = {str(field): field for field in rotation.encrypted_fields()}
    assert rotation.rotate_field(fields["screening.PackedCases.content"]) == 1
    settings.FIELD_KEYS = [new]
    assert PackedCases.objects.get().content == made


def test_one_that_cannot_be_read_is_made_again() -> None:
    site = clinic_with(1)
    packing.read(parts(site)[0])
    PackedCases.objects.update(content=b"of an older layout")
    assert packing.read(parts(site)[0]).size == 1
    assert PackedCases.objects.get().content != b"of an older layout"


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("pack_cases", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_command_makes_what_is_missing_and_checks_it() -> None:
    site = clinic_with(2)
    assert "1 ranges made" in command("--site", site.slug)
    assert "0 ranges made" in command()
    assert "2 of 2 cases are as they were judged" in command("--check")


def test_the_check_finds_a_copy_that_says_something_else_and_mends_it() -> None:
    site = clinic_with(2)
    [part] = parts(site)
    pack = packing.read(part)
    pack.days.values[:] = [value and "2020-01-01" for value in pack.days.values]
    PackedCases.objects.update(content=pack.to_bytes())
    with pytest.raises(CommandError, match="2 cases differ"):
        command("--check")
    assert packing.differing(part) == []


def test_an_unknown_site_is_said_to_be_unknown() -> None:
    with pytest.raises(CommandError, match="no site nowhere"):
        command("--site", "nowhere")
