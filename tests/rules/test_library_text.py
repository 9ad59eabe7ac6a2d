"""The text that a definition becomes, word for word: another CQL engine is handed nothing else."""

# ruff: noqa: E501 (what is written is kept line by line)

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.rules import library
from screening.rules.definition import Questionnaire
from screening.rules.library import DefinitionError
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Table
from tests.rules.content import SMALL, rule, small

JOURNEY = """\
parameter "flag" String

parameter "day" Date

parameter "much" Integer

parameter "why" String

parameter "tries" List<Tuple{"name" String, "weeks" Integer}>

parameter "agree" Boolean

parameter "share" Decimal

parameter "words" List<String>

parameter "kinds" List<String>

define "double":
much * 2

define "asked much":
Coalesce(
flag = 'yes'
, true)

define "asked why":
Coalesce(
flag = 'yes'
, true) and Coalesce(
much >= 5
, true)
"""
JUDGED = """
define "drugs": {
  Tuple { "word": 'it\\'s', "least": 2, "share": 1.0, "since": @2020-01, "on": true },
  Tuple { "word": null as String, "least": null as Integer, "share": 0.5, "since": null as Date, "on": null as Boolean }
}

define "Often": much > 6

define "rule ROW":
"flag" = 'yes' or "flag" = 'maybe'

define "tier ROW":
case when "flag" = 'maybe' then 1 when "flag" = 'yes' then 2 else null end

define "rule LATER":
"asked much" and ("much" = 3 or "much" = -4)

define "rule SEVERAL":
if "kinds" is null then null else ("kinds" contains 'a' or "kinds" contains 'b')

define "rule TICKED":
"agree" = true

define "rule SAID":
"Often" and
  agree

define "output half":
much div 2
"""
RULES = [
    rule("ROW", "urgent", {"question": "flag", "answers": {"yes": 2, "maybe": 1}}),
    rule("LATER", "caution", {"question": "much", "answers": ["3", "-4"]}),
    rule("SEVERAL", "caution", {"question": "kinds", "answers": ["a", "b"]}),
    rule("TICKED", "caution", {"question": "agree", "answers": ["true"]}),
    rule("SAID", "caution", '"Often" and\n  agree'),
]
DRUGS = {
    "columns": {"word": "String", "least": "Integer", "share": "Decimal", "since": "Date", "on": "Boolean"},
    "rows": [
        {"word": "it's", "least": 2, "share": 1, "since": "2020-01", "on": True},
        {"share": 0.5},
    ],
}


def test_a_rule_set_becomes_parameters_scores_conditions_tables_definitions_rules_and_outputs() -> None:
    compiled = small(
        *RULES,
        tables={"drugs": DRUGS},
        definitions='define "Often": much > 6\n\n\n',
        outputs={"half": "much div 2"},
    )
    assert compiled.library_text == JOURNEY + JUDGED


def test_without_definitions_of_an_author_nothing_stands_in_their_place() -> None:
    compiled = small(rule("R", "note", "agree"), definitions="  \n")
    assert compiled.library_text == f'{JOURNEY}\n\ndefine "rule R":\nagree\n'
    nothing = library.author_definitions(" \n")
    assert (nothing.where, nothing.text) == ("definitions", "")


def test_what_an_author_defined_is_kept_to_its_last_letter() -> None:
    assert library.author_definitions("define A: X\n\n").text == "define A: X\n"


def test_a_table_without_rows_is_a_list_without_elements() -> None:
    fragment = library.table_text("t", Table.model_validate({"columns": {"a": "String"}, "rows": []}))
    assert (fragment.where, fragment.text) == ("table t", 'define "t": {\n\n}\n')


GROUP: dict[str, Any] = {
    "id": "tries",
    "type": "group",
    "text": "Tries",
    "items": [
        {"id": "name", "type": "string", "text": "Name"},
        {
            "id": "weeks",
            "type": "integer",
            "text": "Weeks",
            "show_when": "name != 'x'",
            "validate": [{"check": '"weeks" > 0', "message": "More."}, {"check": "true", "message": "-"}],
        },
        {"id": "read", "type": "display", "text": "Read."},
    ],
}


def test_an_entry_of_a_group_has_a_library_of_its_own_and_mistakes_in_it_say_where() -> None:
    fragments = [(part.where, part.text) for part in library.entry_fragments(Item.model_validate(GROUP))]
    assert fragments == [
        ("item name", 'parameter "name" String\n'),
        ("item weeks", 'parameter "weeks" Integer\n'),
        ("item tries.weeks, show when", "define \"asked weeks\":\nCoalesce(\nname != 'x'\n, true)\n"),
        ("item tries.weeks, check 1", 'define "check weeks 1":\n"weeks" > 0\n'),
        ("item tries.weeks, check 2", 'define "check weeks 2":\ntrue\n'),
    ]
    bad: Any
    for condition in ("name !=", "true, false) or Coalesce(true"):
        bad = copy.deepcopy(GROUP)
        bad["items"][1]["show_when"] = condition
        with pytest.raises(DefinitionError, match=r"^item tries\.weeks, show when: "):
            list(library.entry_fragments(Item.model_validate(bad)))
    bad = copy.deepcopy(GROUP)
    bad["items"][1]["validate"][1]["check"] = "1 +"
    with pytest.raises(DefinitionError, match=r"^item tries\.weeks, check 2: "):
        list(library.entry_fragments(Item.model_validate(bad)))


