"""What many documents judged together could have told apart otherwise than one by itself."""

from __future__ import annotations

import copy
from typing import Any

from screening.rules.assess import assess
from screening.rules.bulk import Bulk
from screening.rules.compiled import CompiledRuleSet
from screening.rules.judged import Short
from screening.rules.packed import Document
from tests.rules.content import DAY, SMALL, rule, small
from tests.rules.test_replay import shorts, together


def test_a_branch_whose_question_is_closed_goes_by_a_blank_and_not_by_what_was_said() -> None:
    pages = copy.deepcopy(SMALL["pages"])
    pages[2]["items"].append({"id": "more", "type": "text", "text": "More?", "show_when": "much >= 5"})
    compiled = small(rule("MORE", "caution", "more is not null"), form={**SMALL, "pages": pages})
    said = [{"flag": flag, "much": much, "more": "yes"} for flag in ("yes", "no") for much in (3, 7)]
    found = [judged.codes for judged in together(compiled, *said)]
    assert found == [frozenset(), {"MORE"}, {"MORE"}, {"MORE"}]


def test_entries_with_more_or_less_than_their_group_asks_are_judged_as_one_by_one() -> None:
    pages = copy.deepcopy(SMALL["pages"])
    inner = [{"id": "one", "type": "integer", "text": "One?"}, {"id": "two", "type": "text", "text": "Two?"}]
    pages[2]["items"].append({"id": "pair", "type": "group", "text": "A pair", "items": inner})
    pages[2]["items"][0]["items"].append({"id": "note", "type": "display", "text": "As on the box."})
    compiled = small(
        rule("LONG", "exclude", 'exists (tries T where T."weeks" > 3)', unknown="INF_LONG"),
        rule("PAIR", "caution", "pair.one > 3", unknown="INF_PAIR"),
        form={**SMALL, "pages": pages},
    )
    answered = small(rule("ANY", "note", "pair is not null"), form={**SMALL, "pages": pages})
    tries: list[Any] = [
        [{"name": "y", "weeks": 5}],
        [{"name": "y", "weeks": 5, "other": 1}],
        [{"name": "y", "weeks": 5, "note": "x"}],
        [{"name": "y", "other": 1}, {"name": "y", "weeks": 5}],
        [{"name": "y"}, {"weeks": 2}],
        [{}],
        [],
        [{"weeks": 5}, "x"],
    ]
    pairs: list[Any] = [{"one": 5}, {"one": 2, "two": "x"}, {"one": "x"}, {}, [{"one": 5}], [], "x", 0]
    said: list[dict[str, Any]] = [{"tries": each} for each in tries] + [{"pair": each} for each in pairs]
    for answers in (said, said[:8], said[8:], [said[1]], [said[12]]):
        for rules in (compiled, answered):
            found = together(rules, *answers)
            assert found == [Short.of(assess(rules, each, as_of=DAY)) for each in answers]


def with_more(show_when: str) -> CompiledRuleSet:
    """The small form with a further question in each entry, and a rule that asks whether it is answered."""
    pages = copy.deepcopy(SMALL["pages"])
    more = {"id": "more", "type": "text", "text": "More?", "show_when": show_when}
    pages[2]["items"][0]["items"].append(more)
    answered = rule("MORE", "caution", "exists (tries T where T.more is not null)")
    return small(answered, form={**SMALL, "pages": pages})


def test_a_question_of_an_entry_is_closed_with_the_one_it_stands_on() -> None:
    compiled = with_more('Coalesce("weeks", 0) > 3')
    said: list[dict[str, Any]] = [
        {"tries": [{"name": name, "weeks": weeks, "more": "z"}]} for name in "xy" for weeks in (2, 9)
    ]
    assert [judged.codes for judged in together(compiled, *said)] == [set(), set(), set(), {"MORE"}]
    for one in said:
        assert together(compiled, one) == [Short.of(assess(compiled, one, as_of=DAY))]


