"""The forms of a step, of the sending window, and of a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel
from pydantic import ValidationError as Malformed

from screening.forms import present
from screening.manage.plans.content import listed
from screening.manage.plans.words import ANCHORS, DAYS, KINDS, STOPS
from screening.rules.base import plainly
from screening.rules.definition import Quiet, ScheduleStep
from screening.rules.questionnaire import Nation
from screening.rules.schedule import FURTHEST

ROWS, ACTIONS = 6, 3
MOST_NAMED = 5
CHANNELS = (("", "–"), ("email", gettext_lazy("Email")), ("sms", gettext_lazy("Text message")))
FLAGS = {
    "active": gettext_lazy("This step is in use"),
    "critical": gettext_lazy("It may exceed the limits of messages (appointments, safety)"),
    "quiet_exempt": gettext_lazy("It may leave at any hour"),
    "opt_in": gettext_lazy("Only for people who asked for it"),
}
HOURS = forms.TimeInput(format="%H:%M")
_OFFSET = re.compile(r"-?[0-9]{1,4} (h|d|wd)")
_HOW = gettext_lazy("For example 24 h, 3 d or 2 wd (working days). A minus sign is before.")


class StepForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=64)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    anchor = forms.ChoiceField(label=gettext_lazy("Counted from"), choices=list(ANCHORS.items()))
    kind = forms.ChoiceField(label=gettext_lazy("About"), choices=list(KINDS.items()))
    template = forms.ChoiceField(label=gettext_lazy("Message"), required=False)
    stop_when = forms.MultipleChoiceField(
        label=gettext_lazy("Stops when"),
        choices=list(STOPS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    form = forms.CharField(
        label=gettext_lazy("Questions it asks"),
        help_text=gettext_lazy("Codes of pages or questions, with spaces between them."),
        max_length=1000,
        required=False,
    )
    opens = forms.IntegerField(
        label=gettext_lazy("The form opens (days after)"),
        min_value=-FURTHEST,
        max_value=FURTHEST,
        required=False,
    )
    closes = forms.IntegerField(
        label=gettext_lazy("The form closes (days after)"),
        min_value=-FURTHEST,
        max_value=FURTHEST,
        required=False,
    )

    def __init__(self, *args: Any, templates: Iterable[str], taken: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = set(taken)
        own = str((self.initial or {}).get("template") or "")
        names = sorted({*templates, *([own] if own else [])})
        self.fields["template"].choices = [("", "–"), *((n, n) for n in names)]  # type: ignore[attr-defined]
        for number in range(1, ROWS + 1):
            row = {"number": number}
            self.fields[f"after_{number}"] = forms.CharField(
                label=_("Message %(number)s: how long after") % row, required=False, max_length=10
            )
            self.fields[f"channel_{number}"] = forms.ChoiceField(
                label=_("Message %(number)s: by") % row, choices=CHANNELS, required=False
            )
            self.fields[f"fallback_{number}"] = forms.ChoiceField(
                label=_("Message %(number)s: or else by") % row, choices=CHANNELS, required=False
            )
            present(self.fields[f"after_{number}"], width=5)
        self.fields["after_1"].help_text = _HOW
        for number in range(1, ACTIONS + 1):
            row = {"number": number}
            self.fields[f"task_after_{number}"] = forms.CharField(
                label=_("Task of the clinic %(number)s: how long after") % row, required=False, max_length=10
            )
            self.fields[f"task_{number}"] = forms.CharField(
                label=_("Task of the clinic %(number)s: what to do") % row, required=False, max_length=300
            )
            present(self.fields[f"task_after_{number}"], width=5)
        for name, label in FLAGS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        for name in ("opens", "closes"):
            present(self.fields[name], width=5)

    @staticmethod
    def as_noted(step: Mapping[str, Any]) -> dict[str, Any]:
        asked = step.get("form") or []
        noted: dict[str, Any] = {"active": True, **step}
        noted["form"] = asked if isinstance(asked, str) else " ".join(map(str, asked))
        for number, each in enumerate(listed(step, "when_to_send")[:ROWS], 1):
            noted |= {f"{name}_{number}": each.get(name) for name in ("after", "channel", "fallback")}
        for number, each in enumerate(listed(step, "staff_actions")[:ACTIONS], 1):
            noted |= {f"task_after_{number}": each.get("after"), f"task_{number}": each.get("text")}
        return noted

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in self.taken:
            raise ValidationError(_("Another step has this code"))
        return code

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        names = [f"after_{number}" for number in range(1, ROWS + 1)]
        for name in [*names, *(f"task_after_{number}" for number in range(1, ACTIONS + 1))]:
            if said.get(name) and not _OFFSET.fullmatch(said[name]):
                self.add_error(name, _("Enter a time like 24 h, 3 d or 2 wd"))
        for number in range(1, ROWS + 1):
            if said.get(f"after_{number}") and not said.get(f"channel_{number}"):
                self.add_error(f"channel_{number}", _("Choose how this message is sent"))
        for number in range(1, ACTIONS + 1):
            if bool(said.get(f"task_after_{number}")) != bool(said.get(f"task_{number}")):
                self.add_error(f"task_{number}", _("A task needs a time and what to do"))
        if not self.errors:
            self._check()
        return said

    def _check(self) -> None:
        for sentence in mistakes(ScheduleStep, self.step({})):
            self.add_error(None, sentence)

    def step(self, was: Mapping[str, Any]) -> dict[str, Any]:
        """The step as it would be stored; what this form does not show stays as it `was`."""
        said = self.cleaned_data
        step = {**was, **{name: said[name] for name in ("code", "title", "anchor", "kind")}}
        before = listed(was, "when_to_send")
        sendings = []
        for number in range(1, ROWS + 1):
            if said[f"after_{number}"]:
                old = before[number - 1] if number <= len(before) else {}
                row = {"after": said[f"after_{number}"], "channel": said[f"channel_{number}"]}
                row |= {"fallback": said[f"fallback_{number}"]} if said[f"fallback_{number}"] else {}
                sendings.append(row | ({"template": old["template"]} if old.get("template") else {}))
        asked = [*listed(was, "staff_actions"), *[{}] * ACTIONS]
        tasks = [
            {**asked[n - 1], "after": said[f"task_after_{n}"], "text": said[f"task_{n}"]}
            for n in range(1, ACTIONS + 1)
            if said[f"task_{n}"]
        ]
        blank_or = {
            "template": said["template"] or None,
            "when_to_send": [*sendings, *before[ROWS:]],
            "stop_when": said["stop_when"],
            "form": said["form"].split(),
            "opens": said["opens"],
            "closes": said["closes"],
            "staff_actions": [*tasks, *listed(was, "staff_actions")[ACTIONS:]],
            **{name: said[name] or None for name in FLAGS if name != "active"},
            "active": None if said["active"] else False,
        }
        for name, value in blank_or.items():
            if value is None or value == []:
                step.pop(name, None)
            else:
                step[name] = value
        return step


class WindowForm(forms.Form):
    opens = forms.TimeField(label=gettext_lazy("Messages leave from"), widget=forms.TimeInput(format="%H:%M"))
    closes = forms.TimeField(
        label=gettext_lazy("Messages leave until"), widget=forms.TimeInput(format="%H:%M")
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On these days"),
        choices=list(DAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    per_day = forms.IntegerField(label=gettext_lazy("Most messages to one person in 24 hours"), min_value=1)
    per_week = forms.IntegerField(label=gettext_lazy("Most messages to one person in 7 days"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nation in get_args(Nation):
            self.fields[f"holidays_{nation}"] = forms.CharField(
                label=_("Bank holidays in %s") % nation.replace("_", " ").title(),
                help_text=_("One day on each line, like 2026-12-25."),
                widget=forms.Textarea(attrs={"rows": 6}),
                max_length=5000,
                required=False,
            )
        for name in ("opens", "closes", "per_day", "per_week"):
            present(self.fields[name], width=5)

    @staticmethod
    def as_noted(content: Mapping[str, Any]) -> dict[str, Any]:
        quiet, caps = _mapping(content.get("quiet")), _mapping(content.get("caps"))
        holidays = _mapping(quiet.get("bank_holidays"))
        try:
            days = Quiet.model_validate({**quiet, "bank_holidays": {}}).days
        except Malformed:
            days = ()
        return {
            "opens": quiet.get("from"),
            "closes": quiet.get("to"),
            "days": list(days),
            "per_day": caps.get("per_day"),
            "per_week": caps.get("per_week"),
            **{
                f"holidays_{nation}": "\n".join(map(str, found))
                for nation, found in holidays.items()
                if isinstance(found, list)
            },
        }

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        for nation in get_args(Nation):
            lines = str(said.get(f"holidays_{nation}") or "").split()
            try:
                said[f"holidays_{nation}"] = sorted({dt.date.fromisoformat(line) for line in lines})
            except ValueError:
                self.add_error(f"holidays_{nation}", _("Write each day like 2026-12-25, one on a line"))
        if said.get("opens") and said.get("closes") and said["opens"] >= said["closes"]:
            self.add_error("closes", _("The time must be later than the one before it"))
        return said

    def changed_content(self, content: Mapping[str, Any]) -> dict[str, Any]:
        said = self.cleaned_data
        holidays = {n: [day.isoformat() for day in said[f"holidays_{n}"]] for n in get_args(Nation)}
        return {
            **content,
            "quiet": {
                "from": said["opens"].strftime("%H:%M"),
                "to": said["closes"].strftime("%H:%M"),
                "days": said["days"],
                "bank_holidays": {nation: days for nation, days in holidays.items() if days},
            },
            "caps": {"per_day": said["per_day"], "per_week": said["per_week"]},
        }


def mistakes(model: type[BaseModel], value: object) -> list[str]:
    try:
        model.model_validate(value)
    except Malformed as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)[:MOST_NAMED]
        said = [(", ".join(map(str, each["loc"])), plainly(each)) for each in found]
        return [f"{place}: {why}".removeprefix(": ") for place, why in said]
    return []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
