"""Which of the clinicians who decide a case somebody was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    FIRST = "first", _("First review")
    SECOND = "second", _("Second review")
    THIRD = "third", _("Third review")
