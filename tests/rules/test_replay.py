"""Many documents judged at once: the same as one by one, whatever they hold."""

from __future__ import annotations

import copy
import datetime as dt
import gc
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bench.documents import definitions, documents
from screening.rules import bulk as bulk_module
from screening.rules.assess import assess
from screening.rules.bulk import Bulk
from screening.rules.compiled import CompiledRuleSet
from screening.rules.judged import Counts, Judged, Short, milder
from screening.rules.packed import Document, Pack, pack
from screening.rules.replay import Definitions, replay
from tests.rules.content import DAY, baseline, rule, shipped, small
from tests.rules.test_metamorphic import ANSWERS, DAYS, EXAMPLES, ITEMS, JUNK, RED_FLAGS, st

COUNT = 250
BULK = Bulk(shipped())


def packed(documents: Iterable[Document], compiled: CompiledRuleSet | None = None) -> Pack:
    """As it is kept: through bytes."""
    items = [item for item in (compiled or shipped()).questionnaire.items() if item.holds_an_answer]
    groups = [item.id for item in items if item.type == "group"]
    return Pack.from_bytes(pack(documents, items=[item.id for item in items], groups=groups).to_bytes())


def shorts(documents: Iterable[Document], bulk: Bulk = BULK) -> list[Short]:
    together = packed(documents, bulk.compiled)
    judged = bulk.judge(together)
    return [judged.short(row) for row in range(together.size)]


def together(compiled: CompiledRuleSet, *answers: dict[str, Any]) -> list[Short]:
    return shorts([Document("", each, DAY) for each in answers], Bulk(compiled))


def made(count: int = COUNT, *, seed: int = 1) -> list[Document]:
    cleared = ((), (), (("rf_saddle", "not_sure"), ("rf_chest", "new_or_worse")))
    flags = ((), (("rf_saddle", 2),), (("rf_belly", 3), ("not_a_question", 1)))
    days = (DAY, DAY + dt.timedelta(days=40))
    return [
        Document(f"D{number}", answers, days[number % 2], flags[number % 7 % 3], cleared[number % 3])
        for number, answers in enumerate(documents(shipped(), count, seed=seed))
    ]


