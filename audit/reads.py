"""Which events are somebody looking, as against changing something."""

from __future__ import annotations

from audit.events import Event

# What a patient is shown under "who looked".
READS = frozenset(
    {
        Event.WORKLIST_VIEWED,
        Event.TASKS_VIEWED,
        Event.ENTRIES_VIEWED,
        Event.ENTRY_RESUMED,
        Event.SENDING_VIEWED,
        Event.OLD_RECORDS_VIEWED,
        Event.CASES_SEARCHED,
        Event.CASE_VIEWED,
        Event.CASE_ACTION_OPENED,
        Event.CASE_PRINTED,
        Event.CASE_EXPORTED,
        Event.DOCUMENT_OPENED,
        Event.LETTER_OPENED,
        Event.MESSAGE_READ,
        Event.STATUS_VIEWED,
        Event.COPY_TAKEN,
        Event.ACCESS_LOG_VIEWED,
        Event.FORM_OPENED,
        Event.LINK_OPENED,
        Event.LINKS_VIEWED,
        Event.VERSION_REPLAYED,
        Event.FIGURES_VIEWED,  # its lists name cases
        Event.TRAIL_VIEWED,
    }
)
