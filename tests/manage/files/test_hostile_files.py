"""Files made to do harm, or made by chance: a finding with its place, soon, with little memory."""

from __future__ import annotations

import copy
import functools
import io
import random
import zipfile
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.manage.files.archive import LARGEST_TOGETHER, pack, unpack
from screening.manage.files.arriving import Plan, files_in, plan
from screening.manage.files.pieces import Definition, definition_of, from_bytes, to_bytes, words_of
from screening.manage.files.reading import LARGEST, Unreadable
from screening.manage.files.services import import_definitions
from screening.manage.files.writing import write
from screening.manage.presenters import VersionPage
from screening.questionnaires.models import DefinitionVersion, Kind, TranslatedText, VersionStatus
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member, sign_in
from tests.manage.files.pages import pages_of
from tests.soon import small, soon
from tests.words.pseudo import CODE

pytestmark = pytest.mark.django_db
SECONDS, MEMORY = 1.0, 64 * LARGEST
HEAD = b"threshold: 1\nkind: messages\nnumber: 1\ndefinition:\n  code: a\n  title: b\n  messages: "
LAUGHS = b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122))
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no text": bytes(range(256)) * 100,
    "half a sign": b"threshold: 1\ntitle: \xff\xfe",
    "a list of a million": b"[" + b"1," * 500_000 + b"]",
    "a list of lists": HEAD + b"[" * 500_000,
    "dashes": HEAD + b"\n   " + b"- " * 400_000,
    "questions": HEAD + b"? " * 400_000,
    "billion laughs": LAUGHS,
    "an anchor": b"threshold: &x 1\n",
    "an object": HEAD + b"!!python/object/apply:os.system ['true']",
    "a name": b"!!python/name:os.system\n",
    "a set": HEAD + b"!!set {a, b}",
    "twice": b"threshold: 1\nthreshold: 1\n",
    "two documents": b"threshold: 1\n---\nthreshold: 1\n",
    "a long number": HEAD + b"9" * 100_000,
    "a number without end": HEAD + b"1.0e+999",
    "a hidden nothing": HEAD + b'"\\0"',
    "half a pair": HEAD + b'"\\ud800"',
    "a bell": HEAD + b"\x07",
    "tabs": HEAD + b"\n\t- a",
    "no end": HEAD + b'"',
    "a long name": HEAD + b"{" + b"a" * 900_000 + b": 1}",
    "empty messages": HEAD + b"[" + b"{}," * 14_000 + b"]",
    "as many as may be": HEAD + b"[" + b"1," * 29_000 + b"]",
    "empty pages": HEAD.replace(b"messages", b"questionnaire", 1)
    + b"[]\n  steps: []\n  pages: ["
    + b"{}," * 14_000
    + b"]",
    "empty lists": HEAD.replace(b"messages", b"questionnaire", 1)
    + b"[]\n  steps: []\n  pages: ["
    + b"{items: []}," * 9_000
    + b"]",
    "empty rules": HEAD.replace(b"messages", b"ruleset", 1) + b"[]\n  rules: [" + b"{}," * 14_000 + b"]",
    "a number for a title": HEAD.replace(b"title: b", b"title: 1") + b"[]",
    "the largest number": HEAD.replace(b"number: 1", b"number: 99999999999999999999") + b"[]",
    "many words": b"threshold: 1\nkind: messages\nnumber: 1\ncode: a\nlanguage: cy\ntexts: ["
    + b"{}," * 14_000
    + b"]",
}

WORST = {"a list of a million", "a list of lists", "as many as may be", "empty pages", "empty rules"}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_file_made_to_do_harm_gets_a_finding_with_its_place(name: str, site: Site) -> None:
    with measured(memory=name in WORST):
        found = plan(site=site, files=[("x.yml", HOSTILE[name])])
    findings = found.arrivals[0].findings
    assert findings
    assert all(each.place and each.sentence for each in findings)
    assert len(findings) <= 20


