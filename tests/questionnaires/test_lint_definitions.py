"""The command that checks definition files, and the same check before a version is published."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from screening.questionnaires.checking import faults
from screening.rules.lint import lint, lint_ruleset
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import error, warning
from screening.rules.ruleset import RuleSet
from tests.rules.content import SMALL, rule


def lint_files(*paths: Path) -> str:
    out = StringIO()
    call_command("lint_definitions", *map(str, paths), stdout=out)
    return out.getvalue()


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def judged(when: str) -> dict[str, Any]:
    return {
        "code": "judge",
        "title": "Judge",
        "questionnaire": "small",
        "rules": [rule("R", "caution", when)],
    }


def test_the_shipped_files_have_no_errors() -> None:
    text = lint_files()
    assert "pain-intake.yml: 0 errors" in text
    assert "pain-eligibility.yml: 0 errors" in text


def test_errors_are_printed_with_their_place_and_end_the_command_with_a_failure(tmp_path: Path) -> None:
    files = [written(tmp_path, "form.yml", SMALL), written(tmp_path, "rules.yml", judged("flag = 'often'"))]
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 errors\."):
        call_command("lint_definitions", *map(str, files), stdout=out)
    assert "error: rule R, line 1: flag has no answer often" in out.getvalue()


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    assert "0 errors, 3 warnings" in lint_files(written(tmp_path, "form.yml", SMALL))


@pytest.mark.parametrize(
    ("content", "words"),
    [("- just a list\n", "does not hold a definition"), ("a: [\n", "not readable as YAML")],
)
def test_a_file_that_is_no_definition_is_said_to_be_none(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        lint_files(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yml"):
        lint_files(tmp_path / "none.yml")


def test_a_rule_set_without_its_questionnaire_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="in none of the files"):
        lint_files(written(tmp_path, "rules.yml", judged("true") | {"questionnaire": "other"}))


def test_a_draft_is_refused_with_all_its_first_errors_in_words() -> None:
    bad = judged("flag = 'often'")
    bad["rules"].append(rule("S", "caution", "flagg = 'yes'"))
    asked = Questionnaire.model_validate(SMALL)
    words = faults(tuple(lint_ruleset(asked, RuleSet.model_validate(bad))))
    assert "rule R, line 1: flag has no answer often" in words
    assert "rule S, line 1: " in words
    assert faults(tuple(lint(SMALL))) == ""


def test_only_the_first_errors_are_named_and_the_rest_counted() -> None:
    many = tuple(error("k", f"p{n}", "S.") for n in range(5))
    assert faults((*many, warning("k", "w", "W."))) == "p0: S. p1: S. p2: S. (+2)"
