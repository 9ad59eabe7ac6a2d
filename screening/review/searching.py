"""What can be searched for, and what to say when the text is nothing of the kind. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.cases.references import ALPHABET

LONGEST = 100
MOST_WORDS = 6  # of a name; each is one more look
NHS_DIGITS = 10
_REFERENCE = re.compile(rf"[{ALPHABET}]{{8}}")
_LIKE_A_DATE = re.compile(r"\d{1,2}\D+\d{1,2}\D+\d{2,4}|\d{4}\D+\d{1,2}\D+\d{1,2}")
_WEIGHTS = range(NHS_DIGITS, 1, -1)
_DATES = ("%d %m %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")


def compact(text: str) -> str:
    """A number or a reference without what people type between its groups."""
    return text.replace(" ", "").replace("-", "")


def surnames(text: str) -> list[str]:
    """What may be the surname in what was typed: all of it, what follows a first name or stands before one.

    "Jo van Dijk" may be Dijk, van Dijk or somebody of the whole name; "van Dijk, Jo" says which it is. The O
    of "O Neill" belongs to what follows; any other letter alone is a first name.
    """
    before, comma, _first = text.partition(",")
    if comma:
        return [before.strip()]
    words = text.split()
    starts = [n for n in range(min(len(words), MOST_WORDS)) if n == 0 or words[n - 1] not in ("O", "o")]
    return [" ".join(words[start:]) for start in starts]


def date_typed(text: str) -> date | None:
    """A whole date as people type it, day first: 3/12/1980, 3 December 1980, 1980-12-03. Else None."""
    words = " ".join(text.replace("/", " ").replace(".", " ").replace(",", " ").split())
    for form in _DATES:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None


def why_not(text: str) -> str:
    """The sentence that says why nothing can be found by this; empty when something can."""
    text = text.strip()
    if not text:
        return _("Type a reference, an NHS number, a date of birth or a surname")
    if len(text) > LONGEST:
        return _("Search for one person: a surname or a number of at most 100 signs")
    if any(sign.isalpha() for sign in text):
        return ""
    digits = re.sub(r"\D", "", text)
    if not digits:
        return _("Type a surname in letters, or a number")
    if len(digits) == NHS_DIGITS or date_typed(text) or _REFERENCE.fullmatch(compact(text).upper()):
        return ""
    if _LIKE_A_DATE.fullmatch(text):
        return _("There is no such date. Type day, month and year, like 27 3 1962")
    return ngettext(
        "An NHS number has 10 digits, and this has %(n)d. A date has a day, a month and a year",
        "An NHS number has 10 digits, and this has %(n)d. A date has a day, a month and a year",
        len(digits),
    ) % {"n": len(digits)}


def why_nothing(text: str) -> str:
    """What to check when nothing was found."""
    digits = compact(text.strip())
    if digits.isdecimal() and len(digits) == NHS_DIGITS and not is_nhs_number(digits):
        return _("No NHS number reads like this: two digits are swapped, or one is wrong.")
    if date_typed(text):
        return _("Nobody with this date of birth has a case here. Check the day and the month.")
    return _("Check the spelling, or try the first three letters of the surname.")


def is_nhs_number(digits: str) -> bool:
    """Whether the last digit is the one that the others ask for (NHS data dictionary: modulus 11)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[-1])
