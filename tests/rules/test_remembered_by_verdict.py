"""What is remembered of answers in somebody's own words: that there are any, and what a rule says of them."""

from __future__ import annotations

import copy

import pytest

from screening.rules.assess import assess
from screening.rules.explain import explain
from screening.rules.remembered import GIVEN, grouping_of
from tests.rules.content import DAY, SMALL, baseline, rule, small
from tests.rules.test_remembered import explained, fresh, kept_of


def test_a_date_is_remembered_by_what_rules_say_of_it() -> None:
    """Two people of an age are explained alike, each with a birthday of their own."""
    compiled = fresh()
    for born, result in (("1977-03-05", "false"), ("1950-01-01", "false"), ("1977-03-05", "false")):
        found = {each.rule: each for each in explained(compiled, baseline(dob=born))}
        assert (found["EXC_AGE"].result, found["EXC_AGE"].answers) == (result, {"dob": born})
        assert found["CAU_AGE_65_PLUS"].result == ("true" if born == "1950-01-01" else "false")
    assert kept_of(compiled, "EXC_AGE") == {
        (GIVEN, "false", "false", "false"),
        (GIVEN, "false", "false", "true"),
    }


def test_what_would_settle_a_date_known_in_part_is_found_anew() -> None:
    """It goes by the year and the month, which are not remembered."""
    compiled = small(rule("R", "exclude", '"day" same or after @2020-06-15'))
    for day, result, settling in (
        ("2020-06", "unknown", ("day",)),
        ("2020", "unknown", ("day",)),
        ("2019", "false", ()),
        ("2020-06", "unknown", ("day",)),
    ):
        (found,) = explain(compiled, {"day": day}, assess(compiled, {"day": day}, as_of=DAY), DAY)
        assert (found.result, found.would_settle, found.answers) == (result, settling, {"day": day})
    assert kept_of(compiled, "R") == {(GIVEN, "false")}


def test_of_rules_on_one_date_none_is_remembered_while_one_of_them_is_open() -> None:
    compiled = small(
        rule("OLD", "exclude", '"day" after @2019-12-31'),
        rule("R", "exclude", 'if "day" after @2021-12-31 then null else "day" after @2020-06-15'),
    )
    for day, settling in (("2020", ("day",)), ("2022", ()), ("2020", ("day",))):
        old, found = explain(compiled, {"day": day}, assess(compiled, {"day": day}, as_of=DAY), DAY)
        assert (old.result, found.result, found.would_settle) == ("true", "unknown", settling)


def test_a_date_that_need_only_be_there_is_told_apart_by_how_exact_it_is() -> None:
    """Where nothing settles a rule but all at once, the exact day of a month is asked for as well."""
    compiled = small(rule("R", "more_info", '"day" is null or agree is null or share is null'))
    for day, settling in (("2020-06-15", ("agree", "share")), ("2020", ("day", "agree", "share"))) * 2:
        judged = assess(compiled, {"day": day}, as_of=DAY)
        (found,) = explain(compiled, {"day": day}, judged, DAY)
        assert sorted(found.would_settle) == sorted(settling)


def test_numbers_that_need_only_be_there_are_told_apart_by_nobody() -> None:
    compiled = fresh()
    for number in (0, 3, None):
        found = {each.rule: each for each in explained(compiled, baseline(peg_e=number))}
        assert found["INF_PEG"].answers["peg_e"] == number
        assert found["INF_PEG"].would_settle == (("peg_e",) if number is None else ())
    assert kept_of(compiled, "INF_PEG") == {(GIVEN, GIVEN, GIVEN), (GIVEN, None, GIVEN)}


def test_a_list_for_which_a_blank_has_elements_is_explained_anew() -> None:
    """That a date gives the same element as none at all is not said by there being one."""
    compiled = small(
        rule("R", "caution", """{if Coalesce("day", @2020-01-01) before @2020-06-15 then 'a' else 'b'}""")
    )
    for day, cause in (("2021-01-01", ("day",)), ("2019-01-01", ()), ("2021-01-01", ("day",))):
        (found,) = explain(compiled, {"day": day}, assess(compiled, {"day": day}, as_of=DAY), DAY)
        assert (found.result, found.cause.items) == ("true", cause)
    assert not kept_of(compiled, "R")


def test_of_two_people_nobody_is_explained_with_the_elements_of_the_other() -> None:
    compiled = fresh()
    for medicine in ("warfarin", "clobazam", "warfarin"):
        found = {each.rule: each for each in explained(compiled, baseline(meds=[medicine]))}
        (finding,) = found["CAU_INTERACTION(H)"].findings
        assert finding.element == medicine
        assert found["CAU_INTERACTION(H)"].cause.items == ("meds",)
        assert found["CAU_INTERACTION(H)"].answers == {"meds": [medicine]}


def test_choices_with_one_word_that_is_on_no_list_are_not_kept() -> None:
    (kinds,) = grouping_of(small(rule("R", "caution", "kinds contains 'a'"))).groups
    assert kinds.may_keep(("a", "b"))
    assert not kinds.may_keep(("a", "her own words"))
    assert not kinds.may_keep(("her own words", "b"))


@pytest.mark.parametrize(("last", "kept"), [(19, True), (20, False)])
def test_a_scale_is_remembered_by_its_number_while_it_is_short(last: int, kept: bool) -> None:
    """Twenty numbers; with more it is a number that somebody chose, like any other."""
    form = copy.deepcopy(SMALL)
    form["pages"][1]["items"][0]["max"] = last
    compiled = small(rule("R", "caution", "much > 3 and agree"), form=form)
    document = {"flag": "yes", "much": 7, "agree": True}
    explain(compiled, document, assess(compiled, document, as_of=DAY), DAY)
    assert bool(kept_of(compiled, "R")) == kept


@pytest.mark.parametrize("share", [0, 2.5])
def test_a_nought_that_need_only_be_there_is_an_answer_like_any_other(share: float) -> None:
    compiled = small(rule("R", "more_info", "share is null or flag = 'yes'"))
    document = {"flag": "no", "share": share}
    explain(compiled, document, assess(compiled, document, as_of=DAY), DAY)
    assert kept_of(compiled, "R") == {("no", GIVEN)}


def test_what_is_listed_is_remembered_by_being_there() -> None:
    compiled = small(rule("R", "more_info", "words is null or flag = 'yes'"))
    for words in (["Gout"], ["Asthma", "Gout"], []):
        document = {"flag": "no", "words": words}
        explain(compiled, document, assess(compiled, document, as_of=DAY), DAY)
    assert kept_of(compiled, "R") == {("no", GIVEN), ("no", ())}


@pytest.mark.parametrize("first", [["a"], ["not_sure"]])
def test_an_answer_that_says_nothing_is_not_taken_for_one_that_does(first: list[str]) -> None:
    """The rule is true either way, and stands on other answers."""
    compiled = small(rule("R", "caution", "exists kinds or (agree and exists words)"))
    causes = {"a": ["kinds"], "not_sure": ["agree", "words"]}
    for kind in (*first, *causes):
        document = {"agree": True, "words": ["x"], "kinds": [kind]}
        (found,) = explain(compiled, document, assess(compiled, document, as_of=DAY), DAY)
        assert [each.item for each in found.cause.answers] == causes[kind]
