"""What every column of the database may hold. A new field needs a line here, and a thought.

Keys and encrypted fields are known by their type. Everything else is named below, by model.
"""

from __future__ import annotations

# Times, numbers, yes and no: nothing that says who somebody is.
NUMBERS_AND_TIMES = {
    "accounts.User": "is_superuser is_active is_staff role_stamp created_at last_login",
    "accounts.Site": "opening_days opens_at closes_at tier_1_hours tier_2_days tier_3_days flagged_days "
    "not_currently_days link_days is_fictional",
    "accounts.Membership": "active register_checked_on created_at",
    "audit.AuditEvent": "at recorded_at user_id site_id",
    "audit.AuditSeal": "audit_id sealed_at",
    "screening.DefinitionVersion": "number lock created_at published_at retired_at",
    "screening.Translation": "lock offered created_at",
    "screening.TranslatedText": "written_at approved_at",
    "screening.Patient": "email_verified_at contact_by_email contact_by_sms reminders_wanted "
    "reinvitation_wanted gp_sharing_agreed deceased_at withdrawn_at safeguarding_since created_at",
    "screening.Case": "lock rank waiting_since due_at started_at submitted_at closed_at senior_review "
    "recheck_on claimed_at lease_until news_at is_fictional",
    "screening.Transition": "at",
    "screening.Response": "page_locks revision started_at last_activity_at submitted_at",
    "screening.Revision": "number at",
    "screening.RedFlag": "tier raised_at read_at cleared_at",
    "screening.Assessment": "as_of made_at",
    "screening.PackedCases": "after upto cases assessments newest",
    "screening.Decision": "overturns reason_length answers_opened_at decided_at",
    "screening.Link": "by_code created_at expires_at wrong_tries locked_at revoked_at",
    "screening.Knock": "since wrong",
    "screening.Document": "size scan_tries scanned_at uploaded_at removed_at",
    "screening.Statement": "at",
    "screening.InformationRequest": "asked_at answered_at",
    "screening.ReviewNote": "at",
    "screening.Handover": "taken at",
    "screening.Entered": "at",
    "screening.SamePerson": "at undone_at",
    "screening.Call": "made_at recorded_at",
    "screening.Task": "due_on made_at done_at",
    "screening.Letter": "written_at read_at",
    "screening.Message": "sent_at read_at",
    "screening.Amendment": "revision at",
    "screening.Objection": "at",
    "screening.AnotherLook": "asked_at due_on answered_at reopened",
    "screening.Reminder": "due_at at_most_once lease_until attempts created_at sent_at",
    "screening.Attempt": "number started_at finished_at",
    "screening.Alert": "number tier due_at lease_until attempts try_at sent_at",
    "screening.OptOut": "at ended_at",
    "screening.SendingHold": "held_at released_at",
    "screening.Heartbeat": "at",
}
# Text and JSON out of a closed list, or made by us: no person typed it.
CODES = {
    "accounts.Site": "nation",
    "accounts.Membership": "role",
    "audit.AuditEvent": "event actor_kind role case_reference references request_id detail",
    "screening.DefinitionVersion": "kind code status",
    "screening.Translation": "language",
    "screening.TranslatedText": "place",
    "screening.Patient": "nation",
    "screening.Case": "reference state outcome underlying",
    "screening.Transition": "move from_state to_state by_kind",
    "screening.Response": "questionnaire_code status language answers",
    "screening.Revision": "page_id answers by_kind",
    "screening.RedFlag": "item answer advice",
    "screening.Assessment": "engine_version result",
    "screening.PackedCases": "items",
    "screening.Decision": "stage outcome suggested",
    "screening.Document": "item media_type scan",
    "screening.Statement": "code answer",
    "screening.InformationRequest": "items",
    "screening.Call": "result",
    "screening.Entered": "mode",
    "screening.Amendment": "item",
    "screening.Objection": "item",
    "screening.Reminder": "step occurrence channel template local_rule state owner closed_reason",
    "screening.Attempt": "owner result reply_code",
    "screening.Alert": "state owner closed_reason",
    "screening.OptOut": "channel subject",
    "screening.Heartbeat": "process",
}
# A value that stands for something without saying it.
HASHES = {
    "accounts.User": "password",
    "audit.AuditSeal": "previous hash",
    "screening.DefinitionVersion": "sha256",
    "screening.TranslatedText": "source_sha256",
    "screening.Patient": "date_of_birth_hash family_name_hash family_name_start_hash nhs_number_hash "
    "email_hash",
    "screening.Assessment": "sha256",
    "screening.Link": "token_sha256 email_hash",
    "screening.Knock": "network_hash",
    "screening.Document": "sha256",
    "screening.Statement": "version_sha256 session_key_hash",
}
# Text that staff typed and anybody with the database reads: nothing of a patient belongs here.
BY_STAFF = {
    "accounts.User.email": "staff sign in with it; it is not secret at their clinic",
    "accounts.User.name": "shown to patients as who decided and who looked",
    "accounts.Site.slug": "a public address",
    "accounts.Site.name": "public",
    "accounts.Site.neutral_sender": "public",
    "accounts.Site.phone": "public",
    "accounts.Site.duty_email": "an address of the clinic",
    "accounts.Site.address": "public",
    "accounts.Site.opening_hours": "public",
    "accounts.Membership.specialist_register": "a public register",
    "accounts.Membership.specialty": "a public register",
    "audit.AuditEvent.actor_label": "the name of staff, the word Patient or the name of a process",
    "screening.Transition.by_label": "the name of staff, the word Patient or the name of a process",
    "screening.Revision.by_label": "the name of staff, the word Patient or the name of a process",
    "screening.DefinitionVersion.title": "the same for every patient",
    "screening.DefinitionVersion.content": "the same for every patient; approved by a second person",
    "screening.TranslatedText.text": "the same for every patient; safety wording is approved",
    "screening.SendingHold.reason": "about a whole site; its form says so",
}
