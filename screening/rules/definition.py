"""The five kinds of definition that are stored, versioned and published, in one place.

Each is a frozen value made with `.model_validate(content)`; an unknown key or a name that leads nowhere is
refused with a sentence. What each field means is written where it is declared: `questionnaire.py`,
`ruleset.py`, `schedule.py`, `letters.py`.
The stored truth is the content itself (see `canonical.py` for its hash), never a dump of these values.
"""

from __future__ import annotations

from screening.rules.letters import Letters
from screening.rules.questionnaire import (
    Advice,
    AdviceWords,
    Check,
    Helpline,
    Item,
    Option,
    Page,
    Questionnaire,
    Score,
    Statement,
    Step,
)
from screening.rules.ruleset import Case, CaseFile, Criterion, Effect, Expected, Row, Rule, RuleSet, Table
from screening.rules.schedule import (
    Caps,
    Message,
    Messages,
    Quiet,
    Schedule,
    ScheduleStep,
    Sending,
    StaffAction,
)

__all__ = [
    "Advice",
    "AdviceWords",
    "Caps",
    "Case",
    "CaseFile",
    "Check",
    "Criterion",
    "Effect",
    "Expected",
    "Helpline",
    "Item",
    "Letters",
    "Message",
    "Messages",
    "Option",
    "Page",
    "Questionnaire",
    "Quiet",
    "Row",
    "Rule",
    "RuleSet",
    "Schedule",
    "ScheduleStep",
    "Score",
    "Sending",
    "StaffAction",
    "Statement",
    "Step",
    "Table",
]
