"""A name that a template makes in one block is empty in the next: a way back without an address, say."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from tests.guards.source import templates

TAG = re.compile(r"{% *(?P<verb>\w+)(?P<rest>[^%]*)%}|{{(?P<shown>.*?)}}", re.DOTALL)
MADE = re.compile(r" (?:as|asvar) (\w+)")
WORD = re.compile(r"\"[^\"]*\"|(?<![.\w|])([a-z_]\w*)")


def lost(source: str) -> set[str]:
    """The names that are made in a block and read outside it."""
    open_blocks: list[str] = []
    made, read = defaultdict(set), defaultdict(set)
    for tag in TAG.finditer(source):
        verb, rest = tag["verb"] or "", tag["rest"] or tag["shown"] or ""
        if verb == "block":
            open_blocks.append(rest.strip())
        elif verb == "endblock":
            open_blocks.pop()
        else:
            here = tuple(open_blocks)
            if verb not in ("for", "with"):
                for name in MADE.findall(rest):
                    made[name].add(here)
            for name in WORD.findall(MADE.sub("", rest)):
                read[name].add(here)
    return {
        name
        for name, places in made.items()
        for here in read[name]
        if not any(here[: len(place)] == place for place in places)
    }


@pytest.mark.parametrize("path", sorted(templates()))
def test_a_name_is_read_where_it_was_made(path: str) -> None:
    assert lost(templates()[path]) == set()


MAKES = "{% block a %}{% url 'x' as way %}"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (MAKES + "{% endblock %}{% block b %}{{ way }}{% endblock %}", {"way"}),
        (MAKES + "{% endblock %}{% block b %}{% button href=way %}{% endblock %}", {"way"}),
        (MAKES + "{{ way }}{% endblock %}", set()),
        (MAKES + "{% block b %}{{ way }}{% endblock %}{% endblock %}", set()),
        (MAKES + '{% endblock %}{% block b %}{{ a.way }} "way"{% endblock %}', set()),
    ],
)
def test_the_guard_finds_a_name_that_is_lost(source: str, names: set[str]) -> None:
    assert lost(source) == names
