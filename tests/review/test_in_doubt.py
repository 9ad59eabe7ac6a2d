"""Why a criterion cannot be told: also a contradiction that belongs to another one."""

from __future__ import annotations

from screening.review.case_reading import judged
from screening.rules.assess import assess
from screening.rules.compiled import compile_ruleset
from tests.rules.content import DAY, baseline, shipped


def test_a_criterion_names_the_contradiction_that_puts_it_in_doubt_whichever_criterion_it_is_of() -> None:
    rules = shipped().ruleset
    moved = [r.model_copy(update={"criterion": "C5"}) if r.code == "K1" else r for r in rules.rules]
    compiled = compile_ruleset(shipped().questionnaire, rules.model_copy(update={"rules": tuple(moved)}))
    answers = baseline(onset="2027-05", onset_exact=None)
    found = judged(compiled, answers, assess(compiled, answers, as_of=DAY), DAY, clinic="The clinic")
    (onset,) = [each for each in found.criteria if each.code == "C3"]
    assert onset.verdict == "unknown"
    assert onset.sentence.endswith("Onset after the assessment or before birth.")
    assert [each.rule for each in onset.words] == ["EXC_DURATION", "K1"]
