"""The file that somebody brings."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from screening.manage.files.archive import Named
from screening.manage.files.arriving import files_in
from screening.manage.files.reading import LARGEST, Unreadable

LONGEST_NAME = 80


class ArrivalForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A file of a definition (.yml), or a zip of several, 1 MB at most."),
        error_messages={
            "required": _("Choose a file"),
            "empty": _("The file is empty"),
            "max_length": _("The name of the file is too long"),
        },
    )

    def clean_file(self) -> tuple[bytes, list[Named]]:
        """What was sent, and the files in it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 1 MB."))
        raw = file.read()
        try:
            return raw, files_in(file.name[:LONGEST_NAME], raw)
        except Unreadable as problem:
            raise ValidationError(str(problem)) from problem
