"""Letters go with the decision that closes a case; a copy for the GP is made on paper and recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.questionnaires.models import DefinitionVersion
from screening.review.letters import policies
from screening.review.models import Addressee, Letter
from screening.review.services import Refused, require


@dataclasses.dataclass(frozen=True)
class Written:
    """The letters as a clinician read them before they went; nothing in `gp` where none goes there."""

    patient: str = ""
    gp: str = ""
    version: DefinitionVersion | None = None


def write_letters(
    case: Case, written: Written, *, reasons: Sequence[str], author_id: int, at: datetime
) -> None:
    """A step of closing, on a locked case. The notice that tells the patient is planned from the outcome."""
    if not written.patient.strip():
        raise Refused(_("Write the letter that the patient will read."))
    require(policies.may_write(written.patient))
    Letter.objects.create(
        case=case,
        text=written.patient,
        template=written.version,
        reasons=list(reasons),
        author_id=author_id,
        written_at=at,
    )
    if written.gp.strip():
        require(policies.may_write_to_gp(case))
        require(policies.may_write(written.gp))
        Letter.objects.create(
            case=case,
            to=Addressee.GP,
            text=written.gp,
            template=written.version,
            reasons=list(reasons),
            author_id=author_id,
            written_at=at,
        )


def record_copy(*, letter: Letter, made_as: str, membership: Membership, by: Actor, at: datetime) -> Letter:
    """A letter to the GP left the clinic on paper. Recorded once."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("case__site").get(pk=letter.pk)
        require(policies.may_record_copy(membership, letter))
        letter.made_as, letter.made_by_id, letter.made_at = made_as, membership.user_id, at
        letter.save(update_fields=["made_as", "made_by", "made_at"])
        record(
            Event.LETTER_SENT,
            by=by,
            at=at,
            site=letter.case.site,
            case=letter.case.reference,
            patient=letter.case.patient_id,
            detail={"to": letter.to, "as": made_as},
        )
    return letter
