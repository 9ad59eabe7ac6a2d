"""Regular expressions to their limits: every character of a class, and every refusal word for word."""

# ruff: noqa: E501 (tables are read in rows)

from __future__ import annotations

import re

import pytest

from screening.cql.compile import BUDGET
from screening.cql.errors import EvaluationFailure
from screening.cql.matching import COST, Places, matches_in, search
from screening.cql.pattern_syntax import COUNT_LIMIT, DEPTH_LIMIT, GROUP_LIMIT, LENGTH_LIMIT, PatternError
from screening.cql.pattern_syntax import read_substitution as substitution
from screening.cql.patterns import read_pattern

CHARACTERS = [*map(chr, range(256)), "٣", "é", "ß", "–", "😀", "Ω"]
CLASSES = [
    r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", ".", "[a-f]", "[^a-f]", "[]x]", "[^]x]", "[a-]", "[-a]", r"[\d.]",
    r"[^\w]", r"[\s\d]", r"[^\s\d_]", "[a-cx-z5]", r"[\t\n\r\f]", r"[\]\\]", r"[\^a]", "[a^]", "[0-9A-Fa-f]", r"[+-\.]",
    r"\t", r"\n", r"\r", r"\f", r"\.", r"\$", r"\/", r"\-", "x", "é", r"[\W]", "[a-a]", "[.]", "[$]", "[|]", "[(]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", CLASSES)
def test_a_class_takes_the_characters_that_it_does_elsewhere(pattern: str) -> None:
    ours, theirs = read_pattern(pattern), re.compile(pattern, re.DOTALL | re.ASCII)
    for character in CHARACTERS:
        assert bool(search(ours, character, 0, [BUDGET])) == bool(theirs.fullmatch(character)), character


TEXTS = ("", "a", "ab", "aab", "aaab", "b", "a b", "ab_ a1", "\nx", "a\nb", "xaax", "caab abb")
SEARCHED = [
    "a{2}", "a{1,2}", "a{2,}", "a{0,1}b", "a{0}", "a{2}?", "a{1,2}?", "a*", "a*?", "a+", "a+?", "a?", "a??", "(a)(b)?",
    "(a|ab)(c|b)?", "(?:a|(b))+", "^a", "b$", "^", "$", "^$", r"\b", r"\B", r"\ba", r"a\b", r"\Bb", r"a\B", "(a*)(b*)",
    "((a)|b)*", "a|b|", "(|a)b", "(a+)+b", "x?a+x", "(?:ab|a)(?:b|_)", "(a)|(b)|( )", "a.b", "()", "(a{0})", "(a{2}b)?",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SEARCHED)
def test_what_is_found_begins_and_ends_where_it_does_elsewhere(pattern: str) -> None:
    """With the places of each group: the last time it took part."""
    ours, theirs = read_pattern(pattern), re.compile(pattern, re.DOTALL | re.ASCII)
    for text in TEXTS[pattern == r"\B" :]:  # in nothing, Python sees neither a border nor none
        expected = theirs.search(text)
        found = search(ours, text, 0, [BUDGET])
        assert (found is None) == (expected is None), text
        if found is not None and expected is not None:
            assert found[:2] == expected.span(), text
        if "*" not in pattern and "+" not in pattern and found is not None and expected is not None:
            assert found == tuple(place for span in expected.regs for place in span), text


@pytest.mark.parametrize(
    ("pattern", "text", "spans"),
    [
        ("a", "aba", [(0, 1), (2, 3)]),
        ("a*", "aab", [(0, 2), (2, 2), (3, 3)]),
        ("", "ab", [(0, 0), (1, 1), (2, 2)]),
        ("ab?", "aab", [(0, 1), (1, 3)]),
        ("x", "ab", []),
        ("^a", "aa", [(0, 1)]),
    ],
)
def test_matches_follow_one_another(pattern: str, text: str, spans: list[Places]) -> None:
    assert [found[:2] for found in matches_in(read_pattern(pattern), text, [BUDGET])] == spans
    assert search(read_pattern("a"), "aba", 1, [BUDGET]) == (2, 3)


