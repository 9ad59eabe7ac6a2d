"""The forms of the rule editor. What they take is stored as the definition writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as Misfit

from screening.intake.fields import PlainText
from screening.manage.presenters import EFFECTS
from screening.manage.ruling.checking import first_mistake
from screening.rules.ruleset import Rule

ROW, EXPRESSION = "row", "expression"
SENTENCES = ("patient", "clinician", "patient_unknown", "clinician_unknown")
_LONG = {"rows": 2}


class RuleForm(forms.Form):
    """One rule. Its condition is a row, "question is one of", or an expression."""

    code = forms.CharField(
        label=_("Code"), max_length=64, help_text=_("Letters, digits and _, for example EXC_AGE.")
    )
    effect = forms.ChoiceField(label=_("Effect"), choices=[*EFFECTS.items()])
    tier = forms.TypedChoiceField(
        label=_("Tier, if it is urgent"),
        choices=[("", _("None, or one for each answer")), ("1", "1"), ("2", "2"), ("3", "3")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    condition = forms.ChoiceField(
        label=_("How is it said when the rule is true?"),
        choices=[(ROW, _("A question has one of these answers")), (EXPRESSION, _("An expression"))],
        widget=forms.RadioSelect,
    )
    question = forms.CharField(
        label=_("Question"),
        required=False,
        widget=forms.TextInput(attrs={"list": "names", "autocomplete": "off"}),
    )
    answers = forms.CharField(
        label=_("Answers"),
        help_text=_("One code on each line. For an urgent rule a tier may follow: new_or_worse: 1"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    when = forms.CharField(
        label=_("Expression"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "source", "spellcheck": "false"}),
    )
    unknown = forms.CharField(
        label=_("Code when it cannot be told"),
        help_text=_("Raised as missing information. Empty: nothing is said."),
        max_length=64,
        required=False,
    )
    blocks = forms.CharField(
        label=_("Questions that a contradiction blocks"), help_text=_("With commas between."), required=False
    )
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    patient = PlainText(
        label=_("Sentence for the patient"), required=False, widget=forms.Textarea(attrs=_LONG)
    )
    clinician = PlainText(label=_("Sentence for the clinician"), widget=forms.Textarea(attrs=_LONG))
    patient_unknown = PlainText(
        label=_("Sentence for the patient when it cannot be told"),
        required=False,
        widget=forms.Textarea(attrs=_LONG),
    )
    clinician_unknown = PlainText(
        label=_("Sentence for the clinician when it cannot be told"),
        required=False,
        widget=forms.Textarea(attrs=_LONG),
    )
    title = forms.CharField(label=_("Short title"), max_length=200, required=False)
    source = forms.CharField(label=_("Source"), max_length=500)

    def __init__(
        self,
        data: Any = None,
        *,
        rule: Mapping[str, Any] | None = None,
        taken: frozenset[str] = frozenset(),
        criteria: list[tuple[str, str]],
        options: Mapping[str, tuple[str, ...]],
        drafted: Mapping[str, int],
    ) -> None:
        super().__init__(data, initial=_initial(rule or {}))
        self.drafted = drafted
        self.before, self.taken, self.options = dict(rule or {}), taken, options
        criterion = cast("forms.ChoiceField", self.fields["criterion"])
        criterion.choices = [("", _("None")), *criteria]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code in self.taken:
            raise forms.ValidationError(_("Another rule has this code"))
        return code

    def clean(self) -> None:
        if not self.errors:
            typed = self.rule()
            if self.errors:
                return
            try:
                Rule.model_validate(typed)
            except Misfit as problem:
                field, sentence = first_mistake(problem)
                self.add_error(field if field in self.fields else None, sentence)

    def rule(self) -> dict[str, Any]:
        """As it is stored: what was left empty is left out, and what this form does not know stays."""
        data = self.cleaned_data
        when = self.before.get("when")
        same = isinstance(when, str) and when.strip() == data["when"].replace("\r\n", "\n")
        expression = when if same else data["when"].replace("\r\n", "\n")
        typed: dict[str, Any] = {
            "code": data["code"],
            "effect": data["effect"],
            "when": self._row() if data["condition"] == ROW else expression,
            "tier": data["tier"],
            "unknown": data["unknown"],
            "blocks": [each.strip() for each in data["blocks"].split(",") if each.strip()],
            **{name: data[name] for name in ("criterion", *SENTENCES, "title", "source")},
        }
        kept = {name: value for name, value in self.before.items() if name not in typed}
        return {**{name: value for name, value in typed.items() if value not in ("", None, [])}, **kept}

    def _row(self) -> dict[str, Any]:
        pairs = [line.partition(":") for line in self.cleaned_data["answers"].splitlines() if line.strip()]
        question = self.cleaned_data["question"].strip()
        answers = [(answer.strip(), tier.strip()) for answer, _colon, tier in pairs]
        known = self.options.get(question)
        if number := self.drafted.get(question):
            said = _(
                "Only a draft asks this, version %(number)s of the questionnaire. Publish that one first."
            )
            self.add_error("question", said % {"number": number})
        elif known is None:
            said = _("Write the id of a question that has answers to choose from: see the names below")
            self.add_error("question", said)
        elif known and (stray := [answer for answer, _tier in answers if answer not in known]):
            said = _("%(stray)s is no answer to it. Its answers: %(known)s")
            self.add_error("answers", said % {"stray": stray[0], "known": ", ".join(known)})
        if any(tier for _answer, tier in answers):
            return {"question": question, "answers": {answer: _number(tier) for answer, tier in answers}}
        return {"question": question, "answers": [answer for answer, _tier in answers]}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text


def _initial(rule: Mapping[str, Any]) -> dict[str, Any]:
    when = rule.get("when")
    is_row = isinstance(when, Mapping)
    answers = when.get("answers", []) if isinstance(when, Mapping) else []
    if isinstance(answers, Mapping):
        lines = [f"{answer}: {tier}" for answer, tier in answers.items()]
    else:
        lines = [str(answer) for answer in answers] if isinstance(answers, list) else []
    blocks = rule.get("blocks")
    return {
        **{name: value for name, value in rule.items() if isinstance(value, str | int)},
        "condition": ROW if is_row or not rule else EXPRESSION,
        "question": when.get("question", "") if isinstance(when, Mapping) else "",
        "answers": "\n".join(lines),
        "when": when if isinstance(when, str) else "",
        "blocks": ", ".join(map(str, blocks)) if isinstance(blocks, list) else "",
    }


class DefinitionsForm(forms.Form):
    definitions = forms.CharField(
        label=_("Definitions"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "source", "spellcheck": "false"}),
    )

    def clean_definitions(self) -> str:
        return str(self.cleaned_data["definitions"]).replace("\r\n", "\n")