def test_a_code_that_another_rule_could_raise_as_well_is_left_to_the_whole_judgement() -> None:
    said: dict[str, Any] = {"words": ["x"], "agree": True}
    words = "words W return all W"
    for rules in (
        [rule("L:x", "caution", "agree"), rule("L", "exclude", words)],
        [rule("L:x", "caution", "agree"), rule("ASK", "more_info", "share > 1", unknown="L:x")],
        [rule("L", "urgent", words, tier=2), rule("L:x", "urgent", "agree", tier=1)],
        [rule("FINE", "note", "agree"), rule("L:x", "note", "agree"), rule("L", "exclude", words)],
    ):
        compiled = small(*rules)
        assert together(compiled, said) == [Short.of(assess(compiled, said, as_of=DAY))]


def test_an_exclusion_on_an_answer_in_doubt_is_unknown_wherever_it_stands() -> None:
    compiled = small(
        rule("ODD", "contradiction", "agree and much > 5", blocks=["much"]),
        rule("MUCH", "exclude", "much > 5", unknown="INF_MUCH"),
    )
    said = [{"flag": "yes", "much": much, "agree": agree} for much in (3, 7) for agree in (True, False)]
    for answers in (said, said[::-1], said[1:], said[2:]):
        found = together(compiled, *answers)
        assert found == [Short.of(assess(compiled, each, as_of=DAY)) for each in answers]
    assert [judged.outcome for judged in together(compiled, *said)] == [
        "flagged_review", "flagged_review", "more_info", "not_currently",
    ]  # fmt: skip


def test_a_flag_that_rests_on_entries_is_silenced_by_nothing_that_was_cleared() -> None:
    compiled = small(rule("LONG", "urgent", 'exists (tries T where T."weeks" > 3)', tier=2))
    said = {"tries": [{"name": "y", "weeks": 5}]}
    dealt_with = (("tries", "y"), ("flag", "yes"))
    documents = [Document("D", said, DAY, (), dealt_with), Document("E", {}, DAY, (), dealt_with)]
    assert [judged.tier for judged in shorts(documents, Bulk(compiled))] == [2, None]


def test_a_condition_that_fails_inside_an_entry_is_seen_as_by_the_whole_judgement() -> None:
    compiled = with_more("cast (name as Any) as Integer > 3")
    said: list[dict[str, Any]] = [{"tries": [{"name": "y", "more": "z"}]}, {"tries": [{"more": "z"}]}, {}]
    assert together(compiled, *said) == [Short.of(assess(compiled, each, as_of=DAY)) for each in said]


def test_an_output_that_fails_is_seen_as_by_the_whole_judgement() -> None:
    compiled = small(
        rule("HOLDS", "caution", "agree"), outputs={"broken": "cast (First(words) as Any) as Integer"}
    )
    said: list[dict[str, Any]] = [{"agree": True, "words": ["x"]}, {"agree": True}]
    found = together(compiled, *said)
    assert found == [Short.of(assess(compiled, each, as_of=DAY)) for each in said]
    assert [any(code.startswith("INF_ERROR") for code in each.codes) for each in found] == [True, False]


def test_what_only_a_notice_depends_on_is_not_needed() -> None:
    pages = copy.deepcopy(SMALL["pages"])
    pages[2]["items"].append({"id": "note", "type": "display", "text": "Note.", "show_when": "share > 1"})
    bulk = Bulk(small(rule("HOLDS", "caution", "agree"), form={**SMALL, "pages": pages}))
    assert {"agree", "flag", "much"} <= bulk.needed
    assert not {"share", "note"} & bulk.needed


def test_a_flag_that_still_stands_has_the_code_of_its_own_rule() -> None:
    compiled = small(
        rule("MILD", "caution", {"question": "flag", "answers": ["yes"]}),
        rule("GRAVE", "urgent", {"question": "flag", "answers": {"yes": 1}}),
    )
    document = Document("D", {}, DAY, (("flag", 2),))
    (judged,) = shorts([document], Bulk(compiled))
    assert judged.codes == {"GRAVE"}


def test_a_flag_that_rests_on_two_answers_is_silenced_by_neither() -> None:
    compiled = small(rule("GRAVE", "urgent", "flag = 'yes' and agree", tier=1))
    dealt_with = (("flag", "yes"), ("agree", "true"))
    (judged,) = shorts([Document("D", {"flag": "yes", "agree": True}, DAY, (), dealt_with)], Bulk(compiled))
    assert (judged.outcome, judged.tier) == ("urgent", 1)
