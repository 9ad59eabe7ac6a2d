"""What the check of definitions finds: one small mistake for each kind of remark."""

# ruff: noqa: E501 (tables of mistakes are read in rows)

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.rules.lint import lint
from screening.rules.remarks import Remark, errors
from tests.rules.content import ROOT, SMALL, read, rule

FINE = rule("FINE", "caution", "flag = 'yes'")


def form(**changes: Any) -> dict[str, Any]:
    """The small form with sources, and with parts of items replaced: `flag={"advice": {...}}`."""
    content = copy.deepcopy(SMALL)
    for part in (*content["scores"], *content["advice"].values()):
        part["source"] = "test"
    for page in content["pages"]:
        for item in page["items"]:
            item.update(changes.get(item["id"], {}))
        page.update(changes.get(f"page_{page['id']}", {}))
    return content | {key: value for key, value in changes.items() if key in ("pages", "scores", "advice")}


def rules(*some: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "code": "judge",
        "title": "Judge",
        "questionnaire": "small",
        "rules": [copy.deepcopy(FINE), *some],
        **more,
    }


def found(remarks: list[Remark]) -> list[tuple[str, str, str]]:
    return [(remark.severity, remark.kind, remark.place) for remark in remarks]


def test_a_sound_form_and_rule_set_have_nothing_to_remark() -> None:
    assert lint(form(), rules()) == []


RULE_MISTAKES: list[tuple[str, Any, tuple[str, str, str], str]] = [
    ("unknown question", "flagg = 'yes'", ("error", "unknown-name", "rule R, line 1"), "'flag'"),
    ("unknown field", "exists (tries T where T.title = 'x')", ("error", "unknown-name", "rule R, line 1"), "title"),
    ("unknown code", "flag = 'yess'", ("error", "never-true", "rule R, line 1"), "no answer yess"),
    ("one of several", "flag in {'yes', 'often'}", ("error", "never-true", "rule R, line 1"), "often"),
    ("code in a list", "kinds contains 'c'", ("error", "never-true", "rule R, line 1"), "no answer c"),
    ("behind a default", "Coalesce(flag, '') = 'often'", ("error", "never-true", "rule R, line 1"), "often"),
    ("an unseen answer", "flag = 'not_sure'", ("error", "never-true", "rule R, line 1"), "counts as unknown"),
    ("above the scale", "much > 10", ("error", "never-true", "rule R, line 1"), "never so"),
    ("below the scale", "much <= -1", ("error", "never-true", "rule R, line 1"), "never so"),
    ("beside the scale", "much = 11", ("error", "never-true", "rule R, line 1"), "nothing in common"),
    ("a sum too high", "much + much > 20", ("error", "never-true", "rule R, line 1"), "never so"),
    ("between, too high", "much between 11 and 20", ("error", "never-true", "rule R, line 1"), "side is 11"),
    ("between, too low", "much between -9 and -1", ("error", "never-true", "rule R, line 1"), "other -1"),
    ("in an interval", "much in Interval[11, 20]", ("error", "never-true", "rule R, line 1"), "side is 11"),
    ("beside an open end", "much in Interval(10, 20]", ("error", "never-true", "rule R, line 1"), "from 0 to 10"),
    ("in an entry", 'exists (tries T where T."weeks" < 0)', ("error", "never-true", "rule R, line 1"), "weeks"),
    ("in a case", "case flag when 'often' then true else false end",
     ("error", "never-true", "rule R, line 1"), "often"),
    ("a type", "flag = 3", ("error", "type", "rule R, line 1"), "Column"),
    ("not a condition", "much + 1", ("error", "type", "rule R"), "true, false or a list"),
    ("no language", "flag = = 'yes'", ("error", "syntax", "rule R"), "column 8"),
    ("never both", "flag = 'yes' and flag = 'no'", ("error", "never-fires", "rule R"), "No answers"),
    ("no value tried", "Length(why) > 500", ("warning", "never-fires", "rule R"), "None of the answers"),
    ("too many", "much < 3 and share > 9.5 and kinds contains 'a' and agree and why = 'y' and First(words) = 'q'", ("warning", "not-checked", "rule R"), "not checked"),
    ("a row's question", {"question": "flagg", "answers": ["yes"]},
     ("error", "unknown-name", "rule R"), "no question flagg"),
    ("a row's answer", {"question": "flag", "answers": ["often"]},
     ("error", "unknown-name", "rule R"), "no answer often"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "when", "expected", "words"), RULE_MISTAKES, ids=[m[0] for m in RULE_MISTAKES]
)
def test_a_mistake_in_a_rule(name: str, when: Any, expected: tuple[str, str, str], words: str) -> None:
    remarks = lint(form(), rules(rule("R", "caution", when)))
    assert found(remarks) == [expected]
    assert words in remarks[0].sentence


