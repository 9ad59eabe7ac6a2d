"""The questions about danger that have to be there: asked of everyone, with advice, and urgent by the rules.

Which they are is data (`seed/safety.yml`). What cannot be checked is refused: a rule for one of these answers
is a row "question, answers", and a question for everyone stands on a page for everyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from screening.rules.base import Frozen, ItemId, Text
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import Remark, error
from screening.rules.ruleset import Row, RuleSet, Tier

Answers = dict[str, Tier | None]


class SafetyItems(Frozen):
    """For each question the answers that must lead to advice, with the tier that is the mildest allowed."""

    source: Text
    asked_of_everyone: dict[ItemId, Answers] = Field(min_length=1)
    asked_when_it_shows: dict[ItemId, Answers] = Field(default_factory=dict)

    def every(self) -> Mapping[str, Answers]:
        return {**self.asked_of_everyone, **self.asked_when_it_shows}


def lacking_in_form(questionnaire: Questionnaire, must: SafetyItems) -> list[Remark]:
    """What the form lacks: a question, its place before everyone, or advice that is urgent enough."""
    return [*_asked(questionnaire, must), *_advised(questionnaire, must)]


def lacking_in_rules(ruleset: RuleSet, must: SafetyItems) -> list[Remark]:
    """What the rules lack: a row that makes an answer as urgent as it has to be."""
    return [
        error("safety-item", f"rules, {item_id}", _not_urgent(item_id, answer, tier))
        for item_id, answers in must.every().items()
        for answer, tier in answers.items()
        if tier is not None and not _is_urgent(ruleset, item_id, answer, tier)
    ]


def _asked(questionnaire: Questionnaire, must: SafetyItems) -> Iterator[Remark]:
    known = {item.id: (page, item) for page in questionnaire.pages for item in page.items}
    for item_id in must.every():
        if item_id not in known:
            yield error("safety-item", f"item {item_id}", f"The safety question {item_id} is missing.")
            continue
        page, item = known[item_id]
        if page.follow_up:
            sentence = (
                f"The safety question {item_id} stands on a page of later forms: the first never asks it."
            )
            yield error("safety-item", f"item {item_id}", sentence)
        condition = page.show_when or item.show_when
        if item_id in must.asked_of_everyone and condition is not None:
            sentence = f"The safety question {item_id} has to be asked of everyone, without a condition."
            yield error("safety-item", f"item {item_id}", sentence)


def _advised(questionnaire: Questionnaire, must: SafetyItems) -> Iterator[Remark]:
    items = {item.id: item for item in questionnaire.items()}
    for item_id, answers in must.every().items():
        for answer, tier in answers.items() if item_id in items else ():
            advice = questionnaire.advice.get(items[item_id].advice.get(answer, ""))
            if advice is None:
                sentence = f"The answer {answer} of the safety question {item_id} has no advice."
                yield error("safety-item", f"item {item_id}", sentence)
            elif tier is not None and (advice.tier is None or advice.tier > tier):
                sentence = (
                    f"The advice for {answer} of the safety question {item_id} has to be of tier {tier}."
                )
                yield error("safety-item", f"item {item_id}", sentence)


def _is_urgent(ruleset: RuleSet, item_id: str, answer: str, mildest: int) -> bool:
    tiers = [
        rule.when.tier_of(answer) if rule.when.tiers else rule.tier
        for rule in ruleset.rules
        if rule.effect == "urgent"
        and isinstance(rule.when, Row)
        and rule.when.question == item_id
        and answer in rule.when.answers
    ]
    return any(tier is not None and tier <= mildest for tier in tiers)


def _not_urgent(item_id: str, answer: str, tier: int) -> str:
    return f"The answer {answer} of the safety question {item_id} has to be urgent, tier {tier}, by a row."
