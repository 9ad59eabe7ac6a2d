"""Many documents judged in short: the same as one by one, whatever they hold."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given

from bench.documents import definitions, documents
from screening.rules import quick as quick_module
from screening.rules.assess import assess
from screening.rules.quick import Quick, Short
from screening.rules.replay import Counts, Definitions, Document, is_milder, replay
from tests.rules.content import DAY, baseline, rule, shipped, small
from tests.rules.test_metamorphic import ANSWERS, DAYS, EXAMPLES, ITEMS, JUNK, st

COUNT = 250
QUICK = Quick(shipped())


def made(count: int = COUNT, *, seed: int = 1) -> list[Document]:
    flags = ((), (("rf_saddle", 2),), (("rf_belly", 3), ("not_a_question", 1)))
    days = (DAY, DAY + dt.timedelta(days=40))
    return [
        Document(f"D{number}", answers, days[number % 2], flags[number % 7 % 3])
        for number, answers in enumerate(documents(shipped(), count, seed=seed))
    ]


def whole(document: Document) -> Short:
    return Short.of(
        assess(
            shipped(),
            document.answers,
            as_of=document.as_of,
            standing_red_flags=document.standing_red_flags,
        )
    )


def one_by_one(documents: Iterable[Document]) -> Counts:
    counts = Counts()
    for document in documents:
        counts.add(whole(document))
    return counts


def current() -> Definitions:
    return Definitions.of(*definitions())


def changed_rules() -> Definitions:
    """Pregnancy no longer excludes, and one more thing does."""
    questionnaire, ruleset = copy.deepcopy(definitions())
    ruleset["rules"] = [each for each in ruleset["rules"] if each["code"] != "EXC_PREGNANCY"]
    ruleset["rules"].append(rule("EXC_DRIVING", "exclude", "driving = 'yes'"))
    return Definitions.of(questionnaire, ruleset)


def test_the_documents_are_of_many_kinds() -> None:
    counts = one_by_one(made())
    assert set(counts.outcomes) == {"urgent", "not_currently", "more_info"}
    assert len(counts.codes) > 60


@pytest.mark.parametrize("document", made(), ids=lambda document: document.name)
def test_each_is_judged_as_by_the_whole_judgement(document: Document) -> None:
    short = QUICK.judge(
        document.answers, as_of=document.as_of, standing_red_flags=document.standing_red_flags
    )
    assert short == whole(document)


@EXAMPLES
@given(answers=ANSWERS, as_of=DAYS)
def test_any_answers_give_the_same(answers: dict[str, Any], as_of: dt.date) -> None:
    assert QUICK.judge(answers, as_of=as_of) == Short.of(assess(shipped(), answers, as_of=as_of))


@EXAMPLES
@given(junk=st.dictionaries(st.sampled_from(sorted(ITEMS)) | st.text(max_size=8), JUNK, max_size=6))
def test_what_no_question_could_have_taken_gives_the_same(junk: dict[str, Any]) -> None:
    answers = baseline() | junk
    assert QUICK.judge(answers, as_of=DAY) == Short.of(assess(shipped(), answers, as_of=DAY))


def test_true_and_one_are_not_taken_for_each_other() -> None:
    compiled = small(rule("AGREES", "exclude", "agree", unknown="INF_AGREE"))
    judge = Quick(compiled).judge
    for value in (True, 1, 1.0, "true", False, 0, True):
        answers = {"agree": value}
        assert judge(answers, as_of=DAY) == Short.of(assess(compiled, answers, as_of=DAY))


def test_codes_that_two_rules_share_are_left_to_the_whole_judgement() -> None:
    compiled = small(
        rule("SHARED", "caution", "agree"),
        rule("OTHER", "exclude", "share > 1", unknown="SHARED"),
    )
    answers = {"agree": True}
    assert Quick(compiled).judge(answers, as_of=DAY) == Short.of(assess(compiled, answers, as_of=DAY))


def test_an_error_is_seen_as_by_the_whole_judgement() -> None:
    compiled = small(
        rule("BREAKS", "exclude", "ToInteger(cast (words as List<Any>)[0] as Integer) > 1"),
        outputs={"broken": "cast (First(words) as Any) as Integer"},
    )
    answers = {"words": ["x"]}
    short = Quick(compiled).judge(answers, as_of=DAY)
    assert short == Short.of(assess(compiled, answers, as_of=DAY))
    assert any(code.startswith("INF_ERROR") for code in short.codes)


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_module, "REMEMBERED", 2)
    forgetful = Quick(shipped())
    for document in made(40, seed=3):
        short = forgetful.judge(
            document.answers, as_of=document.as_of, standing_red_flags=document.standing_red_flags
        )
        assert short == whole(document)


@pytest.mark.parametrize("processes", [1, 2])
def test_counts_are_those_of_judging_one_by_one(processes: int) -> None:
    many = made()
    heard: list[int] = []
    chunks = [many[start : start + 60] for start in range(0, len(many), 60)]
    result = replay(current(), chunks, progress=heard.append, processes=processes)
    assert result.before == one_by_one(many)
    assert result.after.total == result.changed == 0
    assert len(heard) == 5
    assert heard == sorted(heard)
    assert heard[-1] == COUNT


def test_two_rule_sets_are_compared_document_by_document() -> None:
    people = [
        Document("nothing changes", baseline(), DAY),
        Document("milder", baseline(pregnancy="pregnant"), DAY),
        Document("graver", baseline(driving="yes"), DAY),
        Document("hidden", baseline(driving="yes", rf_saddle="new_or_worse"), DAY),
    ]
    result = replay(current(), [people], candidate=changed_rules(), processes=1)
    assert result.moved == {("not_currently", "flagged_review"): 1, ("flagged_review", "not_currently"): 1}
    assert result.names[("not_currently", "flagged_review")] == ["milder"]
    assert (result.changed, result.milder) == (3, 1)
    assert result.gained == {"EXC_DRIVING": 2}
    assert result.lost == {"EXC_PREGNANCY": 1}
    assert result.after.outcomes == {"flagged_review": 2, "not_currently": 1, "urgent": 1}


def test_names_are_kept_of_the_first_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.rules.replay.KEPT", 3)
    people = [[Document(f"{number:02}", baseline(driving="yes"), DAY)] for number in range(7)]
    result = replay(current(), people, candidate=changed_rules(), processes=1)
    assert result.moved == {("flagged_review", "not_currently"): 7}
    assert result.names == {("flagged_review", "not_currently"): ["00", "01", "02"]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("urgent", "more_info", 1), ("urgent", "more_info", 1), False),
        (("urgent", "more_info", 1), ("urgent", "more_info", 2), True),
        (("urgent", "more_info", 2), ("urgent", "more_info", 1), False),
        (("urgent", "more_info", 1), ("urgent", "flagged_review", 1), True),
        (("urgent", "flagged_review", 1), ("more_info", "more_info", None), True),
        (("more_info", "more_info", None), ("not_currently", "not_currently", None), False),
        (("not_currently", "not_currently", None), ("urgent", "flagged_review", 2), False),
    ],
)
def test_milder_is_less_grave_anywhere_that_shows(before: Any, after: Any, expected: bool) -> None:
    assert is_milder(Short(*before, frozenset()), Short(*after, frozenset())) is expected
