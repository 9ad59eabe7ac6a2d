"""Old records in words. No names: an administrator reads these pages and sees no cases."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.manage.retention.models import Disposal, Outcome

# What a certificate counts, in the words of the clinic. Everything else that went is one line.
KINDS: tuple[tuple[str, Promise], ...] = (
    ("case", gettext_lazy("Cases")),
    ("response", gettext_lazy("Forms")),
    ("document", gettext_lazy("Documents")),
    ("assessment", gettext_lazy("Judgements")),
    ("decision", gettext_lazy("Decisions")),
    ("letter", gettext_lazy("Letters")),
    ("message", gettext_lazy("Messages")),
    ("reviewnote", gettext_lazy("Notes")),
    ("call", gettext_lazy("Calls")),
    ("appointment", gettext_lazy("Appointments")),
    ("reminder", gettext_lazy("Reminders")),
)


@dataclasses.dataclass(frozen=True)
class DisposalRow:
    id: int
    references: tuple[str, ...]
    last_contact: date
    put_forward_by: str
    put_forward_at: datetime
    state: str
    tone: str
    settled_by: str
    settled_at: datetime | None
    kept_until: date | None
    reason: str
    done_at: datetime | None
    counts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, disposal: Disposal) -> DisposalRow:
        state, tone = _state(disposal)
        return cls(
            id=disposal.pk,
            references=tuple(disposal.references),
            last_contact=disposal.last_contact,
            put_forward_by=disposal.put_forward_by.name,
            put_forward_at=disposal.put_forward_at,
            state=state,
            tone=tone,
            settled_by=disposal.settled_by.name if disposal.settled_by else "",
            settled_at=disposal.settled_at,
            kept_until=disposal.kept_until,
            reason=disposal.reason or "",
            done_at=disposal.done_at,
            counts=_counted(disposal.counts) if disposal.done_at else (),
        )

    @property
    def title(self) -> str:
        return ", ".join(self.references)


def _state(disposal: Disposal) -> tuple[str, str]:
    if disposal.done_at is not None:
        return _("Deleted"), "stopped"
    if disposal.outcome == Outcome.KEPT:
        return _("Kept longer"), "done"
    if disposal.outcome == Outcome.DELETED:
        return _("Agreed, not deleted yet"), "active"
    return _("Waits for a lead clinician"), "waiting"


def _counted(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    named = [(str(words), counts.get(kind, 0)) for kind, words in KINDS]
    others = sum(counts.values()) - counts.get("files", 0) - sum(count for _words, count in named)
    return (*((words, count) for words, count in named if count), (_("Everything else"), others))
