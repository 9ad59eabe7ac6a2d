"""What can be permitted: a closed list of verbs. Roles are sets of these, see roles.py."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    # Cases
    VIEW_WORKLIST = "view_worklist"
    VIEW_CASE = "view_case"
    SEARCH_CASES = "search_cases"
    VIEW_DOCUMENT = "view_document"
    CLAIM_CASE = "claim_case"
    CLEAR_RED_FLAG = "clear_red_flag"
    RECORD_CALL = "record_call"
    ADD_NOTE = "add_note"
    ENTER_FORM = "enter_form"
    JOIN_RECORDS = "join_records"
    MESSAGE_PATIENT = "message_patient"
    BOOK_APPOINTMENT = "book_appointment"
    ISSUE_LINK = "issue_link"
    DECIDE_CASE = "decide_case"
    REVIEW_SECOND = "review_second"
    SEND_LETTER = "send_letter"
    EXPORT_CASE = "export_case"
    # Definitions
    VIEW_DEFINITION = "view_definition"
    DRAFT_DEFINITION = "draft_definition"
    REPLAY_DEFINITION = "replay_definition"
    APPROVE_DEFINITION = "approve_definition"
    APPROVE_RULESET = "approve_ruleset"
    # The clinic
    VIEW_FIGURES = "view_figures"
    VIEW_SENDING = "view_sending"
    RELEASE_SENDING = "release_sending"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_AUDIT = "view_audit"
    VIEW_OLD_RECORDS = "view_old_records"
    PUT_FORWARD_RECORD = "put_forward_record"
    SETTLE_RECORD = "settle_record"

    @property
    def words(self) -> str:
        """As it continues "Your role may ...": "open a case"."""
        return str(WORDS[self])


WORDS: dict[Permission, Promise] = {
    Permission.VIEW_WORKLIST: _("open the worklist"),
    Permission.VIEW_CASE: _("open a case"),
    Permission.SEARCH_CASES: _("search for cases"),
    Permission.VIEW_DOCUMENT: _("open a patient's documents"),
    Permission.CLAIM_CASE: _("take a case"),
    Permission.CLEAR_RED_FLAG: _("clear an urgent answer"),
    Permission.RECORD_CALL: _("record a call"),
    Permission.ADD_NOTE: _("add a note to a case"),
    Permission.JOIN_RECORDS: _("join two records of one person"),
    Permission.ENTER_FORM: _("fill in a form for a patient"),
    Permission.MESSAGE_PATIENT: _("write to a patient"),
    Permission.BOOK_APPOINTMENT: _("book appointments"),
    Permission.ISSUE_LINK: _("give a patient a new link"),
    Permission.DECIDE_CASE: _("decide a case"),
    Permission.REVIEW_SECOND: _("make the second review"),
    Permission.SEND_LETTER: _("send a letter"),
    Permission.EXPORT_CASE: _("export a case"),
    Permission.VIEW_DEFINITION: _("read questionnaires, rules and schedules"),
    Permission.DRAFT_DEFINITION: _("draft questionnaires, rules and schedules"),
    Permission.REPLAY_DEFINITION: _("try a draft on past cases"),
    Permission.APPROVE_DEFINITION: _("approve questionnaires, schedules and messages"),
    Permission.APPROVE_RULESET: _("approve rules and safety wording"),
    Permission.VIEW_FIGURES: _("see the figures"),
    Permission.VIEW_SENDING: _("see what was sent and what failed"),
    Permission.RELEASE_SENDING: _("hold or release sending"),
    Permission.MANAGE_PEOPLE: _("manage people"),
    Permission.MANAGE_SETTINGS: _("change settings"),
    Permission.VIEW_AUDIT: _("read the audit trail"),
    Permission.VIEW_OLD_RECORDS: _("look after old records"),
    Permission.PUT_FORWARD_RECORD: _("put an old record forward to be deleted"),
    Permission.SETTLE_RECORD: _("say whether an old record is deleted"),
}
