"""Put an old record forward, keep it longer, agree that it is deleted, and delete it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Membership, Site
from audit.events import Event
from audit.selectors import last_opened
from audit.services import record
from screening.manage.retention import policies
from screening.manage.retention.erasing import FileLeft, erase, files_of, hold, remove_files
from screening.manage.retention.models import Disposal, Outcome
from screening.manage.retention.selectors import old_record, old_records
from screening.review.services import Refused, require


def put_forward(
    *, site: Site, shown: Collection[str], membership: Membership, by: Actor, at: datetime
) -> int:
    """Those of the old records that the page showed, by their first reference. How many there were."""
    count = 0
    with transaction.atomic():
        require(policies.may_put_forward(membership))
        # Two who press at once: one after the other.
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        for old in old_records(site=site, at=at):
            if old.references[0] not in shown:
                continue
            disposal = Disposal.objects.create(
                site=site,
                patients=list(old.patients),
                references=list(old.references),
                last_contact=old.last_contact,
                put_forward_by_id=membership.user_id,
                put_forward_at=at,
            )
            _record(Event.RECORD_PUT_FORWARD, disposal, by=by, at=at)
            count += 1
    return count


def keep_longer(
    *, disposal: Disposal, until: date, reason: str, membership: Membership, by: Actor, at: datetime
) -> Disposal:
    """It comes up again on the day named."""
    with transaction.atomic():
        disposal = _locked(disposal)
        require(policies.may_keep(membership, disposal))
        disposal.outcome, disposal.kept_until, disposal.reason = Outcome.KEPT, until, reason
        disposal.settled_by_id, disposal.settled_at = membership.user_id, at
        disposal.save(update_fields=["outcome", "kept_until", "reason", "settled_by", "settled_at"])
        _record(Event.RECORD_KEPT_LONGER, disposal, by=by, at=at)
    return disposal


def agree_to_delete(*, disposal: Disposal, membership: Membership, by: Actor, at: datetime) -> Disposal:
    """The second of the two. Nothing is deleted yet: `delete_record` does that."""
    with transaction.atomic():
        disposal = _locked(disposal)
        old = old_record(site=disposal.site, patient=disposal.patients[0], at=at)
        unopened = cases_unopened(disposal, user_id=membership.user_id)
        require(policies.may_delete(membership, disposal, old, unopened))
        disposal.outcome = Outcome.DELETED
        disposal.settled_by_id, disposal.settled_at = membership.user_id, at
        disposal.save(update_fields=["outcome", "settled_by", "settled_at"])
        _record(Event.RECORD_DELETION_AGREED, disposal, by=by, at=at)
    return disposal


def delete_record(*, disposal: Disposal, by: Actor, at: datetime) -> Disposal:
    """Delete for good what two people agreed to delete: every row, and then the files.

    The record is held first, and looked at as it is then: whoever was writing to it has finished. The bytes
    of files cannot be taken back, so they go last; where one stays, so does every row, and names them all.
    Raises Refused, and then no row is deleted.
    """
    with transaction.atomic():
        disposal = _locked(disposal)
        hold(disposal.patients)
        old = old_record(site=disposal.site, patient=disposal.patients[0], at=at)
        require(policies.may_be_deleted(disposal, old))
        files = files_of(disposal.patients)
        disposal.counts = {**erase(disposal.patients, disposal.references), "files": len(files)}
        disposal.done_at = at
        disposal.save(update_fields=["counts", "done_at"])
        _record(Event.RECORD_DELETED, disposal, by=by, at=at)
        try:
            remove_files(files)
        except FileLeft as problem:
            raise Refused(
                _("A file of this record could not be removed, so the record is still there. Try later.")
            ) from problem
    return disposal


def cases_unopened(disposal: Disposal, *, user_id: int) -> list[str]:
    """Cases of the record that this person has not opened since it was put forward."""
    return [
        reference
        for reference in disposal.references
        if (opened := last_opened(site=disposal.site, reference=reference, user_id=user_id)) is None
        or opened.at < disposal.put_forward_at
    ]


def _locked(disposal: Disposal) -> Disposal:
    return Disposal.objects.select_for_update(of=("self",)).select_related("site").get(pk=disposal.pk)


def _record(event: Event, disposal: Disposal, *, by: Actor, at: datetime) -> None:
    record(
        event,
        by=by,
        at=at,
        site=disposal.site,
        case=disposal.references[0],
        patient=disposal.patients[0],
        references=disposal.references[1:],
    )
