"""A rule set as data: named CQL definitions, reference tables and a table of rules.

A rule is either a CQL expression or a row "this question, these answers". The expression is true, false or
unknown; a list result makes one finding for each element (`code:element`), and a null among the elements,
like a null list, is unknown. A row on a question that is not asked is false, not unknown.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from screening.rules.base import Code, Cql, Frozen, ItemId, Slug, Text, key_text, repeated

Effect = Literal["urgent", "exclude", "more_info", "high_caution", "caution", "contradiction", "note"]
Tier = Literal[1, 2, 3]
Outcome = Literal["urgent", "not_currently", "more_info", "flagged_review"]
Cell = bool | int | Decimal | str | None
ColumnType = Literal["String", "Integer", "Decimal", "Boolean", "Date"]
MOST_CELLS = 30_000
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]


class Table(Frozen):
    """Reference data; CQL names it by its key and reads a list of tuples, one for each row."""

    columns: dict[Name, ColumnType] = Field(min_length=1)
    rows: tuple[dict[Name, Cell], ...]
    title: str | None = None
    owner: str | None = None
    checked_on: dt.date | None = None
    version: str | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _rows_fit_columns(self) -> Self:
        if len(self.rows) * len(self.columns) > MOST_CELLS:  # an empty cell is written out as well
            raise ValueError(f"a table has {MOST_CELLS:,} cells at most")
        for number, row in enumerate(self.rows, start=1):
            if stray := sorted(set(row) - set(self.columns)):
                raise ValueError(f"row {number}: there is no column {stray[0]}")
            for name, value in row.items():
                if value is not None and not _fits(value, self.columns[name]):
                    raise ValueError(f"row {number}: {name} is not of type {self.columns[name]}")
        return self


def _fits(value: Cell, kind: ColumnType) -> bool:
    if kind == "Boolean" or isinstance(value, bool):
        return kind == "Boolean" and isinstance(value, bool)
    if kind == "Integer":
        return isinstance(value, int)
    if kind == "Decimal":
        return isinstance(value, int | Decimal)
    return isinstance(value, str)


class Row(Frozen):
    """The rule as a row: this question has one of these answers. With tiers, each answer has its own."""

    question: ItemId
    answers: tuple[str, ...] = Field(min_length=1)
    tiers: tuple[Tier, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _answers_as_text(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        answers = value.get("answers")
        if isinstance(answers, dict) and "tiers" not in value:
            return {**value, "answers": [key_text(k) for k in answers], "tiers": list(answers.values())}
        if isinstance(answers, list | tuple):
            return {**value, "answers": [key_text(answer) for answer in answers]}
        return value

    def tier_of(self, answer: str) -> int | None:
        return dict(zip(self.answers, self.tiers, strict=False)).get(answer)


class Criterion(Frozen):
    id: Code
    title: Text
    text: str | None = None
    source: str | None = None


class Rule(Frozen):
    """One line of the rule table.

    `unknown` is the code raised as missing information when the rule is unknown. `patient` and `clinician`
    say what was found; the `_unknown` sentences say what is missing and are used with that code (else the
    plain ones are).
    `{element}` in a sentence is the element of a list result.
    """

    code: Code
    effect: Effect
    when: Row | Cql
    criterion: Code | None = None
    tier: Tier | None = None
    unknown: Code | None = None
    blocks: tuple[ItemId, ...] = ()
    patient: str | None = None
    clinician: Text
    patient_unknown: str | None = None
    clinician_unknown: str | None = None
    title: str | None = None
    source: Text

    @field_validator("blocks")
    @classmethod
    def _blocks_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if twice := repeated(value):
            raise ValueError(f"{twice} is blocked twice")
        return value

    @model_validator(mode="after")
    def _fits_its_effect(self) -> Self:
        tiers = self.when.tiers if isinstance(self.when, Row) else ()
        if self.effect == "urgent" and (self.tier is None) == (not tiers):
            raise ValueError(f"{self.code}: an urgent rule has one tier, or one for each answer")
        if self.effect != "urgent" and (self.tier is not None or tiers):
            raise ValueError(f"{self.code}: only an urgent rule has a tier")
        if self.blocks and self.effect != "contradiction":
            raise ValueError(f"{self.code}: only a contradiction blocks items")
        if (self.effect == "high_caution") != ("(H)" in self.code):
            raise ValueError(f"{self.code}: a high caution, and nothing else, has (H) in its code")
        return self


class Expected(Frozen):
    """What a worked case must give. Lists are compared as sets; `recheck_on` is null unless given."""

    outcome: Outcome
    underlying: Outcome
    tier: Tier | None = None
    urgent: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    senior_review: bool
    recheck_on: dt.date | None = None
    notes: tuple[str, ...] | None = None
    outputs: dict[str, Any] = Field(default_factory=dict)


class Case(Frozen):
    """A worked case: the baseline with some answers replaced; null leaves a question blank."""

    id: Code
    title: Text
    answers: dict[str, Any] = Field(default_factory=dict)
    expect: Expected
    why: str | None = None
    assessed_on: dt.date | None = None
    standing_red_flags: tuple[tuple[str, Tier], ...] = ()


class CaseFile(Frozen):
    """A file of worked cases that can be run against any version."""

    questionnaire: Slug
    ruleset: Slug
    assessed_on: dt.date
    baseline: dict[str, Any] = Field(default_factory=dict)
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        if twice := repeated([case.id for case in self.cases]):
            raise ValueError(f"the case {twice} is there twice")
        return self


class RuleSet(Frozen):
    code: Slug
    title: Text
    questionnaire: Slug
    text: str | None = None
    tables: dict[Name, Table] = Field(default_factory=dict)
    definitions: str = ""
    criteria: tuple[Criterion, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
    outputs: dict[Name, Cql] = Field(default_factory=dict)
    assessed_on: dt.date | None = None
    baseline: dict[str, Any] = Field(default_factory=dict)
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        for what, names in (
            ("rule", [rule.code for rule in self.rules]),
            ("criterion", [criterion.id for criterion in self.criteria]),
            ("case", [case.id for case in self.cases]),
        ):
            if twice := repeated(names):
                raise ValueError(f"the {what} {twice} is there twice")
        known = {criterion.id for criterion in self.criteria}
        for rule in self.rules:
            if rule.criterion is not None and rule.criterion not in known:
                raise ValueError(f"rule {rule.code}: there is no criterion {rule.criterion}")
        if self.cases and self.assessed_on is None:
            raise ValueError("worked cases need the day they are assessed on (assessed_on)")
        return self

    def rule(self, code: str) -> Rule:
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)

    def worked_cases(self) -> CaseFile | None:
        """The cases that travel with the rule set, in the shape of a case file."""
        if not self.cases or self.assessed_on is None:
            return None
        return CaseFile(
            questionnaire=self.questionnaire,
            ruleset=self.code,
            assessed_on=self.assessed_on,
            baseline=self.baseline,
            cases=self.cases,
        )
