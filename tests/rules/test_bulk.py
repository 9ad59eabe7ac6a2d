"""What many documents judged together could have told apart otherwise than one by itself."""

from __future__ import annotations

import copy

from screening.rules.bulk import Bulk
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