def test_conditions_of_the_form_say_where_they_stand() -> None:
    content = copy.deepcopy(SMALL)
    content["pages"][1]["items"][1]["validate"] = [{"check": "why != 'x'", "message": "No."}]
    content["scores"].append({"id": "third", "title": "T", "expression": "much div 3"})
    form = Questionnaire.model_validate(content)
    parts = [*library.asked(form), *library.checks(form.items()), *library.scores(form)]
    assert [part.where for part in parts] == [
        "item much, show when", "item why, show when", "item why, check 1", "score double", "score third",
    ]  # fmt: skip
    for place, where in (
        (("pages", 1), "page second, show when"),
        (("pages", 1, "items", 1), "item why, show when"),
    ):
        bad: Any = copy.deepcopy(SMALL)
        part = bad
        for step in place:
            part = part[step]
        part["show_when"] = "much >="
        with pytest.raises(DefinitionError) as refused:
            list(library.asked(Questionnaire.model_validate(bad)))
        assert refused.value.where == where
        assert str(refused.value).startswith(f"{where}: Line 1")


@pytest.mark.parametrize("prefix", ["asked", "check", "rule", "tier", "output"])
def test_a_name_that_begins_like_a_generated_one_is_refused_and_the_word_alone_is_not(prefix: str) -> None:
    sentence = f'definitions: The name "{prefix} A" is kept for generated text.'
    for kept in (f'define "{prefix} A": true', f'define function "{prefix} A"(x Integer): x'):
        with pytest.raises(DefinitionError, match=f"^{sentence}$"):
            library.author_definitions(kept)
    assert library.author_definitions(f'define "{prefix}": true').text == f'define "{prefix}": true\n'
    assert library.author_definitions(f'define "{prefix}A b": true\n').where == "definitions"
    with pytest.raises(
        DefinitionError, match=r"^definitions: Parameters come from the questionnaire; take this one out\.$"
    ):
        library.author_definitions("parameter x String")


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"question": "nobody", "answers": ["x"]}, "There is no question nobody."),
        ({"question": "flag", "answers": ["x"]}, "flag has no answer x."),
        (
            {"question": "flag", "answers": ["yes", "not_sure"]},
            "The answer not_sure of flag is unknown, so no rule can see it.",
        ),
        (
            {"question": "day", "answers": ["2020"]},
            "day has no answers to name in a row; write an expression.",
        ),
        ({"question": "agree", "answers": ["yes"]}, "agree is answered true or false."),
        ({"question": "much", "answers": ["3", "few"]}, "much is answered with a whole number."),
        ({"question": "much", "answers": ["3-"]}, "much is answered with a whole number."),
    ],
)
def test_a_row_that_names_what_is_not_there_is_refused_with_a_sentence(when: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        small(rule("R", "caution", when))
    assert (refused.value.where, refused.value.sentence) == ("rule R", sentence)
    assert str(refused.value) == f"rule R: {sentence}"


def test_a_mistake_of_type_is_told_in_lines_of_the_part_it_is_in() -> None:
    definitions = 'define "A": 1\ndefine "B":\n  much > 3 and\n  flag > 3\n'
    with pytest.raises(DefinitionError) as refused:
        small(rule("R", "caution", "agree"), definitions=definitions)
    assert refused.value.where == "definitions"
    assert refused.value.sentence.startswith("Line 4, column ")
    with pytest.raises(DefinitionError) as refused:
        small(rule("R", "caution", "agree and\nflag > 3"))
    assert refused.value.where == "rule R"
    assert refused.value.sentence.startswith("Line 3, column ")


def test_a_library_that_is_too_long_is_no_mistake_of_its_first_question() -> None:
    first = library.parameters([Item(id="a", type="string", text="A?")])
    sentence = r"^definitions: The text has 1048598 bytes; at most 1048576 are read\.$"
    with pytest.raises(DefinitionError, match=sentence):
        library.compiled([*first, library.Fragment("table t", " " * 2**20)])


def test_conditions_are_not_written_out_beyond_what_is_read() -> None:
    """The condition of a page is written once for each question on it: 64 of 16 KiB fill a library."""
    condition = "flag" + "= 'yes'".rjust(16 * 1024 - 4)

    def late(many: int) -> Questionnaire:
        items = [{"id": f"last{number}", "type": "text", "text": "?"} for number in range(many)]
        page = {"id": "late", "step": "two", "title": "Late", "show_when": condition, "items": items}
        return Questionnaire.model_validate({**SMALL, "pages": [SMALL["pages"][0], page]})

    assert len(list(library.asked(late(64)))) == 64
    sentence = r"^page late, show when: The text has 1064960 bytes; at most 1048576 are read\.$"
    with pytest.raises(DefinitionError, match=sentence):
        list(library.asked(late(65)))
