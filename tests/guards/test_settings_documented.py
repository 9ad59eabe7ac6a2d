"""Every variable the code reads is in .env.example, and nothing else is."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

import yaml

from tests.platform.production import ROOT

READERS = {"text", "flag", "number", "words", "database", "get", "secret", "keys", "choice", "address"}
# Read from the process, but not settings of ours.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "GRANIAN_PORT", "POSTGRES_USER", "POSTGRES_DB", "PGPASSWORD"}


def _names_read() -> Iterator[str]:
    for file in sorted((ROOT / "clinic").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            name: ast.expr | None = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                holder = ast.unparse(node.func.value)
                if node.func.attr in READERS and holder in {"env", "os.environ"}:
                    name = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                name = node.slice
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _names_documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))


def test_every_variable_that_is_read_is_documented_with_a_sentence() -> None:
    read = set(_names_read())
    assert len(read) > 25, "the scan found too little to prove anything"
    assert read - _names_documented() - NOT_OURS == set()


def test_nothing_is_documented_that_nobody_reads() -> None:
    compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert _names_documented() - set(_names_read()) - compose == set()


def test_each_documented_variable_follows_a_comment_or_its_sibling() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"#?[A-Z][A-Z_]+=", line):
            assert above.startswith("#"), f"{line} stands without a sentence"


def test_compose_says_nothing_that_is_not_documented() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    said = {name for service in services.values() for name in service.get("environment", {})}
    assert len(said) > 6
    assert said - _names_documented() - NOT_OURS == set()
