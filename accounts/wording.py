"""Words that would tell a stranger, looking at a locked phone, why somebody is a patient."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TELLING = re.compile(
    r"\b(pain|spin(e|al)|back\b|neuro|rheum|arthr|fibro|cannab|canab|opioid|medic(ine|inal|ation)|drug"
    r"|mental|psych|cancer|addict|specialist|therap|eligib)",
    re.IGNORECASE,
)


def validate_neutral(value: str) -> None:
    found = TELLING.search(value)
    if found:
        raise ValidationError(
            _("“%(word)s” hints at a condition or a treatment. Use a name that says nothing about health."),
            code="telling",
            params={"word": found[0]},
        )
