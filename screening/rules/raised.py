"""Which answer made a case urgent, for what an expression found: the one it reads, or the rule itself."""

from __future__ import annotations

from screening.rules.answers import Answers
from screening.rules.base import key_text
from screening.rules.compiled import CompiledRuleSet

BY_RULE = "true"


def answer_behind(compiled: CompiledRuleSet, rule_code: str, answers: Answers) -> tuple[str, str]:
    """The id of the item and its answer where the rule reads one coded item; else the rule and "true".

    A clinician who clears the answer has then dealt with the rule (`assess.is_cleared`); an expression that
    reads several is never silenced by one of them.
    """
    read = compiled.items_read_by(rule_code)
    if len(read) == 1:
        item = compiled.questionnaire.item(*read)
        coded = item.type in ("choice", "boolean") or bool(item.options)
        value = answers.get(item.id)
        if coded and value is not None and not isinstance(value, list | tuple):
            return item.id, key_text(value)
    return rule_code, BY_RULE
