"""Everything that can stand in the trail: a closed list, each with its sentence.

The values live in the database: add to the list, never rename or take away. A sentence follows the
name of who did it: "Dr A Example opened the case".
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    # The patient
    CASE_STARTED = "case_started"
    FORM_OPENED = "form_opened"
    PAGE_SAVED = "page_saved"
    SAVE_REFUSED_STALE = "save_refused_stale"
    RED_FLAG_RAISED = "red_flag_raised"
    ADVICE_SHOWN = "advice_shown"
    ADVICE_READ = "advice_read"
    CONTACT_LEFT = "contact_left"
    ENTRY_STARTED = "entry_started"
    ENTRY_RESUMED = "entry_resumed"
    ENTRIES_VIEWED = "entries_viewed"
    ADVICE_READ_OUT = "advice_read_out"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_REMOVED = "document_removed"
    DOCUMENT_CHECKED = "document_checked"
    CASE_SUBMITTED = "case_submitted"
    CASE_WITHDRAWN = "case_withdrawn"
    CASE_EXPIRED = "case_expired"
    STATUS_VIEWED = "status_viewed"
    COPY_TAKEN = "copy_taken"
    ACCESS_LOG_VIEWED = "access_log_viewed"
    CONTACT_PREFERENCE_CHANGED = "contact_preference_changed"
    ANSWERS_CORRECTED = "answers_corrected"
    ANSWER_OBJECTED = "answer_objected"
    ANOTHER_LOOK_ASKED = "another_look_asked"
    MEASURES_STARTED = "measures_started"
    MEASURES_COMPLETED = "measures_completed"
    # The link
    LINK_ISSUED = "link_issued"
    LINK_SENT = "link_sent"
    LINK_OPENED = "link_opened"
    LINK_REFUSED = "link_refused"
    LINK_LOCKED = "link_locked"
    LINK_UNLOCKED = "link_unlocked"
    LINK_REVOKED = "link_revoked"
    LINKS_VIEWED = "links_viewed"
    # The judgement
    CASE_ASSESSED = "case_assessed"
    CASE_REASSESSED = "case_reassessed"
    CERTIFICATE_CHECKED = "certificate_checked"
    CLOCKS_SET = "clocks_set"
    # The clinician
    WORKLIST_VIEWED = "worklist_viewed"
    CASES_SEARCHED = "cases_searched"
    CASE_VIEWED = "case_viewed"
    CASE_ACTION_OPENED = "case_action_opened"
    CASE_PRINTED = "case_printed"
    CASE_EXPORTED = "case_exported"
    DOCUMENT_OPENED = "document_opened"
    CASE_TRAIL_VIEWED = "case_trail_viewed"
    CASE_CLAIMED = "case_claimed"
    CASE_RELEASED = "case_released"
    CASE_HANDED_OVER = "case_handed_over"
    CASE_TAKEN_OVER = "case_taken_over"
    TASK_ADDED = "task_added"
    TASK_DONE = "task_done"
    TASKS_VIEWED = "tasks_viewed"
    CASE_CHANGE_REFUSED_STALE = "case_change_refused_stale"
    NOTE_ADDED = "note_added"
    CALL_RECORDED = "call_recorded"
    RED_FLAG_CLEARED = "red_flag_cleared"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_RECEIVED = "information_received"
    DECISION_RECORDED = "decision_recorded"
    SECOND_REVIEW_RECORDED = "second_review_recorded"
    CASE_RETURNED = "case_returned"
    CASE_REOPENED = "case_reopened"
    LETTER_DRAFTED = "letter_drafted"
    LETTER_SENT = "letter_sent"
    LETTER_OPENED = "letter_opened"
    MESSAGE_SENT = "message_sent"
    MESSAGE_READ = "message_read"
    NEWS_SETTLED = "news_settled"
    ANOTHER_LOOK_ANSWERED = "another_look_answered"
    PATIENT_CHANGED = "patient_changed"
    PATIENT_MERGED = "patient_merged"
    PATIENT_UNMERGED = "patient_unmerged"
    PATIENT_DECEASED = "patient_deceased"
    CASE_ERASED = "case_erased"
    # Reminders
    REMINDER_PLANNED = "reminder_planned"
    REMINDER_SENT = "reminder_sent"
    REMINDER_FAILED = "reminder_failed"
    REMINDER_UNCERTAIN = "reminder_uncertain"
    REMINDER_CANCELLED = "reminder_cancelled"
    REMINDERS_STOPPED = "reminders_stopped"
    REMINDERS_RESUMED = "reminders_resumed"
    CHANNEL_DISABLED = "channel_disabled"
    SENDING_HELD = "sending_held"
    SENDING_RELEASED = "sending_released"
    SENDING_VIEWED = "sending_viewed"
    APPOINTMENT_RECORDED = "appointment_recorded"
    TREATMENT_STARTED = "treatment_started"
    # Alerts to the clinic
    ALERT_PLANNED = "alert_planned"
    ALERT_SENT = "alert_sent"
    ALERT_FAILED = "alert_failed"
    ALERT_CANCELLED = "alert_cancelled"
    # Versions
    VERSION_VIEWED = "version_viewed"
    VERSION_DRAFTED = "version_drafted"
    VERSION_CHANGED = "version_changed"
    VERSION_CHECKED = "version_checked"
    VERSION_REPLAYED = "version_replayed"
    VERSION_APPROVED = "version_approved"
    VERSION_REJECTED = "version_rejected"
    VERSION_PUBLISHED = "version_published"
    VERSION_RETIRED = "version_retired"
    VERSION_DISCARDED = "version_discarded"
    VERSION_IMPORTED = "version_imported"
    VERSION_EXPORTED = "version_exported"
    TRANSLATION_WRITTEN = "translation_written"
    TRANSLATION_APPROVED = "translation_approved"
    TRANSLATION_OFFERED = "translation_offered"
    TRANSLATION_ENDED = "translation_ended"
    # People and settings
    MEMBER_INVITED = "member_invited"
    MEMBER_CHANGED = "member_changed"
    MEMBER_DEACTIVATED = "member_deactivated"
    MEMBER_REACTIVATED = "member_reactivated"
    PEOPLE_VIEWED = "people_viewed"
    SITE_CREATED = "site_created"
    SETTINGS_CHANGED = "settings_changed"
    RETENTION_RUN = "retention_run"
    FIGURES_VIEWED = "figures_viewed"
    FIGURES_EXPORTED = "figures_exported"
    TRAIL_VIEWED = "trail_viewed"
    TRAIL_EXPORTED = "trail_exported"
    TRAIL_VERIFIED = "trail_verified"
    KEYS_ROTATED = "keys_rotated"
    DATA_SEEDED = "data_seeded"
    # Signing in
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RENEWED = "second_factor_renewed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    ACCESS_REFUSED = "access_refused"

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self])


SENTENCES: dict[Event, Promise] = {
    Event.CASE_STARTED: _("started a form"),
    Event.FORM_OPENED: _("opened the form again"),
    Event.PAGE_SAVED: _("saved a page"),
    Event.SAVE_REFUSED_STALE: _("was shown that a page had changed elsewhere"),
    Event.RED_FLAG_RAISED: _("gave an answer that needs urgent attention"),
    Event.ADVICE_SHOWN: _("was shown safety advice"),
    Event.ADVICE_READ: _("confirmed reading the safety advice"),
    Event.ENTRY_STARTED: _("began to fill in a form for the patient"),
    Event.ENTRY_RESUMED: _("went on filling in a form for the patient"),
    Event.ENTRIES_VIEWED: _("opened the list of forms that staff fill in"),
    Event.ADVICE_READ_OUT: _("read the safety advice out to the person"),
    Event.CONTACT_LEFT: _("left a way to be contacted"),
    Event.DOCUMENT_ADDED: _("added a document"),
    Event.DOCUMENT_REMOVED: _("took a document away"),
    Event.DOCUMENT_CHECKED: _("checked a document for viruses"),
    Event.CASE_SUBMITTED: _("sent the form"),
    Event.CASE_WITHDRAWN: _("withdrew the case"),
    Event.CASE_EXPIRED: _("closed an unfinished form"),
    Event.STATUS_VIEWED: _("looked up where the case stands"),
    Event.COPY_TAKEN: _("took a copy of the record"),
    Event.ACCESS_LOG_VIEWED: _("looked up who opened the record"),
    Event.CONTACT_PREFERENCE_CHANGED: _("changed how to be contacted"),
    Event.ANSWERS_CORRECTED: _("corrected an answer after the form was sent"),
    Event.ANSWER_OBJECTED: _("said that an answer is not right"),
    Event.ANOTHER_LOOK_ASKED: _("asked for another look at a decision"),
    Event.MEASURES_STARTED: _("started a follow-up form"),
    Event.MEASURES_COMPLETED: _("sent a follow-up form"),
    Event.LINK_ISSUED: _("made a link"),
    Event.LINK_SENT: _("sent a link"),
    Event.LINK_OPENED: _("opened the record with a link"),
    Event.LINK_REFUSED: _("was refused: the date of birth did not match the link"),
    Event.LINK_LOCKED: _("locked a link after too many wrong dates"),
    Event.LINK_UNLOCKED: _("unlocked a link"),
    Event.LINK_REVOKED: _("ended links"),
    Event.LINKS_VIEWED: _("opened the list of locked links"),
    Event.CASE_ASSESSED: _("applied the rules to the answers"),
    Event.CASE_REASSESSED: _("applied the rules to the answers again"),
    Event.CERTIFICATE_CHECKED: _("recomputed an earlier result"),
    Event.CLOCKS_SET: _("counted again by when each open case is due"),
    Event.WORKLIST_VIEWED: _("opened the worklist"),
    Event.CASES_SEARCHED: _("searched for a case"),
    Event.CASE_VIEWED: _("opened the case"),
    Event.CASE_ACTION_OPENED: _("opened a form about the case"),
    Event.CASE_PRINTED: _("opened the case for printing"),
    Event.CASE_EXPORTED: _("exported the case"),
    Event.DOCUMENT_OPENED: _("opened a document"),
    Event.CASE_TRAIL_VIEWED: _("looked up what happened to the case"),
    Event.CASE_CLAIMED: _("took the case"),
    Event.CASE_RELEASED: _("put the case back"),
    Event.CASE_HANDED_OVER: _("handed the case to a colleague"),
    Event.CASE_TAKEN_OVER: _("took the case over from a colleague"),
    Event.TASK_ADDED: _("added a task"),
    Event.TASK_DONE: _("did a task"),
    Event.TASKS_VIEWED: _("opened the list of tasks"),
    Event.CASE_CHANGE_REFUSED_STALE: _("was shown that the case had changed meanwhile"),
    Event.NOTE_ADDED: _("added a note"),
    Event.CALL_RECORDED: _("recorded a call"),
    Event.RED_FLAG_CLEARED: _("cleared an urgent answer"),
    Event.INFORMATION_REQUESTED: _("asked the patient for information"),
    Event.INFORMATION_RECEIVED: _("answered a request for information"),
    Event.DECISION_RECORDED: _("recorded a decision"),
    Event.SECOND_REVIEW_RECORDED: _("recorded a second review"),
    Event.CASE_RETURNED: _("sent the case back to the first clinician"),
    Event.CASE_REOPENED: _("opened a closed case again"),
    Event.LETTER_DRAFTED: _("drafted a letter"),
    Event.LETTER_SENT: _("sent a letter"),
    Event.LETTER_OPENED: _("opened a letter"),
    Event.MESSAGE_SENT: _("sent a message"),
    Event.MESSAGE_READ: _("read a message"),
    Event.NEWS_SETTLED: _("marked as read what the patient sent"),
    Event.ANOTHER_LOOK_ANSWERED: _("looked again at a decision"),
    Event.PATIENT_CHANGED: _("changed the details of the patient"),
    Event.PATIENT_MERGED: _("joined two records of one person"),
    Event.PATIENT_UNMERGED: _("took two joined records apart"),
    Event.PATIENT_DECEASED: _("recorded that the patient has died"),
    Event.CASE_ERASED: _("erased the record"),
    Event.REMINDER_PLANNED: _("planned a reminder"),
    Event.REMINDER_SENT: _("sent a reminder"),
    Event.REMINDER_FAILED: _("could not send a reminder"),
    Event.REMINDER_UNCERTAIN: _("cannot tell whether a reminder was sent"),
    Event.REMINDER_CANCELLED: _("cancelled a reminder"),
    Event.REMINDERS_STOPPED: _("stopped reminders"),
    Event.REMINDERS_RESUMED: _("switched reminders on again"),
    Event.CHANNEL_DISABLED: _("stopped using an address that does not work"),
    Event.SENDING_HELD: _("put all sending on hold"),
    Event.SENDING_RELEASED: _("let sending go on"),
    Event.SENDING_VIEWED: _("opened the list of messages"),
    Event.APPOINTMENT_RECORDED: _("recorded an appointment"),
    Event.TREATMENT_STARTED: _("recorded the start of treatment"),
    Event.ALERT_PLANNED: _("planned an alert to the clinic"),
    Event.ALERT_SENT: _("sent an alert to the clinic"),
    Event.ALERT_FAILED: _("could not send an alert to the clinic"),
    Event.ALERT_CANCELLED: _("cancelled an alert to the clinic"),
    Event.VERSION_VIEWED: _("opened a version"),
    Event.VERSION_DRAFTED: _("drafted a version"),
    Event.VERSION_CHANGED: _("changed a draft"),
    Event.VERSION_CHECKED: _("checked a draft"),
    Event.VERSION_REPLAYED: _("tried a draft on past cases"),
    Event.VERSION_APPROVED: _("approved a version"),
    Event.VERSION_REJECTED: _("sent a draft back"),
    Event.VERSION_PUBLISHED: _("published a version"),
    Event.VERSION_RETIRED: _("retired a version"),
    Event.VERSION_DISCARDED: _("threw a draft away"),
    Event.VERSION_IMPORTED: _("imported a version"),
    Event.VERSION_EXPORTED: _("exported a version"),
    Event.TRANSLATION_WRITTEN: _("wrote words in another language"),
    Event.TRANSLATION_APPROVED: _("approved words in another language"),
    Event.TRANSLATION_OFFERED: _("offered another language to patients"),
    Event.TRANSLATION_ENDED: _("stopped offering a language to patients"),
    Event.MEMBER_INVITED: _("invited a person"),
    Event.MEMBER_CHANGED: _("changed what a person may do"),
    Event.MEMBER_DEACTIVATED: _("ended a person's access"),
    Event.MEMBER_REACTIVATED: _("gave a person access again"),
    Event.PEOPLE_VIEWED: _("opened the list of people"),
    Event.SITE_CREATED: _("added a site"),
    Event.SETTINGS_CHANGED: _("changed the settings"),
    Event.RETENTION_RUN: _("removed what was kept long enough"),
    Event.FIGURES_VIEWED: _("opened the figures"),
    Event.FIGURES_EXPORTED: _("exported the figures"),
    Event.TRAIL_VIEWED: _("opened the audit trail"),
    Event.TRAIL_EXPORTED: _("exported the audit trail"),
    Event.TRAIL_VERIFIED: _("checked the audit trail"),
    Event.KEYS_ROTATED: _("moved encrypted data to a new key"),
    Event.DATA_SEEDED: _("loaded the starting data"),
    Event.SIGNED_IN: _("signed in"),
    Event.SIGNED_OUT: _("signed out"),
    Event.SIGN_IN_FAILED: _("failed to sign in"),
    Event.SESSION_ENDED: _("was signed out"),
    Event.PASSWORD_CHANGED: _("changed their password"),
    Event.PASSWORD_RESET: _("set a new password by email"),
    Event.SECOND_FACTOR_ADDED: _("added a second step for signing in"),
    Event.SECOND_FACTOR_REMOVED: _("removed a second step for signing in"),
    Event.SECOND_FACTOR_RENEWED: _("made new recovery codes"),
    Event.SECOND_FACTOR_FAILED: _("gave a wrong code when signing in"),
    Event.ACCESS_REFUSED: _("was refused a page"),
}