def test_nothing_is_paid_for_what_stands_behind_a_match() -> None:
    budget = [BUDGET]
    assert search(read_pattern("a"), "a" + "b" * 1000, 0, budget) == (0, 1)
    assert BUDGET - budget[0] < 100


@pytest.mark.parametrize(
    ("pattern", "text", "tried"), [("a", "", 3), ("a", "bb", 9), ("ab", "aab", 16), ("a|b", "c", 10)]
)
def test_each_place_costs_one_and_every_possibility_tried_there_one_more(
    pattern: str, text: str, tried: int
) -> None:
    budget = [COST * tried]
    search(read_pattern(pattern), text, 0, budget)
    assert budget == [0]
    with pytest.raises(EvaluationFailure, match="too long for this pattern"):
        search(read_pattern(pattern), text, 0, [COST * tried - 1])


DEEP = 3 * (DEPTH_LIMIT + 1) + 1
CLOSED, ESCAPE = "a bracket is not closed.", "outside the subset: "
REFUSED = [
    # pattern, place, sentence
    ("a(b", 4, CLOSED),
    ("(?:b", 5, CLOSED),
    ("a)b", 2, "this bracket closes nothing."),
    (")", 1, "this bracket closes nothing."),
    ("*a", 1, "there is nothing to repeat."),
    ("+", 1, "there is nothing to repeat."),
    ("a|?", 3, "there is nothing to repeat."),
    ("({2})", 2, "there is nothing to repeat."),
    ("^*", 2, "there is nothing to repeat."),
    ("$+", 2, "there is nothing to repeat."),
    (r"\b?", 3, "there is nothing to repeat."),
    (r"\B{2}", 3, "there is nothing to repeat."),
    *(
        (f"a{one}{two}", 2 + len(one), "a repetition cannot be repeated; possessive ones are outside the subset.")
        for one in ("*", "+", "?", "{2}", "*?")
        for two in ("*", "+", "{2}")
    ),
    ("a*??", 4, "a repetition cannot be repeated; possessive ones are outside the subset."),
    ("a{2", 4, "a repetition is written {2}, {2,} or {2,4}."),
    ("a{2,3", 6, "a repetition is written {2}, {2,} or {2,4}."),
    ("a{2;3}", 4, "a repetition is written {2}, {2,} or {2,4}."),
    ("a{}", 3, f"a number of repetitions up to {COUNT_LIMIT} is needed here."),
    ("a{,2}", 3, f"a number of repetitions up to {COUNT_LIMIT} is needed here."),
    ("a{1001}", 3, f"a number of repetitions up to {COUNT_LIMIT} is needed here."),
    ("a{00001}", 3, f"a number of repetitions up to {COUNT_LIMIT} is needed here."),
    ("a{1,1001}", 5, f"a number of repetitions up to {COUNT_LIMIT} is needed here."),
    ("a{3,2}", 6, "the larger number comes second."),
    ("[ab", 4, "it ends too early."),
    ("[", 2, "it ends too early."),
    ("[]", 3, "it ends too early."),
    ("[a-", 4, "it ends too early."),
    ("a\\", 3, "it ends too early."),
    ("[\\", 3, "it ends too early."),
    ("(?", 3, "it ends too early."),
    ("[b-a]", 4, "this is no range of characters."),
    (r"[a-\d]", 5, "this is no range of characters."),
    ("[[:alpha:]]", 2, "named classes are outside the subset."),
    ("[a[.x.]]", 3, "named classes are outside the subset."),
    ("[[=a=]]", 2, "named classes are outside the subset."),
    *((rf"(a)\{number}", 5, f"{ESCAPE}back references.") for number in "123456789"),
    (r"\k<n>", 2, f"{ESCAPE}back references."),
    (r"\p{L}", 2, f"{ESCAPE}character properties."),
    (r"[\P]", 3, f"{ESCAPE}character properties."),
    *((rf"a\{sign}", 3, f"{ESCAPE}anchors other than ^ and $.") for sign in "AZzG"),
    (r"\q", 2, f"{ESCAPE}\\q."),
    (r"\X", 2, f"{ESCAPE}\\X."),
    (r"[\b]", 3, f"{ESCAPE}\\b."),
    (r"\0", 2, f"{ESCAPE}\\0."),
    ("(?=a)", 3, "looking ahead are outside the subset."),
    ("(?!a)", 3, "looking ahead are outside the subset."),
    ("(?<n>a)", 3, "looking behind and named groups are outside the subset."),
    ("(?P<n>a)", 3, "named groups are outside the subset."),
    ("(?>a)", 3, "atomic groups are outside the subset."),
    ("(?i)a", 3, "flags are outside the subset."),
    ("()" * (GROUP_LIMIT + 1), 2 * GROUP_LIMIT + 1, f"more than {GROUP_LIMIT} groups; (?:...) is one without a number."),
    ("(?:" * (DEPTH_LIMIT + 1), DEEP, f"groups are nested more than {DEPTH_LIMIT} deep."),
    ("a" * (LENGTH_LIMIT + 1), LENGTH_LIMIT + 1, f"it is longer than {LENGTH_LIMIT} characters."),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "place", "sentence"), REFUSED, ids=[row[0][:20] for row in REFUSED])
