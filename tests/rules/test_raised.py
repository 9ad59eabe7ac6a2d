"""Which answer stands behind what an expression calls urgent."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import RuleSet
from screening.rules.raised import answer_behind
from tests.rules.content import ROOT, shipped, unshared


def urgent_when(expression: str) -> CompiledRuleSet:
    content = unshared(ROOT / "seed/rulesets/pain-eligibility.yml")
    rule = {"code": "URG_X", "effect": "urgent", "tier": 1, "when": expression, "source": "tests"}
    content["rules"].append({**rule, "clinician": "X.", "patient": "Please ring."})
    return compile_ruleset(shipped().questionnaire, RuleSet.model_validate(content))


@pytest.mark.parametrize(
    ("expression", "answers", "behind"),
    [
        ("cv = 'unstable'", {"cv": "unstable"}, ("cv", "unstable")),
        ("contact_sms = true", {"contact_sms": True}, ("contact_sms", "true")),
        ("phq_9 = 3", {"phq_9": 3}, ("phq_9", "3")),  # a number with options is a coded answer
        ("cv is null", {}, ("URG_X", "true")),  # nothing was answered
        ("cv = 'unstable' and driving = 'yes'", {"cv": "unstable", "driving": "yes"}, ("URG_X", "true")),
        ("'crps' in conditions", {"conditions": ["crps"]}, ("URG_X", "true")),  # one of several answers
        ("peg_p >= 9", {"peg_p": 9}, ("URG_X", "true")),  # a number without options is not coded
        ("years between dob and Today() > 90", {"dob": "1930-01-01"}, ("URG_X", "true")),
    ],
)
def test_the_one_coded_answer_that_it_reads_or_else_the_rule(
    expression: str, answers: dict[str, Any], behind: tuple[str, str]
) -> None:
    assert answer_behind(urgent_when(expression), "URG_X", answers) == behind