def test_each_mistake_is_named_and_what_leans_on_it_is_not() -> None:
    remarks = lint(
        form(),
        rules(
            rule("A", "caution", '"Late"'),
            rule("B", "caution", "flag = 3"),
            rule("C", "caution", "flagg is null"),
            definitions='define "Early": much < 3\ndefine "Late":\n  much > \'x\'\n',
        ),
    )
    assert found(errors(remarks))[:3] == [
        ("error", "type", "definitions, Late, line 3"),
        ("error", "type", "rule B, line 1"),
        ("error", "unknown-name", "rule C, line 1"),
    ]


@pytest.mark.parametrize(
    ("definitions", "kind", "place"),
    [
        ('define "A": "B"\ndefine "B": "A"', "circular", "definitions, A, line 1"),
        ('define "A": true define "A": false', "repeated", "definitions"),
        ('define "A":', "syntax", "definitions"),
        ("parameter flag String", "syntax", "definitions"),
        ('define function "F"(x String): x > 3', "type", "definitions, F, line 1"),
        ('define "A": true define "B": flagg', "unknown-name", "definitions, line 1"),
    ],
)
def test_a_mistake_in_the_definitions(definitions: str, kind: str, place: str) -> None:
    assert ("error", kind, place) in found(lint(form(), rules(definitions=definitions)))


def test_a_comparison_in_a_function_is_judged_by_all_its_calls() -> None:
    function = "define function \"Is\"(value String): value = 'a'\n"
    both = rules(definitions=function + 'define "X": "Is"(flag) define "Y": exists (kinds K where "Is"(K))')
    assert [r for r in lint(form(), both) if r.kind == "never-true"] == []
    one = rules(definitions=function + 'define "X": "Is"(flag)')
    assert [r.place for r in lint(form(), one) if r.kind == "never-true"] == ["definitions, Is, line 1"]


OPEN_QUERIES = [
    # a definition over the group `tries`, whether it leaves open if equal entries are counted once
    ('Count(tries T where T."weeks" > 6)', True),
    ('tries T where T."weeks" > 6', True),
    ('(tries T where T."weeks" > 6) U return all U.name', True),
    ('(tries T where T."weeks" > 6) U aggregate N starting 0: N + 1', True),
    ("if much > 3 then Count(tries T sort by name) else 0", True),
    ("Count(if much > 3 then (tries T sort by name) else null)", True),
    ('Count(tries T where T."weeks" > 6 return all T)', False),
    ('Count(tries T where T."weeks" > 6 return distinct T)', False),
    ('(tries T where T."weeks" > 6) U return U.name', False),
    ('(tries T where T."weeks" > 6) U aggregate distinct N starting 0: N + 1', False),
    ('exists (tries T where T."weeks" > 6)', False),
    ("exists ((tries T where T.\"weeks\" > 6) U where U.name = 'x')", False),
    ("kinds contains 'a' and 'b' in (kinds K where K != 'a')", False),
    ("{'a'} included in (kinds K where K != 'b')", False),
    ("(kinds K where K != 'b') includes {'a'}", False),
    ('Max((tries T return all T."weeks") W where W > 6)', False),
    ("(much) M where M > 6", False),
    ('Count(from tries T, kinds K where T."weeks" > 6)', False),
    ("Count(from tries T, (kinds K where K != 'a') K return all K)", True),
    ("Count(from tries T, (kinds K where K != 'a') K)", False),
    ("exists (from tries T, (kinds K where K != 'a') K return all K)", False),
]


@pytest.mark.parametrize(("expression", "is_open"), OPEN_QUERIES)
def test_a_query_that_engines_read_differently_is_remarked(expression: str, is_open: bool) -> None:
    """HL7's test keeps equal elements without `return`, its text does not, and nor do all engines."""
    remarks = lint(form(), rules(definitions=f'define "A":\n  {expression}'))
    wanted = [("warning", "repeats", "definitions, A, line 2")] if is_open else []
    assert found(remarks) == wanted
    assert all(remark.sentence.startswith("Column ") for remark in remarks)
    assert all("Write `return all " in remark.sentence for remark in remarks)


def test_a_red_flag_without_advice_is_an_error() -> None:
    flag = {"question": "flag", "answers": {"yes": 1, "no": 2}}
    remarks = lint(form(), rules(rule("U", "urgent", flag, patient="Now.")))
    assert found(remarks) == [("error", "no-advice", "rule U")]
    assert "The answer no of flag" in remarks[0].sentence
    loose = lint(form(), rules(rule("U", "urgent", "agree", tier=1, patient="Now.")))
    assert found(loose) == [("error", "no-advice", "rule U")]
    assert "Nobody would read advice who answers agree: yes." in loose[0].sentence