def test_what_is_refused_is_told_in_a_sentence_with_its_place(
    pattern: str, place: int, sentence: str
) -> None:
    with pytest.raises(PatternError) as refused:
        read_pattern(pattern)
    assert str(refused.value) == f"Character {place} of the pattern: {sentence}"
    assert (refused.value.place, refused.value.operand) == (place, 0)


@pytest.mark.parametrize(
    "pattern",
    [
        f"[{'a' * (LENGTH_LIMIT - 2)}]",
        "(?:" * DEPTH_LIMIT + ")" * DEPTH_LIMIT,
        "()" * GROUP_LIMIT,
        "(?:)" * (GROUP_LIMIT + 1),
        f"(?:a{{{COUNT_LIMIT // 2}}})",
        "a{0002}",
        "a{2,2}",
        "[[]",
        "[[a]",
        "]",
        "}",
        "a{0,0}",
    ],
    ids=str.__len__,
)
def test_what_is_just_within_the_limits_is_read(pattern: str) -> None:
    read_pattern(pattern)


def test_limits_are_those_that_are_told() -> None:
    assert (LENGTH_LIMIT, COUNT_LIMIT, DEPTH_LIMIT, GROUP_LIMIT) == (1000, 1000, 32, 9)


@pytest.mark.parametrize(
    ("text", "groups", "expected"),
    [
        ("", 1, ()),
        ("ab", 1, ("a", "b")),
        ("$0", 1, (0,)),
        ("a$2b", 3, ("a", 2, "b")),
        ("$12", 2, (1, "2")),
        (r"\$1", 2, ("$", "1")),
        (r"\\", 1, ("\\",)),
        (r"\a", 1, ("a",)),
    ],
)
def test_a_substitution_is_texts_and_groups(text: str, groups: int, expected: tuple[str | int, ...]) -> None:
    assert substitution(text, groups) == expected


@pytest.mark.parametrize(
    ("text", "groups", "place", "sign"),
    [("$1", 1, 1, "$1"), ("ab$", 1, 3, "$"), ("a$x", 9, 2, "$x"), ("\\", 1, 1, "\\"), ("$2", 2, 1, "$2")],
)
def test_a_group_that_is_not_there_is_refused(text: str, groups: int, place: int, sign: str) -> None:
    with pytest.raises(PatternError) as refused:
        substitution(text, groups)
    what = f"there is no group {sign}; a sign itself is \\{sign[0]}."
    assert str(refused.value) == f"Character {place} of the substitution: {what}"
    assert (refused.value.place, refused.value.operand) == (place, 1)
