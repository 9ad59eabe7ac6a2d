"""`manage.py check_cases`: worked cases against the published versions, else against the shipped ones."""

from __future__ import annotations

import copy
import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.actors import Actor, ActorKind
from accounts.models import Site
from screening.management.commands import check_cases
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.people import make_person, make_site

AT = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
EXPECTED = {"outcome": "flagged_review", "underlying": "flagged_review", "senior_review": False}


def run(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("check_cases", *args, stdout=out, **options)
    return out.getvalue()


def refused(*args: Any, **options: Any) -> tuple[str, str]:
    """(what was printed, the sentence it stopped with). A CommandError is exit code 1."""
    out = StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command("check_cases", *args, stdout=out, **options)
    assert stopped.value.returncode == 1
    return out.getvalue(), str(stopped.value)


def case_file(tmp_path: Path, **changes: Any) -> Path:
    content = {
        "questionnaire": "pain-intake",
        "ruleset": "pain-eligibility",
        "assessed_on": dt.date(2026, 6, 15),
        "baseline": seed_content(Kind.RULESET)["baseline"],
        "cases": [{"id": "X1", "title": "The baseline", "answers": {}, "expect": EXPECTED}],
    }
    path = tmp_path / "cases.yml"
    path.write_text(yaml.safe_dump({**content, **changes}), encoding="utf-8")
    return path


def publish(site: Site, kind: str, content: dict[str, Any]) -> None:
    author, approver = make_person(), make_person()
    draft = draft_version(site=site, kind=kind, content=content, by=_as(author.pk), at=AT)
    publish_version(version=draft, by=_as(approver.pk), at=AT)


def _as(user_id: int) -> Actor:
    return Actor(ActorKind.STAFF, "Someone", user_id=user_id)


@pytest.mark.django_db
def test_without_a_file_the_rule_sets_own_cases_run() -> None:
    printed = run(seed=True)
    assert "12 of 12 exact." in printed
    assert "ok  O01" in printed


@pytest.mark.django_db
def test_when_nothing_is_published_the_shipped_definitions_are_used_and_it_says_so(tmp_path: Path) -> None:
    printed = run(case_file(tmp_path))
    assert "Nothing is published, so the definitions in seed/ are used." in printed
    assert "1 of 1 exact." in printed


def test_when_the_database_cannot_be_read_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(check_cases, "_published", broken)
    printed = run(case_file(tmp_path))
    assert "The database cannot be read" in printed
    assert "1 of 1 exact." in printed


@pytest.mark.django_db
def test_the_published_version_judges_and_not_the_shipped_one(tmp_path: Path) -> None:
    site = make_site()
    rules = copy.deepcopy(seed_content(Kind.RULESET))
    age = next(rule for rule in rules["rules"] if rule["code"] == "EXC_AGE")
    age["when"] = '"Age" < 60'
    rules["cases"] = []
    publish(site, Kind.QUESTIONNAIRE, seed_content(Kind.QUESTIONNAIRE))
    publish(site, Kind.RULESET, rules)
    path = case_file(tmp_path)
    printed, sentence = refused(path)
    assert f"published by {site.slug}" in printed
    assert "NOT X1" in printed
    assert "differs: codes: expected none, got EXC_AGE" in printed
    assert "matches: tier, urgent, cautions, senior_review, recheck_on" in printed
    assert sentence == "1 of 1 cases differ."
    assert "1 of 1 exact." in run(path, seed=True)


@pytest.mark.django_db
def test_a_site_that_has_published_nothing_is_named(tmp_path: Path) -> None:
    _, sentence = refused(case_file(tmp_path), site=make_site(slug="quiet").slug)
    assert sentence == "The site quiet has not published these definitions."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- just\n- a list\n", "does not hold a definition"),
        ("questionnaire: [", "not readable as YAML"),
        ("questionnaire: pain-intake\n", "is not a file of worked cases"),
        ("\x00\x01", "not readable as YAML"),
    ],
)
def test_a_file_that_holds_no_cases_is_refused_with_a_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text(text, encoding="utf-8")
    assert sentence in refused(path)[1]


@pytest.mark.django_db
def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "missing.yml")[1]
    picture = tmp_path / "picture.yml"
    picture.write_bytes(b"\xff\xd8\xff\xe0")
    assert "not readable" in refused(picture)[1]


@pytest.mark.django_db
def test_a_mistake_in_a_case_names_its_place(tmp_path: Path) -> None:
    wrong = [{"id": "X1", "title": "T", "answers": {}, "expect": {**EXPECTED, "outcome": "fine"}}]
    assert "cases.0.expect.outcome" in refused(case_file(tmp_path, cases=wrong))[1]


@pytest.mark.django_db
def test_no_cases_is_no_success(tmp_path: Path) -> None:
    assert refused(case_file(tmp_path, cases=[]))[1] == "There are no cases."


@pytest.mark.django_db
def test_an_unknown_rule_set_is_a_sentence(tmp_path: Path) -> None:
    assert "holds no definition other" in refused(case_file(tmp_path, ruleset="other"))[1]


@pytest.mark.django_db
def test_a_question_that_does_not_exist_is_a_difference(tmp_path: Path) -> None:
    path = case_file(
        tmp_path, cases=[{"id": "X1", "title": "T", "answers": {"qq_sleep": 9}, "expect": EXPECTED}]
    )
    printed, _ = refused(path)
    assert "differs: qq_sleep: expected a value that fits the question" in printed
