"""How each operation of the language is said: one row for each, and the words around literals and lists."""

from __future__ import annotations

from functools import cache

import pytest

from screening.rules.compiled import CompiledRuleSet
from screening.rules.english import reading_of_rule
from screening.rules.phrases import sentence
from tests.rules.content import rule, small

SAID = [
    ('much > 2', '“How much?” is more than 2.'),
    ('much != 2', '“How much?” is not 2.'),
    ('flag in kinds', '“Is it new?” is one of “Kinds”.'),
    ("flag ~ 'yes'", '“Is it new?” is answered “Yes”.'),
    ("flag !~ 'yes'", '“Is it new?” is not answered “Yes”.'),
    ('much < 2', '“How much?” is less than 2.'),
    ('much <= 2', '“How much?” is at most 2.'),
    ('much >= 2', '“How much?” is at least 2.'),
    ('much = 2', '“How much?” is 2.'),
    ('share between 0.5 and 1.0', '“Share” is between 0.5 and 1.0, both included.'),
    ('much between 1 and 3', '“How much?” is between 1 and 3, both included.'),
    ('much in {1}', '“How much?” is 1.'),
    ('{1} included in {much}', '1 is among “How much?”'),
    ('{much} includes {1}', '“How much?” include 1.'),
    ('agree xor much = 1', 'Either “Agree?” is yes or “How much?” is 1, but not both.'),
    ('{agree} includes agree', '“Agree?” include “Agree?”'),
    ('agree is true', 'It is certain that “Agree?” is yes.'),
    ('agree is false', 'It is certain that this is not so: “Agree?” is yes.'),
    ('agree is not false', 'It is not ruled out that “Agree?” is yes.'),
    ('(much as Integer) is null', '“How much?” is blank.'),
    ('much + 1 is null', '“How much?” plus 1 is not known.'),
    ('much + 1 is not null', '“How much?” plus 1 is known.'),
    ('"day" before Today()', '“Since when?” is before the day of assessment.'),
    ('"day" after Today()', '“Since when?” is after the day of assessment.'),
    ('"day" same as Today()', '“Since when?” is the same value as the day of assessment.'),
    ('"day" same year as Today()', '“Since when?” is the same year as the day of assessment.'),
    ('"day" same or before Today()', '“Since when?” is on or before the day of assessment.'),
    ('"day" same or after Today()', '“Since when?” is on or after the day of assessment.'),
    ('years between "day" and Today() >= 1', 'The whole years from “Since when?” to the day of assessment is at least 1.'),  # noqa: E501
    ('difference in months between "day" and Today() >= 1', 'The month boundaries from “Since when?” to the day of assessment is at least 1.'),  # noqa: E501
    ('exists words', '“Words” has at least one entry.'),
    ('exists (words as List<String>)', '“Words” has at least one entry.'),
    ('exists (words union words)', 'There is at least one of “Words” together with “Words”.'),
    ('not exists (words union words)', 'There is none of “Words” together with “Words”.'),
    ('much - 1 = 2', '“How much?” minus 1 is 2.'),
    ('much * 2 = 2', '“How much?” times 2 is 2.'),
    ('much / 2 = 2', '“How much?” divided by 2 is 2.'),
    ('much div 2 = 2', '“How much?” divided by 2 without the rest is 2.'),
    ('much mod 2 = 1', 'The rest of “How much?” divided by 2 is 1.'),
    ("why & 'x' = 'ax'", '“Why?” followed by “x” is “ax”.'),
    ("why + 'x' = 'ax'", '“Why?” plus “x” is “ax”.'),
    ('-much = 2', 'Minus “How much?” is 2.'),
    ('+much = 2', '“How much?” is 2.'),
    ('Round(share, 1) = 0.5', '“Share” rounded to 1 decimals is 0.5.'),
    ('Round(share) = 1.0', 'Round of “Share” is 1.0.'),
    ('LowBoundary("day", 8) = Today()', 'The earliest day that “Since when?” can be is the day of assessment.'),  # noqa: E501
    ('HighBoundary("day", 8) = Today()', 'The latest day that “Since when?” can be is the day of assessment.'),  # noqa: E501
    ('Count(words) = 1', 'The number of “Words” is 1.'),
    ('Sum(tries T return all T."weeks") = 1', 'The sum of “Weeks” for each of “Tries” is 1.'),
    ('Avg(tries T return all T."weeks") = 1', 'The average of “Weeks” for each of “Tries” is 1.'),
    ('Min(tries T return all T."weeks") = 1', 'The least of “Weeks” for each of “Tries” is 1.'),
    ('Max(tries T return all T."weeks") = 1', 'The greatest of “Weeks” for each of “Tries” is 1.'),
    ("First(words) = 'x'", 'The first of “Words” is “x”.'),
    ("Last(words) = 'x'", 'The last of “Words” is “x”.'),
    ('Length(why) = 3', 'The length of “Why?” is 3.'),
    ('AllTrue({agree})', 'All of “Agree?” are so.'),
    ('AnyTrue({agree})', 'At least one of “Agree?” is so.'),
    ('AllTrue(tries T return all T."weeks" = 1)', 'All of “Weeks” is 1 for each of “Tries” are so.'),
    ('distinct words', 'One finding each: “Words” without repeats.'),
    ('flatten {words, words}', 'One finding each: “Words” and “Words” in one list.'),
    ('words union kinds', 'One finding each: “Words” together with “Kinds”.'),
    ('words intersect kinds', 'One finding each: what “Words” and “Kinds” have in common.'),
    ('words except kinds', 'One finding each: “Words” without “Kinds”.'),
    ("singleton from words = 'x'", 'The only one of “Words” is “x”.'),
    ("Lower(why) = 'x'", '“Why?” in small letters is “x”.'),
    ("Upper(why) = 'x'", '“Why?” in capital letters is “x”.'),
    ("StartsWith(why, 'x')", '“Why?” starts with “x”.'),
    ("EndsWith(why, 'x')", '“Why?” ends with “x”.'),
    ("Matches(why, 'x')", '“Why?” has the pattern “x”.'),
    ("PositionOf('x', why) = 2", 'The place of “x” in “Why?” is 2.'),
    ("PositionOf('x', why) < 0", '“Why?” does not contain “x”.'),
    ("PositionOf('x', why) < 0.0", '“Why?” does not contain “x”.'),
    ("PositionOf('x', why) >= 1", 'The place of “x” in “Why?” is at least 1.'),
    ("PositionOf('x', why) > 0", 'The place of “x” in “Why?” is more than 0.'),
    ('successor of much = 2', 'The next after “How much?” is 2.'),
    ('predecessor of much = 2', 'The one before “How much?” is 2.'),
    ("Coalesce(why, 'y') = 'x'", '“Why?” (a blank counts as “y”) is “x”.'),
    ("Coalesce(flag, '') = 'yes'", '“Is it new?” is answered “Yes”.'),
    ('Coalesce(agree, true)', '“Agree?” is yes, or this cannot be told.'),
    ('Coalesce(much, 3) = 3', '“How much?” (a blank counts as 3) is 3.'),
    ('Coalesce(much, 3) = 3.5', '“How much?” (a blank counts as 3) is 3.5.'),
    ('Coalesce(much, 3, 4) = 3', '(“How much?”, or where that is not known 3, or where that is not known 4) is 3.'),  # noqa: E501
    ('Coalesce(much, double) = 3', '(“How much?”, or where that is not known the score Double) is 3.'),
    ("Substring(why, 1) = 'x'", 'Substring of “Why?” and 1 is “x”.'),
    ("Indexer(words, 0) = 'x'", 'Indexer of “Words” and 0 is “x”.'),
    ('Tuple{a_b: 1} = Tuple{a_b: 2}', '[a b: 1] is [a b: 2].'),
    ('Tuple{a: agree} = Tuple{a: much = 1}', '[a: “Agree?”] is [a: “How much?” is 1].'),
    ('{1, 2} = {3}', '1 and 2 is 3.'),
    ('List<Integer>{} = {3}', 'Nothing is 3.'),
    ("much + 3 > 2 and agree and why = 'x'", '“How much?” plus 3 is more than 2, and “Agree?” is yes, and “Why?” is “x”.'),  # noqa: E501
    ('much = 1 or agree or much = 3', '“How much?” is 1 or 3 or “Agree?” is yes.'),
    ('much = 1 or much = 3 or agree', '“How much?” is 1 or 3 or “Agree?” is yes.'),
    ('much = 1 and much = 3', '“How much?” is 1 and “How much?” is 3.'),
    ('Coalesce(agree, much = 1, false)', '“Agree?” is yes, or “How much?” is 1, and this is certain.'),
    ('(case when agree then 1 else 2 end) = 1', '(1 if “Agree?” is yes; otherwise 2) is 1.'),
    ('Tuple{a: agree and much = 1} = Tuple{a: false}', '[a: “Agree?” is yes and “How much?” is 1] is [a: no].'),  # noqa: E501
    ('if agree then much = 1 or agree else much = 2 and agree', '(“How much?” is 1 or “Agree?” is yes) if “Agree?” is yes; otherwise (“How much?” is 2 and “Agree?” is yes).'),  # noqa: E501
    ("why = 'a_b'", '“Why?” is “a b”.'),
    ("why = ''", '“Why?” is nothing.'),
    ('agree = true', '“Agree?” is yes.'),
    ('true', 'Yes.'),
    ('null as Boolean', 'Not known.'),
    ('not (agree and much = 1)', 'It is not so that (“Agree?” is yes and “How much?” is 1).'),
    ('not (much = 1)', 'It is not so that “How much?” is 1.'),
    ('not "asked much"', '“How much?” is not asked.'),
    ('"asked much"', '“How much?” is asked.'),
    ('3 months = 3 months', '3 months is 3 months.'),
    ('1 month = 1 month', '1 month is 1 month.'),
    ('2.50 = share', '“Share” is 2.50.'),
    ('why is String', '“Why?” is a String.'),
    ('exists (from tries T, kinds K where T.name = K)', 'For at least one of the combinations of “Tries” (‘T’) and “Kinds” (‘K’), “Name” of ‘T’ is ‘K’.'),  # noqa: E501
    ('not exists (from tries T, tries U where T.name = U.name)', 'For none of the combinations of “Tries” (‘T’) and “Tries” (‘U’), “Name” of ‘T’ is “Name” of ‘U’.'),  # noqa: E501
    ('exists (from kinds K, words W)', 'There is at least one of the combinations of “Kinds” (‘K’) and “Words” (‘W’).'),  # noqa: E501
    ('from kinds K, words W, (much) M return K', 'One finding each: ‘K’ for each of the combinations of “Kinds” (‘K’), “Words” (‘W’) and “How much?” (‘M’).'),  # noqa: E501
    ('from tries T, (much) M where T."weeks" > M return T.name', 'One finding each: “Name” of ‘T’ for each of the combinations of “Tries” (‘T’) and “How much?” (‘M’) where “Weeks” of ‘T’ is more than ‘M’.'),  # noqa: E501
    ('(from tries T, (much) M aggregate N starting 0: N + T."weeks" + M) > 5', 'N plus “Weeks” of ‘T’ plus ‘M’, over the combinations of “Tries” (‘T’) and “How much?” (‘M’) is more than 5.'),  # noqa: E501
    ("exists (kinds K where exists (from tries T, words K where T.name = K))", 'For at least one of “Kinds”, for at least one of the combinations of “Tries” (‘T’) and “Words” (‘K’), “Name” of ‘T’ is ‘K’.'),  # noqa: E501
]  # fmt: skip


CODES = {expression: f"R{number}" for number, (expression, _) in enumerate(SAID)}


@cache
def whole() -> CompiledRuleSet:
    """One rule set with a rule for each row: compiled once, read row by row."""
    return small(*(rule(code, "caution", expression) for expression, code in CODES.items()))


@pytest.mark.parametrize(("expression", "expected"), SAID)
def test_an_operation_in_words(expression: str, expected: str) -> None:
    assert reading_of_rule(whole(), CODES[expression]) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("(one or two)", "One or two."),
        ("(one) or (two)", "(one) or (two)."),
        (" one is “Why?”", "One is “Why?”"),
        ("one ends.", "One ends."),
    ],
)
def test_a_sentence_has_a_capital_and_a_stop_and_no_brackets_around_all_of_it(words: str, said: str) -> None:
    assert sentence(words) == said
