"""What a patient does: start, save, read advice, send a file, come back, submit. The only writers here."""

from screening.intake.services.documents import NotAccepted, remove_document
from screening.intake.services.drafts import Saved, save_page, start
from screening.intake.services.entries import NoSuchEntry, remove_entry, save_entry
from screening.intake.services.links import (
    LINK_TRIES,
    TooManyLinks,
    issue_link,
    needs_confirming,
    open_link,
    send_link,
)
from screening.intake.services.safety import leave_contact, read_advice
from screening.intake.services.submission import Incomplete, still_needed, submit
from screening.intake.services.withdrawal import (
    DRAFT_DAYS,
    NotADraft,
    end_erased,
    erase_draft,
    expire_drafts,
    withdraw,
)
from screening.intake.services.writing import Closed, StalePage

__all__ = [
    "DRAFT_DAYS",
    "LINK_TRIES",
    "Closed",
    "Incomplete",
    "NoSuchEntry",
    "NotADraft",
    "NotAccepted",
    "Saved",
    "StalePage",
    "TooManyLinks",
    "end_erased",
    "erase_draft",
    "expire_drafts",
    "issue_link",
    "leave_contact",
    "needs_confirming",
    "open_link",
    "read_advice",
    "remove_document",
    "remove_entry",
    "save_entry",
    "save_page",
    "send_link",
    "start",
    "still_needed",
    "submit",
    "withdraw",
]
