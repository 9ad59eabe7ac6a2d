"""A questionnaire as data: steps, pages, items with stable ids, scores, advice and statements.

Words follow FHIR's Questionnaire where it has one (item, option, repeats). Conditions, checks and scores
are CQL in which each item is a parameter named by its id; see `library.py` for the types.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from screening.rules.base import Bound, Cql, Frozen, ItemId, Paragraphs, Slug, Text, key_text, repeated

ItemType = Literal[
    "display", "boolean", "integer", "decimal", "date", "string", "text", "choice", "attachment", "group"
]
Control = Literal["scale", "statement", "entries"]
Nation = Literal["england", "scotland", "wales", "northern_ireland"]
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Option(Frozen):
    """One answer to choose. `unknown` answers are stored as given and evaluate to null."""

    code: str = Field(min_length=1, max_length=64)
    text: Text
    hint: str | None = None
    exclusive: bool = False
    unknown: bool = False


class Check(Frozen):
    """A condition that an answer must meet: true and null are fine, false shows the message."""

    check: Cql
    message: Text


class Item(Frozen):
    """One question, or a group of them.

    `options` belong to choices; on an integer they label its values (code "0" is the integer 0).
    `options_from` names an earlier choice of several: only what was chosen there is offered here.
    `advice` maps an answer, as text, to the key of the advice shown as the very next page.
    Inside a group `show_when` and `validate` name the other items of the same entry by their ids.
    """

    id: ItemId
    type: ItemType
    text: Text
    hint: str | None = None
    repeats: bool = False
    control: Control | None = None
    required: bool = False
    sensitive: bool = False
    options: tuple[Option, ...] = ()
    options_from: ItemId | None = None
    min: Bound | None = None
    max: Bound | None = None
    max_length: int | None = Field(default=None, gt=0)
    max_entries: int | None = Field(default=None, gt=0)
    precision: Literal["day", "month", "year"] = "day"
    low_label: str | None = None
    high_label: str | None = None
    unit: str | None = None
    none_text: str | None = None
    autocomplete: str | None = None
    show_when: Cql | None = None
    checks: tuple[Check, ...] = Field(default=(), alias="validate")
    advice: dict[str, Slug] = Field(default_factory=dict)
    codes: dict[str, str] = Field(default_factory=dict)
    source: str | None = None
    items: tuple[Item, ...] = ()

    @field_validator("advice", mode="before")
    @classmethod
    def _text_keys(cls, value: Any) -> Any:
        return {key_text(k): v for k, v in value.items()} if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type == "choice" and not self.options:
            raise ValueError(f"{self.id}: a choice needs options")
        if self.options and self.type not in ("choice", "integer"):
            raise ValueError(f"{self.id}: only a choice or an integer has options")
        if (self.type == "group") != bool(self.items):
            raise ValueError(f"{self.id}: a group has items, and nothing else has")
        if self.repeats and self.type not in ("choice", "string", "group", "attachment"):
            raise ValueError(f"{self.id}: a {self.type} cannot repeat")
        if any(inner.type == "group" for inner in self.items):
            raise ValueError(f"{self.id}: a group cannot hold a group")
        if twice := repeated([option.code for option in self.options]):
            raise ValueError(f"{self.id}: the option {twice} is there twice")
        if twice := repeated([inner.id for inner in self.items]):
            raise ValueError(f"{self.id}: the item {twice} is there twice")
        if self.type == "integer" and not all(re.fullmatch(r"-?\d+", o.code) for o in self.options):
            raise ValueError(f"{self.id}: the options of an integer are whole numbers")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.id}: min is above max")
        if stray := sorted(set(self.advice) - set(self.option_codes())) if self.options else []:
            raise ValueError(f"{self.id}: advice for {stray[0]}, which is no option")
        return self

    def offered(self, answers: Mapping[str, Any]) -> tuple[Option, ...]:
        """The options to choose from after these answers; what was answered before stays among them."""
        if not (chosen := answers.get(self.options_from) if self.options_from else None):
            return self.options
        return tuple(one for one in self.options if one.code in chosen or one.code == answers.get(self.id))

    def option_codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def parts(self) -> Iterator[tuple[str, Item]]:
        """It and each question inside it, by the name of its place."""
        yield from [(self.id, self), *((f"{self.id}.{one.id}", one) for one in self.items)]

    def inner(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def holds_an_answer(self) -> bool:
        return self.type != "display"


class Step(Frozen):
    id: Slug
    title: Text
    text: str | None = None


class Page(Frozen):
    """One page.

    While a page that `stops` is shown, the form goes no further for a patient: it says who to turn to. It
    closes no branch: answers that staff entered for the same person are judged as ever.
    A page of `follow_up` is asked only in forms that come later, and only in those that name it or its step.
    """

    id: Slug
    step: Slug
    title: Text
    text: str | None = None
    show_when: Cql | None = None
    stops: bool = False
    follow_up: bool = False
    items: tuple[Item, ...] = Field(min_length=1)


class Score(Frozen):
    """A number worked out from answers; CQL may name it by its id. Null while an answer is missing."""

    id: ItemId
    title: Text
    expression: Cql
    text: str | None = None
    bands: tuple[tuple[int, str], ...] = ()
    codes: dict[str, str] = Field(default_factory=dict)
    source: str | None = None


class AdviceWords(Frozen):
    """What is said in one nation where it differs. A blank field keeps the common words."""

    title: str | None = None
    text: Paragraphs = ()


class Advice(Frozen):
    """The page that follows a positive red flag. Placeholders such as `{samaritans}` name helplines."""

    title: Text
    text: Paragraphs = Field(min_length=1)
    tier: Literal[1, 2, 3] | None = None
    nations: dict[Nation, AdviceWords] = Field(default_factory=dict)
    source: str | None = None

    def words_for(self, nation: str | None) -> tuple[str, tuple[str, ...]]:
        """Title and paragraphs as a person living in this nation should read them."""
        local = next((words for name, words in self.nations.items() if name == nation), AdviceWords())
        return local.title or self.title, local.text or self.text


class Helpline(Frozen):
    number: Text
    name: Text
    owner: Text
    checked_on: dt.date
    text: str | None = None
    url: str | None = None
    source: str | None = None


class Statement(Frozen):
    """A declaration with its exact, versioned words; `item` is the question that takes the answer."""

    id: str = Field(pattern=r"^[A-Z]+[0-9]+$")
    required: bool
    kind: Literal["tick", "yes_no", "choices", "notice"]
    item: ItemId
    text: Text
    version: str = "1"

    @field_validator("version", mode="before")
    @classmethod
    def _version_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class Questionnaire(Frozen):
    code: Slug
    title: Text
    language: str = "en-GB"
    text: str | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    pages: tuple[Page, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = ()
    advice: dict[Slug, Advice] = Field(default_factory=dict)
    helplines: dict[ItemId, Helpline] = Field(default_factory=dict)
    statements: tuple[Statement, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item on a page in the order asked; the items inside a group belong to the group."""
        for page in self.pages:
            yield from page.items

    def item(self, item_id: str) -> Item:
        for item in self.items():
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def page(self, page_id: str) -> Page:
        return {page.id: page for page in self.pages}[page_id]

    def page_of(self, item_id: str) -> Page:
        for page in self.pages:
            if any(item.id == item_id for item in page.items):
                return page
        raise KeyError(item_id)

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        items = list(self.items())
        ids = [item.id for item in items]
        for what, names in (
            ("step", [step.id for step in self.steps]),
            ("page", [page.id for page in self.pages]),
            ("item or score", ids + [score.id for score in self.scores]),
            ("statement", [statement.id for statement in self.statements]),
        ):
            if twice := repeated(names):
                raise ValueError(f"the {what} {twice} is there twice")
        known, steps = frozenset(ids), frozenset(step.id for step in self.steps)
        for page in self.pages:
            if page.step not in steps:
                raise ValueError(f"page {page.id}: there is no step {page.step}")
        for item in items:
            for place, part in item.parts():
                for answer, key in part.advice.items():
                    if key not in self.advice:
                        raise ValueError(f"{place}: answer {answer} names advice {key}, which is not written")
        for statement in self.statements:
            if statement.item not in known:
                raise ValueError(f"statement {statement.id}: there is no item {statement.item}")
        self._options_known(items)
        return self._placeholders_known()

    @staticmethod
    def _options_known(items: Sequence[Item]) -> None:
        earlier: dict[str | None, Item] = {}
        for item in items:
            source = earlier.get(item.options_from)
            if item.options_from and not (source and source.repeats and source.options):
                raise ValueError(f"{item.id}: {item.options_from} is no earlier choice of several")
            if source and set(source.option_codes()) - set(item.option_codes()):
                raise ValueError(f"{item.id}: it cannot offer everything that {source.id} can hold")
            if any(inner.options_from for inner in item.items):
                raise ValueError(f"{item.id}: a question of an entry takes no options from elsewhere")
            earlier[item.id] = item

    def _placeholders_known(self) -> Self:
        """A helpline that is named but not listed would print braces to a person in danger."""
        if not self.helplines:
            return self
        for key, advice in self.advice.items():
            words = [advice.title, *advice.text]
            for local in advice.nations.values():
                words += [local.title or "", *local.text]
            for name in PLACEHOLDER.findall(" ".join(words)):
                if name not in self.helplines:
                    raise ValueError(f"advice {key}: there is no helpline {name}")
        return self