@pytest.mark.parametrize(
    ("some", "more", "expected"),
    [
        (rule("R", "exclude", "agree"), {}, ("error", "missing-words", "rule R")),
        (rule("R", "caution", "agree", unknown="INF_R"), {}, ("error", "missing-words", "rule R")),
        (rule("R", "caution", "agree", unknown="INF_R", patient="P"), {}, ("warning", "missing-words", "rule R")),
        (rule("R", "caution", "agree", clinician=" "), {}, ("error", "missing-words", "rule R")),
        (rule("R", "caution", "agree", source=" "), {}, ("error", "missing-source", "rule R")),
        (rule("R", "contradiction", "agree", blocks=["dya"], patient="P"), {}, ("error", "unknown-name", "rule R")),
        (rule("R", "caution", "agree"), {"criteria": [{"id": "C1", "title": "One"}]},
         ("warning", "missing-source", "criterion C1")),
        (rule("R", "caution", "agree"), {"criteria": [{"id": "C1", "title": "One", "source": "x"}]},
         ("warning", "unused", "criterion C1")),
        (rule("R", "caution", "agree"), {"tables": {"t": {"columns": {"c": "String"}, "rows": []}}},
         ("warning", "missing-source", "table t")),
        (rule("R", "caution", "agree"),
         {"tables": {"t": {"columns": {"c": "Date"}, "rows": [{"c": "soon"}], "source": "x"}}},
         ("error", "type", "table t")),
        (rule("R", "caution", "agree"), {"outputs": {"o": "muchh"}}, ("error", "unknown-name", "output o, line 1")),
        (rule("R", "caution", "agree"), {"questionnaire": "other"}, ("error", "unknown-name", "rule set")),
    ],
)  # fmt: skip
def test_what_is_missing_beside_the_expressions(
    some: dict[str, Any], more: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in found(lint(form(), rules(some, **more)))


def test_a_question_that_two_conditions_close_is_never_reached() -> None:
    judged = form(much={"show_when": "flag = 'no'"})
    assert ("error", "unreachable", "item much") in found(lint(judged))


@pytest.mark.parametrize("answer", ["--3", "³", "-", ""])
def test_advice_for_what_is_no_number_is_remarked(answer: str) -> None:
    assert ("error", "unknown-code", "item much") in found(lint(form(much={"advice": {answer: "now"}})))


def test_options_that_nothing_mentions_are_listed_once() -> None:
    options = [{"code": code, "text": code.upper()} for code in "abcd"]
    remarks = lint(form(kinds={"options": options}), rules(rule("R", "caution", "kinds contains 'a'")))
    assert found(remarks) == [("warning", "unmentioned-options", "item kinds")]
    assert "b, c, d" in remarks[0].sentence


def test_a_worked_case_settles_what_was_not_checked() -> None:
    judged = rules(
        rule("R", "caution", "Length(why) > 500"),
        assessed_on="2026-06-15",
        baseline={"flag": "yes", "much": 9, "why": "x" * 501},
        cases=[{"id": "O1", "title": "Long", "answers": {},
                "expect": {"outcome": "flagged_review", "underlying": "flagged_review", "senior_review": False}}],
    )  # fmt: skip
    assert lint(form(), judged) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, "shape"),
        ([], "shape"),
        ("x", "shape"),
        ({}, "missing-words"),
        ({**SMALL, "pages": 3}, "shape"),
        ({**SMALL, "steps": [*SMALL["steps"], SMALL["steps"][0]]}, "repeated"),
        ({**SMALL, "extra": 1}, "shape"),
    ],
)
def test_content_that_is_no_form_is_said_to_be_none(content: Any, kind: str) -> None:
    assert {remark.kind for remark in lint(content)} >= {kind}
    assert errors(lint(content))


def test_a_code_used_twice_is_an_error() -> None:
    assert [(r.kind, r.severity) for r in lint(form(), rules(FINE))] == [("repeated", "error")]


def test_the_shipped_content_has_no_errors_and_the_warnings_that_were_weighed() -> None:
    """Answers without consequence, and rules over lists that no worked case of the file itself makes true."""
    remarks = lint(
        read(ROOT / "seed/questionnaires/pain-intake.yml"), read(ROOT / "seed/rulesets/pain-eligibility.yml")
    )
    assert errors(remarks) == []
    assert [(remark.kind, remark.place) for remark in remarks] == [
        ("unmentioned-options", "item communication_needs"),
        ("unmentioned-options", "item conditions"),
        ("unmentioned-options", "item main_condition"),
        ("unmentioned-options", "item pregnancy"),
        ("unmentioned-options", "item records"),
        ("never-fires", "rule CAU_OPIOID_BENZO(H)"),
        ("never-fires", "rule CAU_UNSUITABLE_COUNTED"),
        ("never-fires", "rule K2"),
        ("never-fires", "rule K5"),
        ("never-fires", "rule K8"),
        ("never-fires", "rule NOTE_SEDATIVES"),
    ]