def whole(document: Document) -> Short:
    return Short.of(
        assess(
            shipped(),
            document.answers,
            as_of=document.as_of,
            standing_red_flags=document.standing_red_flags,
            cleared=document.cleared,
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


def test_each_is_judged_as_by_the_whole_judgement() -> None:
    many = made()
    for document, short in zip(many, shorts(many), strict=True):
        assert short == whole(document), document.name


FLAGS = st.lists(st.tuples(st.sampled_from([*RED_FLAGS, "gone"]), st.integers(1, 3)), max_size=2)
CLEARED = st.lists(
    st.tuples(st.sampled_from(RED_FLAGS), st.sampled_from(["new_or_worse", "not_sure"])), max_size=4
)


@EXAMPLES
@given(
    many=st.lists(
        st.builds(Document, st.just("D"), ANSWERS, DAYS, FLAGS.map(tuple), CLEARED.map(tuple)),
        min_size=1,
        max_size=6,
    ),
)
def test_any_answers_give_the_same(many: list[Document]) -> None:
    assert shorts(many) == [whole(document) for document in many]


@EXAMPLES
@given(
    junk=st.lists(
        st.dictionaries(st.sampled_from(sorted(ITEMS)) | st.text(max_size=8), JUNK, max_size=6), max_size=5
    )
)
def test_what_no_question_could_have_taken_gives_the_same(junk: list[dict[str, Any]]) -> None:
    many = [Document("D", baseline() | each, DAY) for each in junk]
    assert shorts(many) == [whole(document) for document in many]


def test_true_and_one_are_not_taken_for_each_other() -> None:
    compiled = small(rule("AGREES", "exclude", "agree", unknown="INF_AGREE"))
    answers = [{"agree": value} for value in (True, 1, 1.0, "true", False, 0, True)]
    assert together(compiled, *answers) == [Short.of(assess(compiled, each, as_of=DAY)) for each in answers]


def test_codes_that_two_rules_share_are_left_to_the_whole_judgement() -> None:
    compiled = small(
        rule("SHARED", "caution", "agree"),
        rule("OTHER", "exclude", "share > 1", unknown="SHARED"),
    )
    answers = {"agree": True}
    assert together(compiled, answers) == [Short.of(assess(compiled, answers, as_of=DAY))]


def test_an_error_is_seen_as_by_the_whole_judgement() -> None:
    compiled = small(
        rule("BREAKS", "exclude", "ToInteger(cast (words as List<Any>)[0] as Integer) > 1"),
        rule("HOLDS", "caution", "agree"),
        outputs={"broken": "cast (First(words) as Any) as Integer"},
    )
    answers: list[dict[str, Any]] = [{"words": ["x"], "agree": True}, {"agree": True}, {"words": []}]
    found = together(compiled, *answers)
    assert found == [Short.of(assess(compiled, each, as_of=DAY)) for each in answers]
    assert any(code.startswith("INF_ERROR") for code in found[0].codes)
    assert not any(code.startswith("INF_ERROR") for code in found[1].codes)


def test_only_what_does_not_fit_is_judged_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[dict[str, Any]] = []
    one = bulk_module.assess

    def seen(compiled: CompiledRuleSet, answers: dict[str, Any], **more: Any) -> Any:
        alone.append(answers)
        return one(compiled, answers, **more)

    monkeypatch.setattr(bulk_module, "assess", seen)
    odd = baseline() | {"treatments": "physiotherapy"}
    shorts([*made(20), Document("odd", odd, DAY)])
    assert [each["treatments"] for each in alone] == ["physiotherapy"]


def test_a_branch_that_closes_takes_its_answers_and_their_doubts_with_it() -> None:
    compiled = small(
        rule("MUCH", "exclude", "much > 5", unknown="INF_MUCH"),
        rule("WHY", "caution", "why is not null"),
        rule("LONG", "caution", 'exists (tries T where T."weeks" > 3)'),
    )
    answers: list[dict[str, Any]] = [
        {"flag": flag, "much": much, "why": "because", "tries": [{"name": name, "weeks": weeks}]}
        for flag in ("yes", "no", "not_sure", "other")
        for much in (3, 7, "many", None)
        for name, weeks in (("x", 9), ("y", 9), ("y", "long"))
    ]
    assert together(compiled, *answers) == [Short.of(assess(compiled, each, as_of=DAY)) for each in answers]


def test_a_pack_that_lacks_an_item_is_refused() -> None:
    without = pack(made(3), items=["dob"], groups=[])
    with pytest.raises(ValueError, match="rf_saddle"):
        BULK.judge(without)


def test_nothing_at_all_is_judged_too() -> None:
    assert shorts([]) == []


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_module, "REMEMBERED", 2)
    many = made(40, seed=3)
    assert shorts(many, Bulk(shipped())) == [whole(document) for document in many]


def test_a_pack_is_let_go_as_soon_as_it_is_judged() -> None:
    """Whoever judges one after another holds one, whenever the collector comes by."""
    judged_before = packed(made(20))
    held = weakref.ref(judged_before.answers["dob"].codes)
    gc.disable()
    try:
        BULK.judge(judged_before)
        del judged_before
        assert held() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("processes", [1, 2])
def test_counts_are_those_of_judging_one_by_one(processes: int) -> None:
    many = made()
    heard: list[int] = []
    chunks = [many[start : start + 60] for start in range(0, len(many), 60)]
    result = replay(current(), chunks, read=packed, progress=heard.append, processes=processes)
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
    result = replay(current(), [people], read=packed, candidate=changed_rules(), processes=1)
    assert result.moved == {("not_currently", "flagged_review"): 1, ("flagged_review", "not_currently"): 1}
    assert result.names[("not_currently", "flagged_review")] == ["milder"]
    assert (result.changed, result.milder) == (3, 1)
    assert result.gained == {"EXC_DRIVING": 2}
    assert result.lost == {"EXC_PREGNANCY": 1}
    assert result.after.outcomes == {"flagged_review": 2, "not_currently": 1, "urgent": 1}


def test_names_are_kept_of_the_first_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.rules.judged.KEPT", 3)
    people = [[Document(f"{number:02}", baseline(driving="yes"), DAY)] for number in range(7)]
    result = replay(current(), people, read=packed, candidate=changed_rules(), processes=1)
    assert result.moved == {("flagged_review", "not_currently"): 7}
    assert result.names == {("flagged_review", "not_currently"): ["00", "01", "02"]}
    backwards = replay(current(), people[::-1], read=packed, candidate=changed_rules(), processes=1)
    assert backwards.names == {("flagged_review", "not_currently"): ["04", "05", "06"]}


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
    was, now = (one_judged(Short(*each, frozenset())) for each in (before, after))
    assert milder(was, now).tolist() == [expected]


def one_judged(short: Short) -> Judged:
    judged = Judged(1)
    judged.put(0, short)
    assert judged.short(0) == short
    return judged


def test_what_was_put_in_place_leaves_nothing_of_before() -> None:
    judged = Judged(2)
    judged.found("OLD", np.array([True, True]))
    judged.urgent(1, np.array([True, True]))
    mild = Short("flagged_review", "flagged_review", None, frozenset({"NEW"}))
    judged.put(0, mild)
    assert judged.short(0) == mild
    assert judged.short(1) == Short("urgent", "flagged_review", 1, frozenset({"OLD"}))
    assert Counts.of(judged).codes == {"OLD": 1, "NEW": 1}
