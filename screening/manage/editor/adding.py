"""What is asked when a part is added: the least that gives it a name. Its own page asks for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from screening.manage.editor import parts
from screening.manage.editor.editing import steps
from screening.manage.editor.forms import key_field, line, several_lines
from screening.manage.editor.item_forms import TYPES, retyped
from screening.manage.editor.parts import Content
from screening.questionnaires.kept_types import answer_type

ITEM_ID, SLUG, STATEMENT_ID = r"^[a-z][a-z0-9_]*$", r"^[a-z0-9][a-z0-9_-]*$", r"^[A-Z]+[0-9]+$"
PATTERNS = {"item": ITEM_ID, "score": ITEM_ID, "helpline": ITEM_ID, "statement": STATEMENT_ID}
WORDS = {
    "step": _("Name of the step"),
    "page": _("Title of the page"),
    "item": _("Question"),
    "score": _("Name of the score"),
    "advice": _("Heading of the advice"),
    "helpline": _("Name of the helpline"),
    "statement": _("The exact words"),
}


class AddForm(forms.Form):
    """`key` is the id of the new part, `full_key` with the group that it is added to."""

    def __init__(
        self,
        kind: str,
        content: Content,
        data: Mapping[str, Any] | None,
        *,
        group: str,
        before: Mapping[str, str],
    ) -> None:
        super().__init__(data, prefix="new")
        self.kind, self.content, self.before, self.key = kind, content, before, ""
        items = dict(parts.parts(content, "item"))
        self.group = group
        words = several_lines if kind in ("item", "statement") else line
        self.fields["words"] = words(WORDS[kind], required=True)
        if kind == "item":
            choices = [(name, label) for name, (label, _shape) in TYPES.items()]
            kept = [pair for pair in choices if not (self.group and pair[0] in ("groups", "files"))]
            self.fields["type"] = forms.ChoiceField(label=_("Kind of answer"), choices=kept)
        if kind == "page":
            self.fields["step"] = forms.ChoiceField(label=_("Step"), choices=steps(content))
        if kind == "statement":
            found = [(key, f"{one.get('text')} ({key})") for key, one in items.items() if "." not in key]
            self.fields["item"] = forms.ChoiceField(
                label=_("The question that takes the answer"), choices=found
            )
        self.fields["key"] = key_field(PATTERNS.get(kind, SLUG))

    @property
    def full_key(self) -> str:
        return f"{self.group}.{self.key}" if self.group else self.key

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors:
            return typed
        self.key = typed["key"] or self._proposed(typed["words"])
        if any(key == self.full_key for key, _part in parts.parts(self.content, self.kind)):
            self.add_error("key", _("There is one with this id already. Choose another"))
        if self.kind == "item":
            self._fits_before(typed["type"])
        return typed

    def _proposed(self, words: str) -> str:
        if self.kind == "statement":
            taken = {key for key, _part in parts.parts(self.content, "statement")}
            return next(key for n in range(1, 1000) if (key := f"CS{n}") not in taken)
        return parts.new_key(self.content, self.kind, words, group=self.group)

    def _fits_before(self, name: str) -> None:
        kind, repeats, _control = TYPES[name][1]
        was = self.before.get(self.full_key, "")
        if was and kind != "display" and was != answer_type({"type": kind, "repeats": repeats}):
            self.add_error("key", ValidationError(retyped(self.full_key, was)))

    def part(self) -> Content:
        """The new part as content."""
        typed = self.cleaned_data
        named: Content = {"id": self.key}
        match self.kind:
            case "item":
                kind, repeats, control = TYPES[typed["type"]][1]
                shape = {"type": kind, "repeats": repeats, "control": control}
                shape = {name: value for name, value in shape.items() if value}
                limits = {"min": 0, "max": 10} if typed["type"] == "scale" else {}
                return {**named, **shape, "text": typed["words"], **limits}
            case "page":
                return {**named, "title": typed["words"], "step": typed["step"], "items": []}
            case "score":
                return {**named, "title": typed["words"], "expression": "null"}
            case "advice":
                return {"title": typed["words"], "text": []}
            case "helpline":
                return {"name": typed["words"]}
            case "statement":
                said = {"required": True, "kind": "tick", "item": typed["item"], "version": "1"}
                return {**named, **said, "text": typed["words"]}
            case _:
                return {**named, "title": typed["words"]}
