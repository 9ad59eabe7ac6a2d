"""One part being edited: the forms that its page shows together, and the content that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from screening.manage.editor import parts
from screening.manage.editor.condition_forms import ConditionForm
from screening.manage.editor.forms import FORMS, PartForm, ScoreForm
from screening.manage.editor.item_forms import (
    WITH_OPTIONS,
    CheckForm,
    ItemForm,
    OptionForm,
    type_name,
)
from screening.manage.editor.parts import Content
from screening.rules.questionnaire import Item, Score

SPARE, MOST_OPTIONS, MOST_CHECKS = 2, 60, 10


@dataclass
class Editing:
    """The forms of one part. Those that do not concern its kind are None."""

    kind: str
    key: str
    main: PartForm
    options: BaseFormSet[Any] | None = None
    checks: BaseFormSet[Any] | None = None
    condition: ConditionForm | None = None

    @classmethod
    def of(
        cls,
        content: Content,
        kind: str,
        key: str,
        *,
        before: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
    ) -> Editing:
        """Raises Missing when the content has no such part."""
        part = parts.part(content, kind, key)
        if kind == "item":
            return cls._of_item(content, key, part, before, data)
        form = FORMS[kind]
        main = form(data, prefix="part", initial=form.begun(part))
        if kind == "page":
            main.set_choices("step", steps(content))
        if kind == "statement":
            main.set_choices("item", [(found, found) for found, _item in parts.parts(content, "item")])
        if isinstance(main, ScoreForm):
            others = [one for one in readable(content, "score", Score) if one.id != key]
            main.read_by(siblings(content, ""), others)
        condition = _condition(content, kind, key, part, data) if kind == "page" else None
        return cls(kind, key, main, condition=condition)

    @classmethod
    def _of_item(
        cls,
        content: Content,
        key: str,
        part: Content,
        before: Mapping[str, str],
        data: Mapping[str, Any] | None,
    ) -> Editing:
        advice = advice_choices(content)
        answered = str(data.get("part-kind") or "") if data is not None else type_name(part)
        main = ItemForm(
            data,
            prefix="part",
            initial=ItemForm.begun(part),
            kind=answered,
            advice=advice,
            before=before,
            key=key,
        )
        options = None
        if answered in WITH_OPTIONS:
            options = _rows(OptionForm, "options", _options(part), MOST_OPTIONS, data, advice=advice)
        checks = None
        if answered not in ("display", "groups", "files"):
            group = key.rpartition(".")[0]
            scores = [] if group else readable(content, "score", Score)
            reads = {"items": siblings(content, group), "scores": scores}
            checks = _rows(CheckForm, "checks", _dicts(part.get("validate")), MOST_CHECKS, data, **reads)
        return cls("item", key, main, options, checks, _condition(content, "item", key, part, data))

    @property
    def forms(self) -> list[Any]:
        return [form for form in (self.main, self.options, self.checks, self.condition) if form is not None]

    def is_valid(self) -> bool:
        """Each is asked, so that the page says everything that is wrong at once."""
        answers = [form.is_valid() for form in self.forms if form.is_bound]
        return all(answers)

    def taken(self, part: Content) -> Content:
        """The part as it was typed. Only of forms that are valid."""
        found = self.main.taken(parts.own(self.kind, part))
        if self.condition is not None:
            found = _kept(found, "show_when", self.condition.cleaned_data["text"])
        if self.options is not None and self.options.is_bound:
            found = _with_options(found, [row for row in self.options.cleaned_data if row.get("text")])
        if self.checks is not None and self.checks.is_bound:
            checks = [dict(row) for row in self.checks.cleaned_data if row.get("check")]
            found = _kept(found, "validate", checks)
        return found


def pressed(value: Content, press: str) -> Content:
    """What the buttons beside an answer do: "option-up 2", "option-down 2", "option-remove 2"."""
    act, _space, typed = press.partition(" ")
    options = _dicts(value.get("options"))
    place = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else len(options)
    if not act.startswith("option-") or place >= len(options):
        return value
    moved = options.pop(place)
    advice = dict(value.get("advice") or {})
    if act == "option-remove":
        advice.pop(moved.get("code"), None)
    else:
        options.insert(max(place + (-1 if act == "option-up" else 1), 0), moved)
    others = {name: held for name, held in value.items() if name not in ("options", "advice")}
    return others | {name: held for name, held in (("options", options), ("advice", advice)) if held}


def steps(content: Content) -> list[tuple[str, Any]]:
    return [(key, step.get("title") or key) for key, step in parts.parts(content, "step")]


def advice_choices(content: Content) -> list[tuple[str, Any]]:
    held = parts.parts(content, "advice")
    found = [(key, f"{one.get('title')} ({key})") for key, one in held if isinstance(one, dict)]
    return [("", _("None")), *found]


def readable(content: Content, kind: str, model: type[BaseModel]) -> list[Any]:
    """The parts of a kind that can be read already, as values."""
    found = []
    for _key, value in parts.parts(content, kind):
        try:
            found.append(model.model_validate(value))
        except (ValidationError, TypeError, ArithmeticError):
            continue
    return found


def siblings(content: Content, group: str) -> list[Item]:
    """Every question that is answered, on pages or in one entry of a group."""
    return [
        item
        for key, value in parts.parts(content, "item")
        if key.rpartition(".")[0] == group
        for item in _read(value)
    ]


def items_before(content: Content, kind: str, key: str) -> list[Item]:
    """What a condition here may read: questions asked earlier, inside a group those of the same entry."""
    group, _, _inner = key.rpartition(".") if kind == "item" else ("", "", "")
    found: list[Item] = []
    for page_key, page in parts.parts(content, "page"):
        if kind == "page" and page_key == key:
            break
        for name, value in parts.items_below(page):
            if name == key and kind == "item":
                return found
            if name.rpartition(".")[0] == group:
                found += _read(value)
    return found


def _read(value: Content) -> list[Item]:
    try:
        item = Item.model_validate(value)
    except (ValidationError, TypeError, ArithmeticError):
        return []
    return [item] if item.holds_an_answer else []


def _condition(
    content: Content, kind: str, key: str, part: Content, data: Mapping[str, Any] | None
) -> ConditionForm:
    stored = part.get("show_when")
    scores = cast("Sequence[Score]", readable(content, "score", Score)) if "." not in key else ()
    return ConditionForm(
        stored if isinstance(stored, str) else "", items_before(content, kind, key), scores, data
    )


def _rows(
    form: type[forms.Form],
    prefix: str,
    initial: list[Content],
    most: int,
    data: Mapping[str, Any] | None,
    **kwargs: Any,
) -> BaseFormSet[Any]:
    """Not bound where the page had no such rows yet, as when the kind of answer has just become another."""
    shown = data if data is not None and f"{prefix}-TOTAL_FORMS" in data else None
    largest = max(most, len(initial) + SPARE)  # what came from a file may have more
    made = forms.formset_factory(form, extra=SPARE, max_num=most, absolute_max=largest)
    return made(shown, prefix=prefix, initial=initial, form_kwargs=kwargs)


def _options(part: Content) -> list[Content]:
    advice = part.get("advice")
    found = advice if isinstance(advice, dict) else {}
    return [
        {**option, "advice": found.get(str(option.get("code")), "")} for option in _dicts(part.get("options"))
    ]


def _with_options(part: Content, rows: list[Content]) -> Content:
    options, advice = [], {}
    taken = {row["code"] for row in rows if row["code"]}
    for number, row in enumerate(rows):
        code = row["code"] or _code(row["text"], part, number, taken)
        taken.add(code)
        said = {"code": code, "text": row["text"], "hint": row["hint"]}
        said |= {name: row[name] for name in ("unknown", "exclusive")}
        options.append({name: value for name, value in said.items() if value not in ("", False)})
        if row["advice"]:
            advice[code] = row["advice"]
    return _kept(_kept(part, "options", options), "advice", advice)


def _code(text: str, part: Content, number: int, taken: set[str]) -> str:
    """The code of a new answer: its place for a number, else made from its words."""
    if part.get("type") == "integer":
        return next(str(n) for n in range(number, number + MOST_OPTIONS) if str(n) not in taken)
    words = {"pages": [{"items": [{"id": code} for code in taken]}]}
    return parts.new_key(words, "item", text)


def _kept(part: Content, name: str, value: Any) -> Content:
    others = {key: held for key, held in part.items() if key != name}
    return {**others, name: value} if value else others


def _dicts(value: Any) -> list[Content]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
