"""The second and the third review as forms, with the letters that go if one of them closes the case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.cases.workflow import State
from screening.review.decision.services import Says
from screening.review.decision.signing import Sign, SignedForm, outcome_field
from screening.review.forms import text_field
from screening.review.letters.policies import may_write
from screening.review.letters.selectors import Draft
from screening.review.letters.services import Written

LETTER = 8000


class ReviewForm(SignedForm):
    """What a later clinician says to a decision, and the letters that go if it closes the case.

    `closes` names the answers that close it, with their outcome; `draft` drafts the letters about one.
    """

    says = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose what you decide")}
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)
    wants_preview = False

    def __init__(
        self,
        *args: Any,
        label: Any,
        choices: Sequence[tuple[str, Any]],
        closes: Mapping[str, State],
        draft: Callable[[State], Draft],
        others: Sequence[tuple[str, Any]] = (),
        to_gp: bool = False,
        sign: Sign | None = None,
        **kwargs: Any,
    ) -> None:
        """`others`: outcomes to choose from when disagreeing. `to_gp`: the patient agreed to that letter."""
        super().__init__(*args, sign=sign, **kwargs)
        self.closes, self.draft = closes, draft
        says = cast("forms.ChoiceField", self.fields["says"])
        says.label, says.choices = label, choices
        if others:
            self.fields["outcome"] = outcome_field(_("If not: what do you decide?"), others, required=False)
        self.fields["reason"] = text_field(_("Why? Say it in words"), rows=4)
        self.fields["letter"] = text_field(
            _("Letter to the patient"),
            rows=14,
            limit=LETTER,
            required=False,
            hint=_("Goes only if your review closes the case. The patient reads it after signing in."),
        )
        if to_gp:
            self.fields["gp_letter"] = text_field(
                _("Letter to the GP"),
                rows=10,
                limit=LETTER,
                required=False,
                hint=_("The patient agreed to it. You print it. Leave it empty if none is to be written."),
            )
        if len(closes) > 1:
            self.fields["letter"].help_text = _(
                "Leave it empty: it is drafted for the side you take, and shown to you before it goes."
            )
        if len(closes) == 1:
            self._start_with(*closes.values())
        self._ask_for_code()

    def _start_with(self, outcome: State) -> None:
        """With one outcome to agree to, its letters are there to be read from the start."""
        drafted = self._drafted(outcome)
        mark = _mark(outcome, drafted, drafted)
        self.initial = {**drafted, "previewed": mark, **self.initial}

    @property
    def closing(self) -> State | None:
        return self.closes.get(str(self.cleaned_data.get("says")))

    def is_to_be_signed(self) -> bool:
        return not self.wants_preview

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("says") == Says.DISAGREE and not cleaned.get("outcome"):
            self.add_error("outcome", _("Choose the outcome that you would decide"))
        if self.closing is not None:
            self._check_letters(cleaned, self.closing)
        return cleaned

    def _check_letters(self, cleaned: dict[str, Any], outcome: State) -> None:
        """They go as they were read: whatever differs from what was shown last is shown first.

        A decision may have been made anew since the page was opened: what was left as it was drafted then is
        drafted again, and what somebody wrote is shown beside the decision that it is about now.
        """
        before, *prints = str(cleaned.get("previewed") or "").split(":")
        drafted, drafted_then = self._drafted(outcome), prints[1:]
        for name in ("letter", "gp_letter"):
            if name not in self.fields or name in self.errors:
                continue
            text = str(cleaned[name])
            untouched = _fingerprint(text) in drafted_then if text else name == "letter" or before != outcome
            if untouched and text != drafted[name]:
                cleaned[name] = drafted[name]
                self.typed_again(**{name: cleaned[name]})
            answer = may_write(cleaned[name])
            if not answer:
                self.add_error(name, answer.reason)
        mark = _mark(outcome, cleaned, drafted)
        if cleaned.get("previewed") != mark:
            self.wants_preview = True
            self.typed_again(previewed=mark)

    def _drafted(self, outcome: State) -> dict[str, str]:
        drafted = self.draft(outcome)
        return {"letter": drafted.patient, "gp_letter": drafted.gp if "gp_letter" in self.fields else ""}

    def letters(self) -> Written:
        outcome, said = self.closing, self.cleaned_data
        if outcome is None:
            return Written()
        return Written(said["letter"], said.get("gp_letter", ""), self.draft(outcome).version)

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = {"seen": said["seen"], "reason": said["reason"], "signed_at": self.signed_at}
        return {**chosen, **self._chosen(), "letters": self.letters()}

    def _chosen(self) -> dict[str, Any]:
        raise NotImplementedError


class SecondReviewForm(ReviewForm):
    def _chosen(self) -> dict[str, Any]:
        says = Says(self.cleaned_data["says"])
        other = self.cleaned_data.get("outcome") if says is Says.DISAGREE else None
        return {"says": says, "outcome": State(other) if other else None}


class ThirdReviewForm(ReviewForm):
    def _chosen(self) -> dict[str, Any]:
        return {"outcome": self.closing}


def _mark(outcome: State, shown: Mapping[str, Any], drafted: Mapping[str, str]) -> str:
    """What was read: the outcome, and fingerprints of the letters and of how they were drafted then."""
    letters = "\0".join(str(shown.get(name, "")) for name in ("letter", "gp_letter"))
    return ":".join((outcome, *map(_fingerprint, (letters, *drafted.values()))))


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
