"""The form of one text that is sent: allowed placeholders, and no word that says too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.manage.plans.forms import mistakes
from screening.rules.base import has_stray_brace
from screening.rules.definition import Message
from screening.rules.letters import LetterText
from screening.rules.remarks import errors
from screening.rules.wording import banned_in

LONGEST_TEXT = 4000


class TextForm(forms.Form):
    """The words of one message, letter, reason or other help. `list_name` says which."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    title = forms.CharField(label=gettext_lazy("What the clinician ticks"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 12}), max_length=LONGEST_TEXT
    )
    change = forms.CharField(
        label=gettext_lazy("What could change"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def __init__(self, data: Any = None, *, list_name: str, entry: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(entry))
        self.list_name, self.entry = list_name, entry
        shown = {"messages": {"text"}, "letters": {"text"}}.get(list_name, {"title", "text", "change"})
        shown |= {"subject"} if entry.get("channel") == "email" else set()
        for name in set(self.fields) - shown:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        for name, value in list(said.items()):
            said[name] = value.replace("\r\n", "\n")
        if not self.errors:
            for sentence in self._sentences():
                self.add_error("text", sentence)
        return said

    def changed_entry(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return {**{k: v for k, v in self.entry.items() if k not in self.fields}, **said}

    def _sentences(self) -> list[str]:
        entry = self.changed_entry()
        if self.list_name == "messages":
            found = mistakes(Message, entry) + _banned("messages", {"messages": [entry]})
        elif self.list_name == "letters":
            found = mistakes(LetterText, entry) + _banned("letters", {"letters": [entry]})
        else:
            found = _banned("letters", {self.list_name: [entry]})
        if self.list_name in ("messages", "letters") and has_stray_brace(
            f"{entry.get('subject', '')} {entry.get('text', '')}"
        ):
            found.append(_("A brace stands alone: write a name between two, as in {clinic}."))
        return found


def _banned(kind: str, content: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(remark.sentence for remark in errors(banned_in(kind, content))))
