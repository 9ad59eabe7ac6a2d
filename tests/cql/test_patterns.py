"""Regular expressions: what they find, what is refused, and that no pattern takes long."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.cql import CqlError, compile_library
from screening.cql.compile import BUDGET
from screening.cql.matching import search
from screening.cql.pattern_syntax import DEPTH_LIMIT, LENGTH_LIMIT, PatternError
from screening.cql.patterns import read_pattern
from tests.cql.evaluating import TODAY, assert_same, evaluate


def run(call: str, text: str | None, pattern: str | None, *more: str | None) -> tuple[Any, str | None]:
    """The value and the error of `call` with these operands, none of them written out in the rule."""
    given_: dict[str, tuple[str, object]] = {"text": ("String", text), "pattern": ("String", pattern)}
    given_ |= {f"more{number}": ("String", value) for number, value in enumerate(more)}
    return evaluate(f"{call}({', '.join(given_)})", **given_)


FOUND = [
    # pattern, text, whether it matches, why
    ("b", "abc", True, "a part is enough"),
    ("^b", "abc", False, "the beginning"),
    ("b$", "abc", False, "the end"),
    ("^abc$", "abc", True, "the whole"),
    ("^abc$", "abc\n", False, "a line break is a character like any other"),
    ("", "", True, "nothing is in nothing"),
    ("", "abc", True, "and in everything"),
    ("a.c", "a\nc", True, "a point takes line breaks"),
    ("^a{2}$", "aa", True, "so many"),
    ("^a{2}$", "aaa", False, "not more"),
    ("^a{2,}$", "aaaa", True, "at least"),
    ("^a{2,}$", "a", False, "not fewer"),
    ("^a{1,2}$", "aaa", False, "not beyond the larger number"),
    ("^a{0}b$", "b", True, "none"),
    ("^a?b$", "b", True, "perhaps"),
    ("^(ab)+$", "abab", True, "a group repeated"),
    ("^(?:a|b)*$", "abba", True, "one or the other"),
    ("^(a|)$", "", True, "or nothing"),
    ("^[a-c]+$", "abcd", False, "a range"),
    ("^[^a-c]$", "d", True, "none of these"),
    ("^[^a-c]$", "b", False, "but one of these"),
    ("^[]a]$", "]", True, "a bracket that comes first is a character"),
    ("^[a-]$", "-", True, "a dash at the end is a character"),
    ("^[-a]$", "-", True, "and at the beginning"),
    (r"^[\d.]+$", "1.5", True, "a class inside a class"),
    (r"^[\]\\]$", "\\", True, "escaped inside a class"),
    (r"^\d$", "7", True, "a digit"),
    (r"^\d$", "٣", False, "a digit of another script is not meant"),
    (r"^\w+$", "a_9", True, "letters, digits and the line"),
    (r"^\w$", "é", False, "as in PCRE, letters are those of ASCII"),
    (r"^\s$", "\t", True, "space"),
    (r"^\S\D\W$", "a-!", True, "anything else"),
    (r"^\D$", "7", False, "no digit"),
    (r"\bcat\b", "a cat sat", True, "a word"),
    (r"\bcat\b", "concatenate", False, "not inside another"),
    (r"\Bcat\B", "concatenate", True, "inside another"),
    (r"\B", "a", False, "nothing comes behind the border at the end"),
    (r"^\b", "", False, "no word, no border"),
    (r"\.", "abc", False, "a point that is meant as such"),
    (r"\t\n\r\f", "\t\n\r\f", True, "characters without a picture"),
    ("😀{2}", "😀😀", True, "any character of Unicode"),
    ("A", "a", False, "capital letters are others"),
    ("^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$", "SW1A 1AA", True, "a postcode"),
    ("^(a*)*$", "aaab", False, "what takes others for ever"),
    ("^(a|aa)+$", "a" * 40 + "b", False, "and this too"),
]


@pytest.mark.parametrize(("pattern", "text", "expected", "why"), FOUND)
def test_matches(pattern: str, text: str, expected: bool, why: str) -> None:
    assert run("Matches", text, pattern) == (expected, None)


REPLACED = [
    # text, pattern, substitution, result, why
    ("aXbX", "X", "-", "a-b-", "every match"),
    ("abc", "X", "-", "abc", "none"),
    ("2026-06-15", r"(\d+)-(\d+)-(\d+)", "$3/$2/$1", "15/06/2026", "groups in another order"),
    ("abc", "b", "[$0]", "a[b]c", "the match itself"),
    ("abc", "b", r"\$0", "a$0c", "a sign that is meant as such"),
    ("abc", "b", "\\\\", "a\\c", "and a backslash"),
    ("ab", "(a)|(b)", "<$1$2>", "<a><b>", "a group without a part is empty"),
    ("axb", "x*", "-", "-a--b-", "a match of nothing, between any two characters"),
    ("", "^$", "-", "-", "nothing in nothing"),
    ("<a><b>", "<.*>", "", "", "as much as possible"),
    ("<a><b>", "<.*?>", "-", "--", "as little as possible"),
    ("aaa", "a{1,2}?", "-", "---", "also between numbers"),
    ("a", r"(?:\b|a)*", "-", "-a-", "what took nothing does not go round"),
    ("a", "(?:|a)*", "-", "-a-", "nor this"),
    ("abcabc", "abc|ab", "-", "--", "the first alternative that does"),
    ("abcabc", "ab|abc", "-", "-c-c", "not the longest"),
    ("ab", "(a)(?:b)", "$1", "a", "a group without a number"),
    ("abab", "(ab|a)(bab)?", "[$1|$2]", "[ab|][ab|]", "the first way, even if another takes more"),
]


@pytest.mark.parametrize(("text", "pattern", "substitution", "expected", "why"), REPLACED)
def test_replace_matches(text: str, pattern: str, substitution: str, expected: str, why: str) -> None:
    assert run("ReplaceMatches", text, pattern, substitution) == (expected, None)


SPLIT = [
    ("a1b22c", "[0-9]+", ("a", "b", "c"), "the parts between"),
    ("abc", "X", ("abc",), "no match, one part"),
    (",a,", ",", ("", "a", ""), "empty parts count"),
    ("abc", "X*", ("abc",), "nothing separates nothing"),
    ("aXXb", "X*", ("a", "b"), "but something does"),
    ("", ",", ("",), "one empty part"),
]


@pytest.mark.parametrize(("text", "pattern", "expected", "why"), SPLIT)
def test_split_on_matches(text: str, pattern: str, expected: tuple[str, ...], why: str) -> None:
    assert run("SplitOnMatches", text, pattern) == (expected, None)


def test_null_in_null_out() -> None:
    for text, pattern in ((None, "a"), ("a", None), (None, None)):
        assert run("Matches", text, pattern) == (None, None)
        assert run("ReplaceMatches", text, pattern, "b") == (None, None)
    assert run("ReplaceMatches", "a", "a", None) == (None, None)
    assert run("SplitOnMatches", None, ",") == (None, None)
    assert run("SplitOnMatches", "a", None) == (("a",), None)


def test_written_out_in_a_rule_and_in_a_query() -> None:
    assert_same(r"Matches('1,2three', '\\d,\\d\\w+')", "true")
    assert_same(r"({'a1', 'b'}) x where Matches(x, '\\d')", "{'a1'}")


REFUSED = [
    # pattern, place, words
    ("a(b", 4, "not closed"),
    ("a)b", 2, "closes nothing"),
    ("*a", 1, "nothing to repeat"),
    ("^*", 2, "nothing to repeat"),
    ("a**", 3, "cannot be repeated"),
    ("a*+", 3, "possessive"),
    ("a{2", 4, "is written"),
    ("a{}", 3, "number of repetitions"),
    ("a{3,2}", 6, "larger number"),
    ("a{1001}", 3, "up to 1000"),
    ("[ab", 4, "too early"),
    ("[b-a]", 4, "no range"),
    (r"[a-\d]", 5, "no range"),
    ("[[:alpha:]]", 2, "named classes"),
    ("a\\", 3, "too early"),
    (r"(a)\1", 5, "back references"),
    (r"\p{L}", 2, "character properties"),
    (r"\Aa", 2, "anchors"),
    (r"\q", 2, r"\q"),
    ("(?=a)", 3, "looking ahead"),
    ("(?<n>a)", 3, "looking behind and named"),
    ("(?i)a", 3, "flags"),
    ("()" * 10, 19, "more than 9"),
    ("(?:" * (DEPTH_LIMIT + 1), 3 * (DEPTH_LIMIT + 1) + 1, "nested"),
    ("a" * (LENGTH_LIMIT + 1), LENGTH_LIMIT + 1, "longer than"),
    ("(?:a{100}){100}", 1, "more than 1000 parts"),
    ("(?:(?:(?:){1000}){1000}){1000}", 1, "more than 1000 parts"),
]


@pytest.mark.parametrize(("pattern", "place", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
def test_what_is_refused_is_named_with_its_place(pattern: str, place: int, words: str) -> None:
    with pytest.raises(PatternError) as refused:
        read_pattern(pattern)
    assert refused.value.place == place
    assert words in str(refused.value)


def test_a_pattern_written_out_is_refused_when_it_is_read() -> None:
    with pytest.raises(CqlError) as refused:
        compile_library("define A:\n  Matches('a', '(b')")
    assert (refused.value.line, refused.value.column) == (2, 16)
    assert refused.value.construct == "regular expression"
    with pytest.raises(CqlError, match=r"no group \$2") as refused:
        compile_library("define A: ReplaceMatches('a', '(b)', 'x$2')")
    assert refused.value.column == 38


def test_a_pattern_that_is_computed_is_an_error_that_is_seen() -> None:
    for call in ("Matches", "SplitOnMatches"):
        assert run(call, "a", "(b") == (None, "Character 3 of the pattern: a bracket is not closed.")
    value, error = run("ReplaceMatches", "a", "a", "$1")
    assert value is None
    assert error == r"Character 1 of the substitution: there is no group $1; a sign itself is \$."


def test_a_text_in_which_something_was_replaced_may_have_64_kibi_characters_and_no_more() -> None:
    full = 64 * 1024
    value, error = run("ReplaceMatches", "x" * (full - 2) + "a", "a", "bb")
    assert (len(value), error) == (full, None)
    value, error = run("ReplaceMatches", "x" * (full - 2) + "a", "a", "bbb")
    assert (value, error) == (None, "A text grew beyond 65536 characters.")


def test_nothing_runs_for_long_and_what_would_is_an_error_that_is_seen() -> None:
    begun = time.monotonic()
    value, error = run("Matches", "a" * 60_000, "(?:a?){30}(?:a*b|a*c|a*d){20}e")
    assert (value, error) == (None, "The text is too long for this pattern.")
    program = compile_library(
        "parameter texts List<String> define A: texts T where Matches(T, '(a|b|ab)*c$')"
    )
    evaluation = program.evaluate({"texts": ["ab" * 5_000] * 1_000}, today=TODAY)
    assert evaluation.errors["A"] == "The text is too long for this pattern."
    value, error = run("ReplaceMatches", "a" * 50_000, "", "b" * 50_000)
    assert (value, error) == (None, "A text grew beyond 65536 characters.")
    assert time.monotonic() - begun < 20  # seconds, of which the budget takes a few on a slow machine


_pieces = st.sampled_from(
    ["a", "b", "c", ".", r"\d", r"\w", r"\s", "[ab]", "[^a]", "[a-c]", "1", "_", r"\b", "^"]
)


def _built(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?"])
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})"),
        st.tuples(inner, signs).map(lambda both: f"(?:{both[0]}){both[1]}"),
        inner.map(lambda one: f"({one})"),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(_pieces, _built, max_leaves=6), st.text("abc1_ \n", max_size=8))
def test_it_finds_what_python_finds(pattern: str, text: str) -> None:
    """Python goes back where we go in step, so agreement is no matter of course."""
    try:
        read = read_pattern(pattern)
    except PatternError:
        return
    ours, theirs = search(read, text, 0, [BUDGET]), re.search(pattern, text, re.DOTALL | re.ASCII)
    assert (ours and ours[:2]) == (theirs and theirs.span())
