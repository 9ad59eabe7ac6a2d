"""Every component on one page, in normal, error and long-text state: for designers and for axe."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from screening.forms import DatePartsField, ScaleField, TickField, present

LONG = (
    "I have had burning pain down the back of my left leg since a fall at work, and it wakes me most nights, "
    "so that I cannot sit through a meeting or drive for more than twenty minutes without stopping"
)
YES_NO = [("yes", "Yes"), ("no", "No"), ("not_sure", "I am not sure")]


class SampleForm(forms.Form):
    name = forms.CharField(label="Full name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Email address", help_text="We only use it for this form.")
    phone = present(
        forms.CharField(label="Phone number", widget=forms.TextInput(attrs={"type": "tel"})), width=20
    )
    months = present(forms.IntegerField(label="How many months have you had this pain?"), suffix="months")
    weight = present(forms.DecimalField(label="Weight", required=False), suffix="kg")
    story = present(
        forms.CharField(label="What does the pain stop you doing?", widget=forms.Textarea, max_length=200),
        count_to=200,
    )
    diagnosis = present(
        forms.ChoiceField(
            label="Has a doctor told you what causes the pain?",
            choices=[*YES_NO, ("prefer_not_say", "I prefer not to say")],
            widget=forms.RadioSelect,
            help_text="A letter or a test result counts.",
        ),
        choice_hints={"yes": "You can upload a letter later, or ask us to request your records."},
        divider_before="not_sure",
    )
    tried = present(
        forms.MultipleChoiceField(
            label="Which of these have you tried?",
            choices=[
                ("physio", "Physiotherapy"),
                ("exercise", "Exercise or movement classes"),
                ("talking", "Talking therapy"),
                ("none", "None of these"),
            ],
            widget=forms.CheckboxSelectMultiple,
            help_text="Choose all that apply.",
        ),
        exclusive={"none"},
        divider_before="none",
    )
    area = forms.ChoiceField(
        label="Part of the country",
        choices=[("", "Choose one"), ("north", "North"), ("south", "South")],
    )
    born = DatePartsField(label="Date of birth", exact=True, help_text="For example, 27 3 1984")
    began = DatePartsField(
        label="When did the pain begin?",
        precision="year",
        help_text="The year is enough. Add the month if you know it.",
    )
    worst = ScaleField(
        label="How bad was the pain at its worst in the last week?", low="no pain", high="the worst pain"
    )
    letter = forms.FileField(label="Letter from your doctor", help_text="PDF, photo or scan, up to 10 MB.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    agree = TickField(label="What I have written is true as far as I know")


GOOD = {
    "name": "Asha Example",
    "email": "asha@example.org",
    "phone": "01632 960123",
    "months": "14",
    "weight": "70.5",
    "story": "Sitting, driving, sleeping.",
    "diagnosis": "yes",
    "tried": ["physio", "talking"],
    "area": "north",
    "born_day": "27",
    "born_month": "3",
    "born_year": "1984",
    "began_year": "2024",
    "worst": "7",
    "agree": "on",
}
BAD = {
    "email": "asha at example",
    "months": "a year",
    "story": LONG + ". " + LONG,
    "born_day": "31",
    "born_month": "6",
    "born_year": "1984",
    "began_day": "3",
    "began_month": "2",
}


def samples() -> dict[str, Any]:
    """What the gallery shows; tests build the same."""
    now = timezone.now()
    return {
        "normal": SampleForm(prefix="a"),
        "filled": SampleForm(initial=_initial(), prefix="b"),
        "form": SampleForm({f"c-{key}": value for key, value in BAD.items()}, prefix="c"),
        "page_has_errors": True,
        "long_text": LONG,
        "navigation": [
            {"text": "Worklist", "href": "#main", "current": True},
            {"text": "Follow-up", "href": "#main"},
            {"text": "Questionnaires", "href": "#main"},
            {"text": "Figures", "href": "#main"},
        ],
        "rows": [
            {
                "key": {"text": "How long have you had this pain?"},
                "value": {"text": "14 months"},
                "actions": {
                    "items": [{"href": "#main", "text": "Change", "visually_hidden_text": "how long"}]
                },
            },
            {"key": {"text": "What does it stop you doing?"}, "value": {"text": LONG}},
        ],
        "cases": [
            {
                "reference": "TH-4F7K-29",
                "outcome": "urgent",
                "tier": 1,
                "age": "3 hours",
                "why": "New numbness",
            },
            {
                "reference": "TH-9QM2-51",
                "outcome": "flagged_review",
                "age": "2 days",
                "why": "All criteria met",
            },
            {"reference": "TH-3XW8-07", "outcome": "more_info", "age": "5 days", "why": "No letter yet"},
            {"reference": "TH-6BD1-88", "outcome": "not_currently", "age": "6 days", "why": "Under 3 months"},
        ],
        "criteria": [
            {"verdict": "met", "text": "Pain for more than 3 months", "why": "Answered: 14 months"},
            {"verdict": "not_met", "text": "At least two treatments tried", "why": "Only one counts so far"},
            {
                "verdict": "unknown",
                "text": "Diagnosis backed by records",
                "why": "A letter would settle this",
            },
        ],
        "history": [
            {"title": "Claimed", "at": now, "by": "Dr Imran Example"},
            {"title": "Submitted", "at": now - timedelta(days=1), "by": "The patient", "text": LONG},
            {"title": "Started", "at": now - timedelta(days=2), "by": "The patient"},
        ],
        "trail": [{"text": "Worklist", "href": "#main"}, {"text": "TH-4F7K-29", "href": "#main"}],
    }


def _initial() -> dict[str, Any]:
    parts = {"born": "1984-03-27", "began": "2024"}
    return {key: value for key, value in GOOD.items() if "_" not in key} | parts


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/components.html", samples() | {"layout": f"layouts/{_layout(request)}.html"})


def _layout(request: HttpRequest) -> str:
    return "staff" if request.GET.get("layout") == "staff" else "patient"
