"""What a letter may say and where it may go. The reason of a No is the sentence on the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.cases.models import Case
from screening.review.models import Addressee, Letter
from screening.rules.letters import NOT_SAID

Answer = Yes | No


def may_write(text: str) -> Answer:
    """No medicine by its name, no promise, and nobody "is eligible"."""
    found = NOT_SAID.search(text)
    if found:
        return No(_("A letter may not say “%(word)s”. Say it in other words.") % {"word": found[0]})
    return Yes()


def may_write_to_gp(case: Case) -> Answer:
    if not case.patient.gp_sharing_agreed:
        return No(_("The patient did not agree that the clinic writes to the GP."))
    return Yes()


def may_record_copy(membership: Membership, letter: Letter) -> Answer:
    allowed = may(membership, Permission.SEND_LETTER)
    if not allowed:
        return allowed
    if letter.to != Addressee.GP:
        return No(_("The patient reads this letter after signing in. No copy on paper is needed."))
    if letter.made_at is not None:
        return No(_("This copy is recorded already."))
    return Yes()
