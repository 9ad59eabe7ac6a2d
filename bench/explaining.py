"""The judgement of one document with every rule explained, and each field of each explanation read.

Explanations of equal answers are remembered, so the documents are different ones, and no round has those of
another. "Never seen before" means that all memories of answers are emptied before each document: what
remains is what is known of the rules alone. "With blanks" are documents as people leave them, of which
two-valued code knows nothing: their limit is that of complete ones. Few complete documents have a treatment,
which costs most to explain; so those with two are a group of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench import by_hand
from bench.complete import checked, complete, ready, tables, with_two_treatments
from bench.documents import DAY, default_rules, documents
from bench.timing import LIMIT, Way, ratios, timed
from screening.rules.assess import assess_active
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.explain import explain_active
from screening.rules.journey import Active
from screening.rules.remembered import REMEMBERED, day_of, forget, grouping_of

EACH_ROUND = 40  # documents that are explained in one round, and never again
BEFORE = 5  # rounds of documents that are explained before the first is timed
NEVER = "assessed and explained, never seen before"
Documents = list[dict[str, Any]]


def explanations(rounds: int) -> dict[str, Any]:
    """Everything explained, of three kinds of documents."""
    count = (rounds + BEFORE) * EACH_ROUND
    whole = complete(count)
    two = with_two_treatments(whole)
    blanks = list(documents(default_rules(), count, seed=11))
    return {
        "every rule explained in full": _timed(rounds, whole, whole),
        "every rule explained in full, two treatments in each": _timed(rounds, two, two),
        "every rule explained in full, with blanks": _timed(rounds, blanks, whole),
    }


def explained(rules: CompiledRuleSet, active: Active) -> None:
    """Judged and explained, and everything read that a page shows."""
    assessment = assess_active(rules, active, as_of=DAY)
    for each in explain_active(rules, active, assessment, DAY):
        _ = each.result, each.answers, each.cause, each.would_settle, each.inside, each.sentence, each.reading


def _timed(rounds: int, made: Documents, whole: Documents) -> dict[str, Any]:
    """`whole` are complete documents, for the limit."""
    compiled, forgetful, known = _fresh(), _fresh(), tables()
    actives = [compiled.journey.active(document, DAY) for document in made]
    complete_ones = [compiled.journey.active(document, DAY) for document in whole]
    hand = ready(complete_ones)
    checked(complete_ones, hand, known)

    def forgetting(judge: Callable[[CompiledRuleSet, Active], object]) -> Way:
        def way(number: int) -> None:
            forget(forgetful)
            judge(forgetful, actives[number])

        return way

    ways: dict[str, Way] = {
        LIMIT: lambda n: (by_hand.flat(hand[n], DAY), by_hand.lists(hand[n], DAY, known)),
        "assessed": lambda n: assess_active(compiled, actives[n], as_of=DAY),
        "assessed and explained": lambda n: explained(compiled, actives[n]),
        NEVER: forgetting(explained),
    }
    start = BEFORE * EACH_ROUND
    for number in range(start):
        for name, way in ways.items():
            if name != NEVER or number < EACH_ROUND:
                way(number)
    before = _remembered(compiled)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(start, start + rounds * EACH_ROUND, EACH_ROUND):
        for name, way in ways.items():
            times[name].append(timed(way, range(number, number + EACH_ROUND)))
    return {
        **ratios(times),
        "explained before the first": start,
        "remembered since, for each document": round(
            (_remembered(compiled) - before) / (rounds * EACH_ROUND), 2
        ),
        "remembered at most": f"{REMEMBERED} for each of {len(grouping_of(compiled).groups)} groups of rules",
    }


def _fresh() -> CompiledRuleSet:
    rules = default_rules()
    return compile_ruleset(rules.questionnaire, rules.ruleset)


def _remembered(compiled: CompiledRuleSet) -> int:
    """How many explanations are in memory."""
    groups, known = grouping_of(compiled).groups, day_of(compiled, DAY).groups
    return sum(len(group.plans) * len(kept) for group, kept in zip(groups, known, strict=True))
