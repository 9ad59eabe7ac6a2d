"""The forms of the workshop."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from screening.manage.languages import refusal_of_words
from screening.questionnaires.services import Written
from screening.review.figures.inert import inert
from screening.rules.translation import Place, same_placeholders

COLUMNS = ("place", "source", "translation")
LARGEST_FILE = 1024 * 1024
LONGEST_TEXT = 4000
MOST_NAMED = 5
# What sending would refuse, before anybody waits for a message that never leaves.
UNSENT: Mapping[str, Promise] = {
    "no_way_to_stop": _("Keep the word STOP, which people text back, in: %(names)s"),
    "text_too_long": _(
        "Shorten what is sent as more than 4 text messages. In many alphabets that is more than 268 letters, "
        "with the link in it: %(names)s"
    ),
    "header_injection": _("Keep the subject in one line, in: %(names)s"),
}


class TranslationFileForm(forms.Form):
    """A table of words: the place, the text it translates, the translation. Taken whole or not at all."""

    file = forms.FileField(
        label=_("File with translations"),
        help_text=_("The file from this page, with the column “translation” filled in (CSV, UTF-8)."),
    )

    def __init__(self, places: Mapping[str, Place], site: Site, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.places = places
        self.site = site

    def clean_file(self) -> list[Written]:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file must be smaller than 1 MB"))
        rows = _rows(file.read())
        if unknown := [row["place"] for row in rows if row["place"] not in self.places]:
            raise ValidationError(
                _("These places are not in this version: %(names)s"), params={"names": _some(unknown)}
            )
        if odd := [row["place"] for row in rows if not _is_sound(row)]:
            raise ValidationError(
                _("Keep every name in braces, such as {clinic}, and at most 4,000 letters, in: %(names)s"),
                params={"names": _some(odd)},
            )
        said = {row["place"]: row["translation"] for row in rows}
        refusals = {name: refusal_of_words(name, words, self.site) for name, words in said.items()}
        for refused, sentence in UNSENT.items():
            if names := [name for name, code in refusals.items() if code == refused]:
                raise ValidationError(sentence, params={"names": _some(names)})
        return [Written(row["place"], self._source_of(row), row["translation"]) for row in rows]

    def _source_of(self, row: Mapping[str, str]) -> str:
        """The text as it is written now, where only what a table takes off differs: the end of a line."""
        now = self.places[row["place"]].source
        return now if _plain(now) == row["source"] else row["source"]


def _rows(content: bytes) -> list[dict[str, str]]:
    """The rows that say something. What people's tables add around the words is taken off."""
    try:
        text = content.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
        if not set(COLUMNS) <= set(table.fieldnames or ()):
            raise ValidationError(_("The first line must name the columns place, source and translation"))
        rows = [{column: _plain(row[column]) for column in COLUMNS} for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(_("This is not a table in CSV and UTF-8")) from error
    return [row for row in rows if row["translation"]]


def _delimiter(text: str) -> str:
    """Where a comma stands in numbers, spreadsheets put semicolons between the cells."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _plain(text: str | None) -> str:
    """Without the apostrophe that the file of this page puts before words that a spreadsheet would run."""
    plain = "".join(sign for sign in (text or "") if sign in "\n\t" or ord(sign) >= 32).strip()
    return plain[1:] if plain.startswith("'") and inert(plain[1:]) == plain else plain


def _is_sound(row: Mapping[str, str]) -> bool:
    return same_placeholders(row["source"], row["translation"]) and len(row["translation"]) <= LONGEST_TEXT


def _some(names: list[str]) -> str:
    more = "" if len(names) <= MOST_NAMED else " …"
    return ", ".join(names[:MOST_NAMED]) + more
