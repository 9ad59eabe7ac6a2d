"""Letters as data: what the clinic writes about a decision, to the patient and to the GP.

A letter is a text with placeholders. Reasons and other help are chosen by their codes; each code says in
plain words what the letter then says. What no letter may say is refused when it is read.
"""

from __future__ import annotations

import re
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from screening.rules.base import Code, Frozen, Slug, Text, repeated

About = Literal["offered_assessment", "declined_with_reasons", "signposted"]
To = Literal["patient", "gp"]
ABOUT: Final[tuple[About, ...]] = ("offered_assessment", "declined_with_reasons", "signposted")
PLACEHOLDERS: Final = frozenset(
    {"clinic", "name", "born", "reference", "date", "phone", "hours", "reasons", "change", "help"}
)
# No medicine by its name, no promise, and nobody "is eligible" (clinical brief, section 6.5).
NOT_SAID: Final = re.compile(
    r"\b(cannab\w*|marijuana|hemp|cbd|thc|cbpms?|nabilone|nabiximols|dronabinol|sativex|epidyolex"
    r"|paracetamol|ibuprofen|naproxen|diclofenac|codeine|co-codamol|tramadol|morphine|oxycodone|fentanyl"
    r"|buprenorphine|tapentadol|gabapentin|pregabalin|amitriptyline|nortriptyline|duloxetine|venlafaxine"
    r"|carbamazepine|baclofen|diazepam|methotrexate|(in|not )?eligib\w*|you qualify|you are suitable"
    r"|guaranteed?)\b",
    re.IGNORECASE,
)
_BRACES = re.compile(r"\{([^{}]*)\}")


class LetterText(Frozen):
    """One letter: about which outcome, to whom, and its text."""

    about: About
    to: To
    text: Text

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        used = set(_BRACES.findall(self.text))
        if stray := sorted(used - PLACEHOLDERS):
            raise ValueError(f"{self.about} to {self.to}: {{{stray[0]}}} may not be used in a letter")
        if self.about == "declined_with_reasons" and "reasons" not in used:
            raise ValueError(f"{self.about} to {self.to}: the letter has to give the {{reasons}}")
        return self


class Choice(Frozen):
    """A reason, or other help: `title` for the clinician who ticks it, `text` for the reader of the letter.

    `change` says, with a reason, what could change.
    """

    code: Code
    title: Text
    text: Text
    change: str | None = None


class Letters(Frozen):
    code: Slug
    title: Text
    text: str | None = None
    letters: tuple[LetterText, ...] = Field(min_length=1)
    change_title: str = ""
    help_title: str = ""
    reasons: tuple[Choice, ...] = ()
    help: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _whole_and_neutral(self) -> Self:
        kinds = [f"{letter.about} to {letter.to}" for letter in self.letters]
        codes = [choice.code for choice in (*self.reasons, *self.help)]
        if twice := repeated(kinds) or repeated(codes):
            raise ValueError(f"{twice} is there twice")
        if missing := [about for about in ABOUT if f"{about} to patient" not in kinds]:
            raise ValueError(f"there is no letter to the patient about {missing[0]}")
        texts = [letter.text for letter in self.letters]
        for choice in (*self.reasons, *self.help):
            texts += [choice.text, *([choice.change] if choice.change else [])]
        for text in texts:
            if found := NOT_SAID.search(text):
                raise ValueError(f"a letter may not say “{found.group()}”")
        return self

    def letter(self, about: str, to: str) -> LetterText | None:
        return next((each for each in self.letters if (each.about, each.to) == (about, to)), None)


def filled(text: str, values: dict[str, str]) -> str:
    """The text with each placeholder replaced once. A paragraph that comes out empty is left out."""
    said = _BRACES.sub(lambda match: values.get(match[1], ""), text)
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", said))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
