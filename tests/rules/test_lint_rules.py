"""What the check finds beside the expressions of a rule set: missing advice, answers nobody mentions."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.lint import lint
from tests.rules.content import rule
from tests.rules.test_lint import form, rules
from tests.rules.test_lint_sentences import said

OPTIONS = [{"code": code, "text": code.upper()} for code in "abcd"]
BEYOND = [{"code": "none", "text": "None", "exclusive": True}, {"code": "x", "text": "?", "unknown": True}]


def contains(*codes: str) -> str:
    return " or ".join(f"kinds contains '{code}'" for code in codes)


def beside(when: Any, **more: Any) -> dict[str, Any]:
    return rules(rule("R", "caution", when), **more)


MENTIONED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    # what is done with the question of four answers, the form, the rules, which of them nothing mentions
    ("nothing at all", {}, beside("agree"), ""),
    ("one answer is judged", {}, beside(contains("a")), "b, c, d"),
    ("two are judged", {}, beside(contains("b", "c")), "a, d"),
    ("all but one, which is left over", {}, beside(contains("a", "b", "c")), ""),
    ("a row", {}, beside({"question": "kinds", "answers": ["a"]}), "b, c, d"),
    ("two rules", {}, rules(rule("R", "note", contains("a")), rule("S", "note", contains("d"))), "b, c"),
    ("an output", {}, beside("agree", outputs={"o": contains("a")}), "b, c, d"),
    ("a definition", {}, beside('"A"', definitions=f'define "A": {contains("a")}'), "b, c, d"),
    ("a chain of definitions", {},
     beside('"B"', definitions=f'define "A": {contains("a")}\ndefine "B": "A" or agree'), "b, c, d"),
    ("a function", {},
     beside('"F"(3)', definitions=f'define function "F"(n Integer): n > 2 and ({contains("a")})'), "b, c, d"),
    ("a definition that nothing leads to", {},
     beside("agree", definitions=f'define "A": {contains("a")}'), ""),
    ("a page that depends on it", {"page_last": {"show_when": contains("a")}}, beside("agree"), "b, c, d"),
    ("a question that depends on it", {"late": {"show_when": contains("a")}}, beside("agree"), "b, c, d"),
    ("a check that reads it",
     {"late": {"validate": [{"check": contains("a"), "message": "No."}]}}, beside("agree"), "b, c, d"),
    ("advice that follows it", {"kinds": {"advice": {"a": "now"}}}, beside("agree"), "b, c, d"),
    ("the answers that stand outside the others", {"kinds": {"options": OPTIONS[:3] + BEYOND}},
     beside(contains("a", "b")), ""),
    ("no more than those", {"kinds": {"options": OPTIONS[:3] + BEYOND}}, beside(contains("a")), "b, c"),
    ("a page for later forms", {"page_third": {"follow_up": True}}, beside(contains("a")), ""),
    ("another text beside its name", {}, beside(f"why = 'd' and ({contains('a')})"), "b, c"),
    ("a text beside another name", {}, beside("why = 'd'"), ""),
]  # fmt: skip


def asked(changes: dict[str, Any]) -> dict[str, Any]:
    """The small form with a question of four answers, and a page behind it."""
    late = {"id": "late", "type": "text", "text": "Late?", **changes.get("late", {})}
    last = {"id": "last", "step": "two", "title": "Last", "items": [late], **changes.get("page_last", {})}
    kinds = {"options": OPTIONS, **changes.get("kinds", {})}
    content = form(kinds=kinds, page_third=changes.get("page_third", {}))
    content["pages"].append(last)
    return content


@pytest.mark.parametrize(
    ("name", "changes", "judged", "left"), MENTIONED, ids=[name for name, *_ in MENTIONED]
)
def test_answers_that_nothing_mentions_are_listed(
    name: str, changes: dict[str, Any], judged: dict[str, Any], left: str
) -> None:
    found = [each for each in said(asked(changes), judged) if "mentions" in each]
    assert found == ([f"warning: item kinds: No rule and no page mentions {left}."] if left else [])


def test_answers_to_a_question_inside_an_entry_are_listed_too() -> None:
    content = form()
    inner = {"id": "way", "type": "choice", "text": "Which way?", "options": OPTIONS}
    content["pages"][2]["items"][0]["items"].append(inner)
    found = said(content, beside("exists (tries T where T.way = 'a')"))
    assert "warning: item tries.way: No rule and no page mentions b, c, d." in found


@pytest.mark.parametrize(
    ("inner", "said_of_it"),
    [
        ({"text": "Is it?", "advice": {"yes": "now"}}, "Advice for yes, which is no answer."),
        (
            {"text": "Is it?", "advice": {"true": "gone"}},
            "Tries.is_it: answer true names advice gone, which is not written.",
        ),
        ({"text": " "}, "The question has no words."),
    ],
)
def test_a_mistake_inside_an_entry_is_placed_by_its_group_too(inner: dict[str, Any], said_of_it: str) -> None:
    """The same name may stand on a page of its own, where nothing is wrong."""
    content = form()
    content["pages"][2]["items"][0]["items"].append({"id": "is_it", "type": "boolean", **inner})
    told = next(remark for remark in lint(content) if remark.sentence == said_of_it)
    assert told.place in ("item tries.is_it", "questionnaire")


def test_a_number_whose_values_have_words_is_no_choice_of_which_each_should_matter() -> None:
    options = [{"code": str(number), "text": str(number)} for number in range(4)]
    changes = {"options": options, "max": 3, "advice": {"0": "now"}}
    assert said(form(much=changes, why={"show_when": None}), rules()) == []


@pytest.mark.parametrize(
    "broken",
    [
        rules(rule("R", "caution", "flag = ="), rule("S", "caution", contains("a"))),
        beside(contains("a"), definitions='define "A":'),
        beside(contains("a"), definitions='define "A": "B"\ndefine "B": "A"'),
        rules(rule("R", "caution", '"A"'), rule("S", "caution", contains("a")),
              definitions='define "A": "B"\ndefine "B": "A"'),
    ],
)  # fmt: skip
def test_answers_are_listed_beside_a_mistake_as_well(broken: dict[str, Any]) -> None:
    assert "warning: item kinds: No rule and no page mentions b, c, d." in said(asked({}), broken)


def urgent(when: Any) -> dict[str, Any]:
    tier = {} if isinstance(when, dict) else {"tier": 1}
    definitions = """
        define "Bad": much > 8
        define "Flagged": flag = 'yes'
        define "Worse": "Flagged" and "Bad"
        define function "Is"(flag String): flag = 'yes'
        define function "Above"(n Integer): n > 3 and "Worse"
    """
    return rules(rule("U", "urgent", when, patient="Now.", **tier), definitions=definitions)


NO_ADVICE = "warning: rule U: No question it names leads to advice."

NEVER = (
    "warning: rule U: None of the answers tried make it true. "
    "A worked case in which it is true would settle it."
)


def alone(answers: str) -> list[str]:
    return [f"error: rule U: Nobody would read advice who answers {answers}."]


@pytest.mark.parametrize(
    ("when", "sentences"),
    [
        ("flag = 'yes' and agree", []),
        ("agree and flag = 'yes'", []),
        ("agree or much > 3", alone("agree: yes")),
        ('"Bad" and agree', alone("much: 9, agree: yes")),
        ("flag = 'yes' or flag = 'no'", alone("flag: no")),
        ("flag = 'yes' or kinds contains 'b'", alone("kinds: b")),
        ("flag = 'yes' or agree is null", alone("nothing")),
        ("flag = 'yes' or \"day\" < @2010", alone("day: 2007-04-16")),
        ("flag = 'yes' and why = 'x'", []),
        ("flag = 'yes' or double > 10", alone("much: 6")),
        ("exists (tries T where T.name = 'x')", [NO_ADVICE, NEVER]),
        ("\"Bad\" and flag = 'yes'", []),
        ('"Flagged" and agree', []),
        ('"Worse"', []),
        ('"Above"(much)', []),
        ('agree or "Is"(why)', alone("agree: yes")),
        ("(tries flag where flag.name = 'x') is not null", alone("tries: none")),
        ({"question": "flag", "answers": {"maybe": 3, "yes": 1}}, []),
        ({"question": "flag", "answers": {"no": 1}},
         ["error: rule U: The answer no of flag raises a red flag and has no advice."]),
        ({"question": "flagg", "answers": {"yes": 1}}, ["error: rule U: There is no question flagg."]),
    ],
)  # fmt: skip
def test_a_red_flag_leads_to_advice(when: Any, sentences: list[str]) -> None:
    assert [each for each in said(form(), urgent(when)) if "rule U: " in each] == sentences


@pytest.mark.parametrize(
    ("when", "tier", "advice", "sentences"),
    [
        ({"question": "flag", "answers": {"yes": 1}}, None, 1, []),
        (
            {"question": "flag", "answers": {"yes": 3}},
            None,
            1,
            ["3 here, and its advice is of tier 1."],
        ),
        ({"question": "flag", "answers": ["yes"]}, 1, 2, ["1 here, and its advice is of tier 2."]),
        ({"question": "flag", "answers": ["yes"]}, 2, None, ["2 here, and its advice has no tier."]),
    ],
)
def test_a_rule_and_the_advice_are_equally_urgent(
    when: Any, tier: int | None, advice: int | None, sentences: list[str]
) -> None:
    """A patient must not read "call 999" while the clinic has three days, nor the other way round."""
    content = form()
    content["advice"]["now"]["tier"] = advice
    judged = rules(rule("U", "urgent", when, patient="Now.", **({"tier": tier} if tier else {})))
    told = [each for each in said(content, judged) if "here, and its advice" in each]
    assert told == [f"warning: rule U: The answer yes of flag is of tier {each}" for each in sentences]


def test_a_red_flag_that_cannot_be_read_is_told_beside_what_it_lacks() -> None:
    (mistake, lacking) = said(form(), urgent("flag = = 'yes'"))
    assert mistake.startswith("error: rule U: Line 1, column 8")
    assert lacking == NO_ADVICE


def test_where_too_many_answers_could_make_it_true_that_is_said() -> None:
    """Eight questions on which it hangs, whose advice stands elsewhere: some of each are tried."""
    content = form()
    many = [{"id": f"q{n}", "type": "integer", "text": f"Q{n}?", "min": 0, "max": 20} for n in range(12)]
    content["pages"][2]["items"] += many
    when = " and ".join(f"q{n} = 7" for n in range(12))
    told = [each for each in said(content, urgent(f"flag = 'yes' and {when}")) if "each of them" in each]
    (sentence,) = told
    assert sentence.startswith("warning: rule U: Too many answers could make it true: not checked whether ")


CODES: list[tuple[list[dict[str, Any]], list[str]]] = [
    # the rules, what is said of their codes
    ([rule("A", "caution", "agree"), rule("B", "exclude", "agree", unknown="A")],
     ["error: rule A: Rule B says it where it is unknown: one would hide the other. [repeated]"]),
    ([rule("A", "exclude", "agree", unknown="A")],
     ["error: rule A: Rule A says it where it is unknown: one would hide the other. [repeated]"]),
    ([rule("A", "more_info", "agree"), rule("B", "exclude", "agree", unknown="A")], []),
    ([rule("B", "exclude", "agree", unknown="A"), rule("C", "exclude", "agree", unknown="A")], []),
    ([rule("A", "note", "words"), rule("A:x", "caution", "agree")],
     ["warning: rule A:x: Rule A says A: and an element of its list: one could hide the other. [repeated]"]),
    ([rule("A", "note", {"question": "flag", "answers": ["yes"]}), rule("A:x", "caution", "agree")], []),
    ([rule("A", "note", "words"), rule("AB", "caution", "agree")], []),
]  # fmt: skip


@pytest.mark.parametrize(("content", "found"), CODES)
def test_rules_that_would_hide_each_other_are_told(content: list[dict[str, Any]], found: list[str]) -> None:
    told = [str(each) for each in lint(form(), rules(*content))]
    assert [each for each in told if "hide the other" in each] == found


ADVISED = [
    # an urgent rule by expression on a group of which one question has advice, and whether that leads to it
    ("exists (tries T where T.name = 'x')", True),
    ('exists (tries T where T."weeks" > 6)', False),
    ("exists tries", True),
    ('"A"', True),
    ('"B"', False),
    ("total > 6", True),
    ("agree", False),
]


@pytest.mark.parametrize(("when", "leads"), ADVISED)
def test_an_urgent_rule_is_followed_into_groups_and_scores(when: str, leads: bool) -> None:
    """Of a group the inner questions that the rule names have to hold the advice."""
    content = form()
    group = next(i for page in content["pages"] for i in page["items"] if i["id"] == "tries")
    name = next(inner for inner in group["items"] if inner["id"] == "name")
    name |= {"type": "choice", "options": [{"code": "x", "text": "X"}], "advice": {"x": "now"}}
    flag = next(i for page in content["pages"] for i in page["items"] if i["id"] == "flag")
    content["scores"] = [{"id": "total", "title": "Total", "expression": "if flag = 'yes' then 7 else 0"}]
    assert flag["advice"]
    by_name, by_weeks = "exists (tries T where T.name = 'x')", 'exists (tries T where T."weeks" > 9)'
    definitions = f'define "A": {by_name}\ndefine "B": {by_weeks} and agree'
    judged = rules(rule("U", "urgent", when, tier=1, patient="Now."), definitions=definitions)
    told = [remark.place for remark in lint(content, judged) if remark.kind == "no-advice"]
    assert told == ([] if leads else ["rule U"])
