"""The form of a worked case: what somebody answers, on which day, and what should come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as Misfit

from screening.manage.files.reading import Lines, Unreadable, read
from screening.manage.publication.presenters import OUTCOMES
from screening.manage.ruling.presenters import as_text
from screening.review.words import OUTCOME
from screening.rules.answers import Problem, Questions
from screening.rules.base import plainly
from screening.rules.definition import Questionnaire
from screening.rules.ruleset import Case

LISTS = ("urgent", "codes", "cautions", "notes")
MOST_TEXT = 20_000


def _day(label: Any, hint: Any) -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, required=False, input_formats=["%Y-%m-%d"])


def _codes(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=4000)


class CaseForm(forms.Form):
    """One worked case. `trying` asks only for what it takes to judge: the answers and the day."""

    id = forms.CharField(label=gettext_lazy("Name of the case"), max_length=64)
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=200)
    assessed_on = _day(
        gettext_lazy("Day on which it is judged"),
        gettext_lazy("For example 2026-06-15. Empty: the day that all cases share."),
    )
    answers = forms.CharField(
        label=gettext_lazy("Answers that differ from the usual ones"),
        help_text=gettext_lazy(
            "One on each line, as in: driving: yes. Write null to leave a question blank."
        ),
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "class": "source", "spellcheck": "false"}),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[("", gettext_lazy("Choose")), *((name, OUTCOME[name]) for name in OUTCOMES)],
    )
    underlying = forms.ChoiceField(
        label=gettext_lazy("Outcome without the urgent answers"),
        choices=[("", gettext_lazy("The same")), *((name, OUTCOME[name]) for name in OUTCOMES)],
        required=False,
    )
    tier = forms.TypedChoiceField(
        label=gettext_lazy("Tier, if it is urgent"),
        choices=[("", gettext_lazy("None")), ("1", "1"), ("2", "2"), ("3", "3")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    urgent = _codes(gettext_lazy("Urgent rules that should be true"))
    codes = _codes(gettext_lazy("Reasons that should be given"))
    cautions = _codes(gettext_lazy("Cautions that should be raised"))
    notes = _codes(gettext_lazy("Notes that should be made"))
    senior_review = forms.BooleanField(label=gettext_lazy("A senior clinician should look"), required=False)
    recheck_on = _day(
        gettext_lazy("Day from which it is worth asking again"), gettext_lazy("Empty: there is none.")
    )
    why = forms.CharField(
        label=gettext_lazy("Why that is right"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        case: Mapping[str, Any] | None,
        taken: frozenset[str],
        asked: Questionnaire | None,
        needs_day: bool,
        trying: bool,
    ) -> None:
        super().__init__(data, initial=_initial(case or {}))
        self.before, self.taken, self.asked, self.trying = dict(case or {}), taken, asked, trying
        for name in LISTS:
            self.fields[name].help_text = _("Codes of rules, with commas between.")
        self.fields["assessed_on"].required = needs_day
        for name in ("id", "title", "outcome") if trying else ():
            self.fields[name].required = False

    def clean_id(self) -> str:
        name = str(self.cleaned_data["id"])
        if name in self.taken:
            raise forms.ValidationError(_("Another case has this name"))
        return name

    def clean_answers(self) -> dict[str, Any]:
        text = str(self.cleaned_data["answers"])
        if not text.strip():
            return {}
        try:
            answers, lines = read(text.encode("utf-8", "surrogatepass"))
        except Unreadable as refused:
            raise forms.ValidationError(_placed(refused.line, str(refused))) from refused
        if not isinstance(answers, dict):
            raise forms.ValidationError(
                _("Write the name of a question, a colon and its answer on each line")
            )
        if self.asked is not None:
            wrong = [
                _placed(line, f"{one.item}: {one.sentence}")
                for line, one in _misfits(self.asked, answers, lines)
            ]
            if wrong:
                raise forms.ValidationError(wrong)
        return answers

    def clean(self) -> None:
        if self.errors or self.trying:
            return
        try:
            Case.model_validate(self.case())
        except Misfit as problem:
            found: Any = problem.errors(include_url=False, include_input=False)[0]
            named = [str(step) for step in found["loc"] if str(step) in self.fields]
            self.add_error(named[-1] if named else None, plainly(found))

    def case(self) -> dict[str, Any]:
        """As it is stored: what was left empty is left out, and what this form does not know stays."""
        data, expected = self.cleaned_data, self.before.get("expect")
        was: dict[str, Any] = dict(expected) if isinstance(expected, Mapping) else {}
        expect = {
            "outcome": data["outcome"],
            "underlying": data["underlying"] or data["outcome"],
            "tier": data["tier"],
            **{name: _split(data[name]) for name in LISTS},
            "recheck_on": _text(data["recheck_on"]),
        }
        case = {
            "id": data["id"],
            "title": data["title"],
            "answers": data["answers"],
            "assessed_on": _text(data["assessed_on"]),
            "why": data["why"].replace("\r\n", "\n"),
        }
        kept = _over(was, expect) | {"senior_review": data["senior_review"]}
        return {**_over(self.before, case), "expect": kept}

    @property
    def day(self) -> dt.date | None:
        return cast("dt.date | None", self.cleaned_data["assessed_on"])


def _over(before: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed on top of what was there. What is empty now and was not goes."""
    found = dict(before)
    for name, value in typed.items():
        if value:
            found[name] = value
        elif before.get(name):
            del found[name]
    return found


def _misfits(asked: Questionnaire, answers: Mapping[str, Any], lines: Lines) -> Iterator[tuple[int, Problem]]:
    """(line, problem) of every answer that its question could not have taken."""
    questions = Questions.of(asked)
    for name, value in answers.items():
        entries = value if name in questions.entries and isinstance(value, list) else None
        if entries is None:
            yield from ((lines[(name,)], each) for each in questions.typed({name: value}).problems)
            continue
        for place, entry in enumerate(entries):
            for each in questions.entries[name].typed_entry(entry).problems:
                inner = each.item.rpartition(".")[2]
                yield lines.get((name, place, inner), lines[(name, place)]), each


def _placed(line: int, sentence: str) -> str:
    return _("Line %(line)d: %(said)s") % {"line": line, "said": sentence} if line else sentence


def _split(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _initial(case: Mapping[str, Any]) -> dict[str, Any]:
    """What a form shows of a case in any shape: a draft may hold one that cannot be read yet."""
    found = case.get("expect")
    expect: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    underlying = expect.get("underlying")
    lists = {name: expect.get(name) for name in LISTS}
    return {
        **{name: case.get(name) for name in ("id", "title", "assessed_on", "why")},
        "answers": as_text(case["answers"]) if case.get("answers") else "",
        "outcome": expect.get("outcome"),
        "underlying": "" if underlying == expect.get("outcome") else underlying,
        **{name: expect.get(name) for name in ("tier", "senior_review", "recheck_on")},
        **{name: ", ".join(map(str, codes)) for name, codes in lists.items() if isinstance(codes, list)},
    }