@pytest.mark.parametrize(
    "name", ["../x.yml", "/etc/x.yml", "a\\x.yml", "C:/x.yml", "a/../../x.yml", "\u202ex.yml", "a//x.yml"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="name that is not allowed"):
        unpack(pack([(name, b"x")]))


def test_a_zip_that_is_larger_inside_is_refused() -> None:
    bomb = pack([("x.yml", b"\0" * (200 * LARGEST))])
    with measured(), pytest.raises(Unreadable, match="larger than 1 MB"):
        unpack(bomb)
    many = pack([(f"{number}.yml", b" " * LARGEST) for number in range(LARGEST_TOGETHER // LARGEST + 1)])
    with measured(), pytest.raises(Unreadable, match="larger than 16 MB together"):
        unpack(many)
    with pytest.raises(Unreadable, match="more than 1,000 files"):
        unpack(pack([(f"{number}.yml", b"") for number in range(1001)]))


def test_a_zip_that_is_packed_in_an_odd_way_is_refused() -> None:
    for way in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", way) as archive:
            archive.writestr("x.yml", "x" * 1000)
        with pytest.raises(Unreadable, match="cannot be opened"):
            unpack(packed.getvalue())


@functools.cache
def good_files() -> list[bytes]:
    word = TranslatedText(place="message.nudge.email.text", source_sha256="0" * 64, text="[ŵĥáţ]")
    words = words_of(("messages", "default", 1), CODE, {word.place: word})
    files = [to_bytes(definition_of(kind, 1, shipped(kind))) for kind in Kind]
    return [*files, *files[2:] * 4, to_bytes(words)]  # the small kinds more often: they are as odd


VALUES: list[Any] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "x" * 10_000,
    "{clinic.__class__}",
    "{{ 7*7 }}",
    "<script>",
    "\u202e",
    "1 / 0",
    "define",
    [],
    {},
    [[]],
    {"": ""},
    "(" * 500,
    ["a"] * 500,
    functools.reduce(lambda inner, _: [inner], range(30), "x"),  # type: ignore[arg-type,return-value]
]
TOKENS = [
    b"&a ",
    b"*a",
    b"!!x ",
    b"---\n",
    b"\0",
    b"\xff",
    b"[",
    b"{",
    b"? ",
    b"|\n",
    b'"',
    b"\t",
    b"\r",
    b": ",
]


def fuzzed(chance: random.Random) -> bytes:
    raw = chance.choice(good_files())
    if chance.random() < 0.5:
        piece = from_bytes(raw)[0]
        assert piece is not None
        value = piece.model_dump(mode="json")
        for _ in range(chance.randint(1, 4)):
            within = value["definition"] if "definition" in value and chance.random() < 0.9 else value
            change_somewhere(within, chance)
        return write(value)
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[at:at] = chance.choice(TOKENS)
            case 1:
                del changed[at : at + chance.randint(1, 200)]
            case 2:
                changed[at:at] = changed[: chance.randint(0, 400)]
            case _:
                changed[at : at + 1] = bytes([chance.randrange(256)])
    return pack([("a.yml", bytes(changed))]) if chance.random() < 0.1 else bytes(changed)


def change_somewhere(value: Any, chance: random.Random) -> None:
    """Replace, remove or rename one part, anywhere."""
    while isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.8:
            value = value[key]
            continue
        match chance.randrange(4):
            case 0:
                del value[key]
            case 1 if isinstance(value, dict):
                value[f"{key}x"] = value.pop(key)
            case _:
                value[key] = copy.deepcopy(chance.choice(VALUES))
        return


def measured(*, memory: bool = True) -> AbstractContextManager[None]:
    """Less than a second of the processor, or 64 MiB: counting the memory takes time of its own."""
    return small(MEMORY) if memory else soon(SECONDS)


def look(site: Site, raw: bytes) -> Plan | None:
    try:
        return plan(site=site, files=files_in("x.yml", raw))
    except Unreadable:
        return None


def bring_in_and_read(site: Site, raw: bytes, found: Plan, writer: Client | None) -> None:
    """What was not refused can be kept, and has a page; for a writer those of its editor too."""
    with transaction.atomic():
        by = Actor.system("tests")
        files = files_in("x.yml", raw)
        import_definitions(site=site, files=files, seen=found.fingerprint, by=by, at=NOON)
        for draft in DefinitionVersion.objects.filter(site=site, status=VersionStatus.DRAFT):
            VersionPage.of(draft)
            if writer is not None:
                for address in pages_of(draft):
                    assert writer.get(address).status_code in (200, 404), address
        transaction.set_rollback(True)


def run(site: Site, seed: int, times: int) -> dict[str, int]:
    chance = random.Random(seed)  # noqa: S311
    writer = sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    seen = {"refused": 0, "found": 0, "good": 0}
    for number in range(times):
        raw = fuzzed(chance)
        with measured(memory=number % 25 == 0):
            found = look(site, raw)
        if found is None or found.refused:
            seen["refused"] += 1
            for each in found.arrivals if found else ():
                assert each.verdict != "refused" or (each.findings and each.findings[0].place)
            continue
        seen["found" if any(each.findings for each in found.arrivals) else "good"] += 1
        if number % 5 == 0:
            bring_in_and_read(site, raw, found, writer if number % 15 == 0 else None)
    return seen


def test_what_chance_makes_of_a_file_never_breaks_anything(site: Site) -> None:
    seen = run(site, seed=6, times=150)
    assert min(seen.values()) > 3, seen


@pytest.mark.nightly
def test_ten_thousand_files_that_chance_made(site: Site) -> None:
    assert sum(run(site, seed=7, times=10_000).values()) == 10_000


@pytest.mark.parametrize("name", sorted(WORST))
def test_the_worst_is_refused_within_a_second(name: str, site: Site) -> None:
    with measured(memory=False):
        plan(site=site, files=[("x.yml", HOSTILE[name])])


def test_a_good_file_is_read(site: Site) -> None:
    assert all(isinstance(from_bytes(raw)[0], Definition) for raw in good_files()[:5])
