"""What is wrong with a definition, as a sentence for the person who has to mend it."""

from __future__ import annotations

import structlog
from django.utils.translation import gettext as _
from pydantic import ValidationError

from screening.questionnaires.selectors import NothingPublished
from screening.rules.base import plainly
from screening.rules.library import DefinitionError

log = structlog.get_logger(__name__)

# What reading content may raise that nobody thought of when it was written.
MISTAKES = (ValueError, TypeError, LookupError, AttributeError)


def sentence(error: Exception) -> str:
    """One line that names the place. What we have no words for, the operator hears of too."""
    if isinstance(error, ValidationError):
        return _first_of(error)
    if isinstance(error, DefinitionError | NothingPublished):
        return str(error)
    log.error("definition_not_understood", exc_info=error)
    return _("This text cannot be understood. Compare it with the version before it.")


def _first_of(error: ValidationError) -> str:
    """The first mistake with its place before it: "pages, 2, title: ..."."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ", ".join(str(step) for step in first["loc"]) or _("the definition")
    said = f"{place}: {plainly(first)}"
    more = error.error_count() - 1
    return f"{said} {_('(and %d more)') % more}" if more else said
