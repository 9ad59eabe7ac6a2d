"""The first decision as a form. What has to be answered is the table in `considering`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.cases.workflow import State
from screening.forms import DatePartsField, present
from screening.intake.fields import OneLine, SeveralField
from screening.review.decision import considering
from screening.review.decision.signing import Sign, SignedForm, outcome_field
from screening.review.forms import OUTCOMES, text_field
from screening.rules.letters import Choice

SHORT = 400
# A tick of a sentence that the published letters no longer have.
REWRITTEN = _("The letters were written anew meanwhile: choose again from what they say now")


class OutcomeForm(forms.Form):
    """Which outcome: what else is asked depends on it. None is ticked before."""

    outcome = outcome_field(_("What do you decide?"), OUTCOMES)
    # Asked by GET, so that going back does no harm: says that the button was pressed.
    asked = forms.CharField(required=False, initial="yes", widget=forms.HiddenInput)


class DecisionForm(SignedForm):
    """The first decision: what its outcome asks to consider, and one answer for each high caution."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = outcome_field(_("What do you decide?"), OUTCOMES)

    def __init__(
        self,
        *args: Any,
        outcome: State,
        cautions: Sequence[tuple[str, str]] = (),
        found: Collection[str] = (),
        reasons: Sequence[Choice] = (),
        other_help: Sequence[Choice] = (),
        to_gp: bool = True,
        sign: Sign | None = None,
        **kwargs: Any,
    ) -> None:
        """`cautions`: (code, sentence) of each high caution. `reasons`, `other_help`: for the letter.
        `to_gp`: the patient agreed to that letter.
        """
        super().__init__(*args, sign=sign, **kwargs)
        self.about, self.found, self.to_gp = outcome, found, to_gp
        self.initial = {"outcome": outcome, "shown": outcome, **self.initial}
        self.cautions = [code for code, _sentence in cautions]
        for number, (_code, sentence) in enumerate(cautions):
            self._add_caution(number, sentence)
        chosen = {considering.REASONS: reasons, considering.HELP: other_help}
        for name in considering.asked(outcome, found=found):
            self._add(name, chosen.get(name, ()))
        # What another outcome asks stays in the page: whoever goes back to it finds what they had typed.
        self.put_by = [name for name in considering.TITLES if self.is_bound and name not in self.fields]
        for name in self.put_by:
            self.fields[name] = forms.Field(required=False, widget=forms.MultipleHiddenInput)
        self.fields["reason"] = text_field(
            _("Why do you decide this? Say it in words"),
            rows=5,
            hint=_("For your colleagues. The patient can ask to read it."),
        )
        self._ask_for_code()

    def is_of_another_page(self) -> bool:
        """Whether the outcome was changed: what it asks is shown before anything has to be whole."""
        return self.data.get("shown", self.about) != self.about

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in considering.missing(self.about, self._considered(cleaned), found=self.found):
            if not self.has_error(name):
                self.add_error(name, _("Answer “%(question)s”") % {"question": considering.TITLES[name]})
        for code in considering.unweighed(self.cautions, self._weighed(cleaned)):
            number = self.cautions.index(code)
            missing = "words" if cleaned.get(f"caution_{number}") else ""
            name = f"caution_{number}_words" if missing else f"caution_{number}"
            self.add_error(name, _("Say how you weighed this caution"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "seen": said["seen"],
            "outcome": self.about,
            "reason": said["reason"],
            "considerations": self._considered(said),
            "cautions_answered": self._weighed(said),
            "signed_at": self.signed_at,
        }

    def _considered(self, said: Mapping[str, Any]) -> dict[str, Any]:
        return {name: said[name] for name in considering.TITLES if name not in self.put_by and said.get(name)}

    def _weighed(self, said: Mapping[str, Any]) -> dict[str, Any]:
        return {
            code: {
                "choice": said.get(f"caution_{number}", ""),
                "words": said.get(f"caution_{number}_words", ""),
            }
            for number, code in enumerate(self.cautions)
        }

    def _add_caution(self, number: int, sentence: str) -> None:
        self.fields[f"caution_{number}"] = forms.ChoiceField(
            label=sentence,
            help_text=_("High caution: how did you weigh it?"),
            choices=considering.WEIGHED,
            required=False,
            widget=forms.RadioSelect,
        )
        said = text_field(
            _("Say more about this caution, or what has to be done first"), rows=2, required=False
        )
        self.fields[f"caution_{number}_words"] = said

    def _add(self, name: str, choices: Sequence[Choice]) -> None:
        titles = considering.TITLES
        match name:
            case considering.REASONS | considering.HELP:
                offered = [(each.code, each.title) for each in choices]
                self.fields[name] = forms.MultipleChoiceField(
                    label=titles[name],
                    help_text=_("What you tick is said in plain words in the letter."),
                    choices=offered,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={"invalid_choice": REWRITTEN},
                )
            case considering.RECORDS:
                several = SeveralField(
                    label=titles[name],
                    choices=considering.CHOICES[name],
                    exclusive=[considering.NO_RECORDS],
                    required=False,
                )
                self.fields[name] = present(several, exclusive={considering.NO_RECORDS})
                self.fields[considering.RECORDS_ON] = DatePartsField(
                    label=titles[considering.RECORDS_ON],
                    help_text=_("Unless you saw none. The day may be left out."),
                    precision="month",
                    required=False,
                )
            case considering.IDENTITY | considering.TREATMENTS | considering.CAPACITY | considering.GP:
                self._add_choice(name)
            case considering.DIAGNOSIS:
                self.fields[name] = OneLine(label=titles[name], max_length=SHORT, required=False)
            case _:
                self.fields[name] = text_field(titles[name], required=False)

    def _add_choice(self, name: str) -> None:
        titles = considering.TITLES
        self.fields[name] = forms.ChoiceField(
            label=titles[name], choices=considering.CHOICES[name], required=False, widget=forms.RadioSelect
        )
        if name == considering.CAPACITY:
            self.fields[considering.CAPACITY_WORDS] = text_field(
                titles[considering.CAPACITY_WORDS],
                rows=2,
                hint=_("Unless they decide by themselves."),
                required=False,
            )
        if name == considering.GP:
            if not self.to_gp:
                gp = cast("forms.ChoiceField", self.fields[name])
                gp.choices = [
                    each for each in considering.CHOICES[name] if each[0] != considering.WITH_LETTER
                ]
                gp.help_text = _("The patient did not agree that the clinic writes to the GP.")
                gp.error_messages["invalid_choice"] = _("The patient did not agree to a letter: choose again")
            self.fields[considering.GP_ON] = DatePartsField(
                label=titles[considering.GP_ON], help_text=_("If already."), precision="day", required=False
            )
            self.fields[considering.GP_WORDS] = text_field(
                titles[considering.GP_WORDS], rows=2, hint=_("If there is another reason."), required=False
            )
