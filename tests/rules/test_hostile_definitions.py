"""Definitions made to keep the checks busy: read, refused or left unchecked soon, and never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules import firing, shapes
from screening.rules.conditions import Condition, Row, Unwritable, write
from screening.rules.journey import Journey
from screening.rules.library import DefinitionError
from screening.rules.lint import lint, lint_ruleset, read_remarks
from screening.rules.lint_rules import lint_rules
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.ruleset import RuleSet
from tests.soon import small, soon

Content = dict[str, Any]


def asking(items: list[Content], **more: Any) -> Content:
    page = {"id": "p", "step": "s", "title": "t", "items": items}
    return {"code": "q", "title": "t", "steps": [{"id": "s", "title": "s"}], "pages": [page], **more}


def yes_no(number: int) -> Content:
    return {"id": f"i{number}", "type": "boolean", "text": "x"}


def choice(many: int) -> Content:
    options = [{"code": f"o{number}", "text": "x"} for number in range(many)]
    return {"id": "a", "type": "choice", "text": "x", "options": options}


def judging(rules: list[Content], **more: Any) -> Content:
    return {"code": "r", "title": "t", "questionnaire": "q", "rules": rules, **more}


def rule(number: int, when: Any = "true") -> Content:
    return {"code": f"R{number}", "effect": "note", "when": when, "clinician": "c", "source": "s"}


def linted(asked: Content, judged: Content) -> list[Any]:
    return lint_ruleset(Questionnaire.model_validate(asked), RuleSet.model_validate(judged))


def test_a_form_of_very_many_questions_steps_and_statements_is_read_soon() -> None:
    many = asking([yes_no(number) for number in range(12_000)])
    agreed = [
        {"id": f"S{n}", "required": True, "kind": "tick", "item": "i11999", "text": "x"} for n in range(6000)
    ]
    with soon():
        assert read_remarks(Questionnaire, many) == []
        assert read_remarks(Questionnaire, {**many, "statements": agreed}) == []


def test_a_question_with_very_many_answers_is_made_ready_soon() -> None:
    asked = Questionnaire.model_validate(asking([choice(20_000)]))
    with soon():
        Journey(asked)
        assert len(asked.item("a").offered({})) == 20_000
        (remark,) = linted(asking([choice(20_000)]), judging([rule(0, {"question": "a", "answers": ["x"]})]))
    assert remark.sentence == "a has no answer x."


@pytest.mark.parametrize("bound", ["1e999999999", "-1e999999999", "1e19"])
def test_a_bound_that_is_too_large_to_compute_with_is_refused(bound: str) -> None:
    item = {"id": "a", "type": "integer", "text": "x", "min": 0, "max": bound}
    if bound.startswith("-"):
        item |= {"min": bound, "max": 0}
    (remark,) = read_remarks(Questionnaire, asking([item]))
    assert remark.place.endswith("min" if bound.startswith("-") else "max")


@pytest.mark.parametrize("typed", ["1e999999999", "1E-999999999"])
def test_a_condition_is_not_written_with_a_number_that_would_fill_the_memory(typed: str) -> None:
    items = {"a": Item(id="a", type="decimal", text="x")}
    with small(2**20), pytest.raises(Unwritable):
        write(Condition("and", (Row("a", "is", (typed,)),)), items)


def test_a_table_has_no_more_cells_than_a_file_has_values() -> None:
    columns = {f"c{number}": "String" for number in range(200)}
    table = {"columns": columns, "rows": [{}] * 151}
    (remark,) = read_remarks(RuleSet, judging([rule(0)], tables={"t": table}))
    assert remark.sentence == "A table has 30,000 cells at most."
    assert read_remarks(RuleSet, judging([rule(0)], tables={"t": {**table, "rows": [{}] * 150}})) == []


def test_the_condition_of_a_page_is_not_written_out_for_more_questions_than_can_be_read() -> None:
    asked = asking([yes_no(0)])
    late = {"id": "late", "step": "s", "title": "t", "show_when": " or ".join(["i0"] * 1000)}
    asked["pages"].append({**late, "items": [yes_no(number) for number in range(1, 1000)]})
    with soon(), pytest.raises(DefinitionError, match="at most 1048576 are read"):
        Journey(Questionnaire.model_validate(asked))


def test_very_many_comparisons_that_are_never_so_are_told_in_part_and_soon() -> None:
    rules = [rule(number, f"a = 'other{number}'") for number in range(1000)]
    with soon():
        found = linted(asking([choice(4000)]), judging(rules))
    assert len(found) == 200
    assert {remark.kind for remark in found} == {"never-true"}


def test_definitions_that_stand_in_the_wrong_order_are_not_too_deep_for_python() -> None:
    turned = "".join(f"define d{n}: if i0 then d{n - 1} else 'x'\n" for n in range(1500, 0, -1))
    judged = judging([rule(0, "d1500 = 'x'")], definitions=f"{turned}define d0: 'y'\n")
    assert linted(asking([yes_no(0)]), judged) == []


def functions(many: int, calls: str) -> str:
    text = "define function f0(x String): x = 'o0'\n"
    return text + "".join(f"define function f{n}(x String): {calls.format(n - 1)}\n" for n in range(1, many))


@pytest.mark.parametrize("calls", ["f{0}(x) or f{0}(x)", "f{0}(x)"])
def test_functions_in_functions_are_looked_at_for_so_long_and_no_longer(calls: str) -> None:
    many = 600 if calls == "f{0}(x)" else 22
    definitions, last = functions(many, calls), many - 1
    checked = RuleSet.model_validate(judging([rule(0, f"f{last}(a) is null")], definitions=definitions))
    with soon():
        lint_ruleset(Questionnaire.model_validate(asking([choice(3)])), checked)


def test_what_is_never_so_in_some_calls_of_a_function_is_not_told_when_others_were_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "define function f(x String): x = 'o1'\ndefine no: f('o2')\ndefine maybe: f(a)\n"
    judged = judging([rule(0, "no or maybe")], definitions=text)
    assert linted(asking([choice(3)]), judged) == []
    monkeypatch.setattr(shapes, "MOST_IN_CALLS", 3)
    assert linted(asking([choice(3)]), judged) == []


def test_what_many_rules_mention_is_found_through_many_definitions_soon() -> None:
    definitions = "define d0: i0\n" + "".join(f"define d{n}: d{n - 1} or i{n % 9}\n" for n in range(1, 1800))
    judged = judging([rule(number, "d1799") for number in range(1800)], definitions=definitions)
    asked = Questionnaire.model_validate(asking([yes_no(number) for number in range(9)]))
    with soon():
        assert lint_rules(asked, RuleSet.model_validate(judged)) == []


def test_rules_are_tried_for_so_long_and_the_others_are_said_to_be_unchecked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = judging([rule(number, "i0 and not i0") for number in range(3)])
    assert [remark.kind for remark in linted(asking([yes_no(0)]), judged)] == ["never-fires"] * 3
    monkeypatch.setattr(firing, "MOST_WORK", 1)
    found = linted(asking([yes_no(0)]), judged)
    assert [remark.kind for remark in found] == ["not-checked"] * 3
    late = {**yes_no(1), "show_when": "i0 and not i0"}
    found = lint(asking([yes_no(0), late]))
    assert [remark.kind for remark in found] == ["not-checked"]


def test_a_rule_that_takes_long_each_time_is_tried_a_few_times_only() -> None:
    numbers = "{" + ", ".join(map(str, range(90))) + "}"
    definitions = f"define n: {numbers}\ndefine number: Count(from n A, n B return all A + B)\n"
    rules = [rule(n, f"number = {n} and " + " and ".join(f"i{k}" for k in range(9))) for n in range(20)]
    with soon():
        found = linted(
            asking([yes_no(number) for number in range(9)]), judging(rules, definitions=definitions)
        )
    assert {remark.kind for remark in found} == {"not-checked"}


def test_a_code_that_begins_as_that_of_a_list_is_found_among_very_many() -> None:
    rules = [rule(number, "{'x'}") for number in range(8000)] + [{**rule(0), "code": "R7:x"}]
    with soon():
        found = lint_rules(
            Questionnaire.model_validate(asking([yes_no(0)])), RuleSet.model_validate(judging(rules))
        )
    assert [remark.place for remark in found] == ["rule R7:x"]
