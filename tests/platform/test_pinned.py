"""What production runs is the same today and in a year: all that it installs has its version said."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import distribution, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.platform.production import ROOT


def said(name: str) -> list[Requirement]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def needed_by(wanted: Requirement) -> Iterator[Requirement]:
    """What a package asks for here, with the extras that are asked of it."""
    for text in distribution(wanted.name).requires or ():
        needed = Requirement(text)
        extras = ("", *wanted.extras)
        if needed.marker is None or any(needed.marker.evaluate({"extra": each}) for each in extras):
            yield needed


def installed() -> set[str]:
    """The names of all that requirements.txt leads to on this machine."""
    waiting, seen = said("requirements.txt"), set[str]()
    while waiting:
        wanted = waiting.pop()
        name = f"{canonicalize_name(wanted.name)} {sorted(wanted.extras)}"
        if name not in seen:
            seen.add(name)
            waiting += needed_by(wanted)
    return {name.partition(" ")[0] for name in seen}


def test_every_package_that_production_installs_is_pinned() -> None:
    pinned = {
        canonicalize_name(each.name): str(each.specifier)
        for each in (*said("requirements.txt"), *said("constraints.txt"))
    }
    assert all(specifier.startswith("==") for specifier in pinned.values())
    found = installed()
    assert {"django", "cryptography", "kombu"} <= found
    assert found - pinned.keys() == set()
    assert {name: f"=={version(name)}" for name in found} == {name: pinned[name] for name in found}


def test_whoever_installs_reads_the_pins() -> None:
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text().splitlines()
    assert "COPY requirements.txt constraints.txt ./" in (ROOT / "Dockerfile").read_text()
