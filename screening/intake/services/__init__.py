"""What a patient does: start, save, read advice, send a file, come back, submit. The only writers here."""

from screening.intake.services.documents import NotAccepted, remove_document, remove_files_left
from screening.intake.services.drafts import Saved, heed, save_page, start, start_once
from screening.intake.services.entering import enter_for, read_out_advice, resume_entry
from screening.intake.services.entries import NoSuchEntry, remove_entry, save_entry
from screening.intake.services.knocks import WRONG_AN_HOUR, TooManyKnocks, forget_knocks
from screening.intake.services.later import (
    Occasion,
    begin_later_form,
    earlier_form,
    first_form,
    is_late,
    later_forms,
    scores_of_form,
    send_later_form,
)
from screening.intake.services.links import (
    LINK_TRIES,
    TooManyLinks,
    give_new_code,
    issue_code,
    issue_link,
    issue_links,
    language_behind,
    open_code,
    open_link,
    prove_again,
    unlock_link,
)
from screening.intake.services.mailing import (
    NoAddress,
    Silenced,
    mail_new_link,
    needs_confirming,
    send_link,
)
from screening.intake.services.safety import leave_contact, read_advice, show_advice
from screening.intake.services.scanning import scan_documents
from screening.intake.services.submission import Incomplete, still_needed, submit
from screening.intake.services.withdrawal import (
    DRAFT_DAYS,
    NotADraft,
    end_erased,
    erase_draft,
    expire_drafts,
    not_expired,
    withdraw,
)
from screening.intake.services.writing import Closed, StaleAnswers, StalePage

__all__ = [
    "DRAFT_DAYS",
    "LINK_TRIES",
    "WRONG_AN_HOUR",
    "Closed",
    "Incomplete",
    "NoAddress",
    "NoSuchEntry",
    "NotADraft",
    "NotAccepted",
    "Occasion",
    "Saved",
    "Silenced",
    "StaleAnswers",
    "StalePage",
    "TooManyKnocks",
    "TooManyLinks",
    "begin_later_form",
    "earlier_form",
    "end_erased",
    "enter_for",
    "erase_draft",
    "expire_drafts",
    "first_form",
    "forget_knocks",
    "give_new_code",
    "heed",
    "is_late",
    "issue_code",
    "issue_link",
    "issue_links",
    "language_behind",
    "later_forms",
    "leave_contact",
    "mail_new_link",
    "needs_confirming",
    "not_expired",
    "open_code",
    "open_link",
    "prove_again",
    "read_advice",
    "read_out_advice",
    "remove_document",
    "remove_entry",
    "remove_files_left",
    "resume_entry",
    "save_entry",
    "save_page",
    "scan_documents",
    "scores_of_form",
    "send_later_form",
    "send_link",
    "show_advice",
    "start",
    "start_once",
    "still_needed",
    "submit",
    "unlock_link",
    "withdraw",
]
