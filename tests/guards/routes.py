"""Every address the service answers, and who gets what there. One table: a new route needs a row.

A row names who the page is for and what they get; everybody else gets what the audience says. Where one
person gets something else, `unless` says so: a plain number is that person's answer to GET and POST alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.guards import addresses as of
from tests.guards.world import Who, World

ANYBODY = frozenset(Who)
PATIENT = frozenset({Who.PATIENT})
CLINICIANS = frozenset({Who.CLINICIAN, Who.LEAD})
STAFF = frozenset(Who) - {Who.ANONYMOUS, Who.PATIENT, Who.ENDED}
LETTING_IN = CLINICIANS | {Who.ADMINISTRATOR}
ADMINISTRATOR = frozenset({Who.ADMINISTRATOR})
AUTHORS = frozenset({Who.LEAD, Who.MANAGER})
Arguments = Callable[[World], dict[str, Any]]
Answer = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class Row:
    """One route: what its audience gets for GET and for an empty POST."""

    name: str
    audience: frozenset[Who]
    get: int
    post: int
    arguments: Arguments = of.nothing
    unless: Mapping[Who, Answer] = dataclasses.field(default_factory=dict)
    holding: str = "draft"  # which form the patient's browser holds

    def expected(self, who: Who) -> Answer:
        if who is Who.ENDED:
            return self.expected(Who.ANONYMOUS)
        if who in self.unless:
            return self.unless[who]
        if who in self.audience:
            return self.get, self.post
        if self.audience is PATIENT:
            return 404, 404  # no form in this browser: a page that says how to come back
        if who not in STAFF:
            return 302, 302  # to signing in
        # A method nobody may use is refused before anybody is asked who they are.
        return (405 if self.get == 405 else 403), (405 if self.post == 405 else 403)


STAYS_SIGNED_IN = dict.fromkeys(STAFF, (302, 302))
HAS_NO_CODES = "nobody here has made recovery codes"
WANTS_PASSWORD = "wants the password again first: tests/accounts walks through it"
# Routes where nobody of this world gets a page. The reason says where the page itself is tested.
NEVER_200 = {
    "case-pdf": "WeasyPrint is an extra that is not installed here: tests/review/test_paper.py",
    "case-letter-pdf": "the same: tests/review/decision/test_letters.py",
    "editor-arrange": "only of a draft, and with what to move: tests/manage/editor/test_arranging.py",
    "notify-delivered": "only with the provider's token: tests/followup/test_notify.py",
    "notify-received": "only with the provider's token: tests/followup/test_notify.py",
    "account_set_password": "leads to changing it: everybody has a password",
    "mfa_authenticate": "only between the password and the code: tests/accounts/test_second_factor.py",
    "mfa_activate_totp": WANTS_PASSWORD,
    "mfa_deactivate_totp": WANTS_PASSWORD,
    "mfa_generate_recovery_codes": WANTS_PASSWORD,
    "mfa_add_webauthn": WANTS_PASSWORD,
    "mfa_reauthenticate_webauthn": "nobody here has a passkey",
    "mfa_remove_webauthn": "nobody here has a passkey",
    "mfa_edit_webauthn": "nobody here has a passkey",
    "mfa_view_recovery_codes": HAS_NO_CODES,
    "mfa_download_recovery_codes": HAS_NO_CODES,
    "staff-home": "leads to the first room",
    "manage-home": "leads to the first room of the workshop",
}

ROWS = (
    Row("healthz", ANYBODY, 200, 405),
    Row("readyz", ANYBODY, 200, 405),
    # Signing in
    Row("account_login", ANYBODY, 200, 200, unless=STAYS_SIGNED_IN),
    Row("account_logout", ANYBODY, 302, 302, unless=dict.fromkeys(STAFF, (200, 302))),
    Row("account_inactive", ANYBODY, 200, 405),
    Row("account_reset_password", ANYBODY, 200, 200),
    Row("account_reset_password_done", ANYBODY, 200, 405),
    Row("account_reset_password_from_key", ANYBODY, 200, 200, lambda world: {"uidb36": "1", "key": "wrong"}),
    Row("account_reset_password_from_key_done", ANYBODY, 200, 405),
    Row("mfa_authenticate", ANYBODY, 302, 302),
    Row("account_reauthenticate", STAFF, 200, 200),
    Row("account_change_password", STAFF, 200, 200),
    Row("account_set_password", STAFF, 302, 302),
    Row("mfa_index", STAFF, 200, 405),
    Row("mfa_reauthenticate", STAFF, 200, 200),
    Row("mfa_activate_totp", STAFF, 302, 302),
    Row("mfa_deactivate_totp", STAFF, 302, 302),
    Row("mfa_view_recovery_codes", STAFF, 404, 405),
    Row("mfa_generate_recovery_codes", STAFF, 302, 302),
    Row("mfa_download_recovery_codes", STAFF, 404, 404),
    Row("mfa_list_webauthn", STAFF, 200, 405),
    Row("mfa_add_webauthn", STAFF, 302, 302),
    Row("mfa_reauthenticate_webauthn", STAFF, 302, 302),
    Row("mfa_remove_webauthn", STAFF, 302, 302, lambda world: {"pk": 1}),
    Row("mfa_edit_webauthn", STAFF, 302, 302, lambda world: {"pk": 1}),
    Row("staff-site", STAFF, 200, 422),
    Row("staff-stay", STAFF, 405, 204),
    # What anybody may read
    Row("intake-home", ANYBODY, 200, 405),
    Row("intake-clinic", ANYBODY, 200, 405, of.clinic),
    Row("intake-privacy", ANYBODY, 200, 405, of.clinic),
    Row("intake-accessibility", ANYBODY, 200, 405, of.clinic),
    Row("intake-language", ANYBODY, 405, 302, of.clinic),
    Row("intake-start", ANYBODY, 200, 422, of.clinic),
    Row("intake-go", ANYBODY, 200, 422, lambda world: {"token": "x" * 43}),
    Row("intake-code", ANYBODY, 200, 422),
    Row("intake-leave", ANYBODY, 200, 200),
    Row("reminders-stop", ANYBODY, 200, 200, lambda world: {"token": world.here.stop_token}),
    Row("notify-delivered", ANYBODY, 405, 403),
    Row("notify-received", ANYBODY, 405, 403),
    # The form: whoever holds its session
    Row("intake-form", PATIENT, 200, 405),
    Row("intake-advice", PATIENT, 200, 422, holding="urgent"),
    Row("intake-check", PATIENT, 200, 405),
    Row("intake-submit", PATIENT, 405, 303),
    Row("intake-sent", PATIENT, 200, 405, holding="decided"),
    Row("intake-link", PATIENT, 200, 422),
    Row("intake-stay", PATIENT, 405, 204),
    Row("intake-write-down", PATIENT, 200, 200),
    Row("intake-file-remove", PATIENT, 405, 302, of.own_file),
    Row("intake-page", PATIENT, 200, 422, of.page),
    Row("intake-entry-add", PATIENT, 200, 422, of.entries),
    Row("intake-entry", PATIENT, 200, 422, of.entry),
    Row("intake-entry-remove", PATIENT, 200, 409, of.entry),
    Row("patient-room", PATIENT, 200, 405, holding="decided"),
    Row("patient-forms", PATIENT, 200, 422, holding="decided"),
    Row("patient-calendar", PATIENT, 200, 405, of.first, holding="decided"),
    Row("patient-letter", PATIENT, 200, 405, of.first, holding="decided"),
    Row("patient-who", PATIENT, 200, 405, holding="decided"),
    Row("patient-messages", PATIENT, 200, 422, holding="decided"),
    Row("patient-look", PATIENT, 200, 422, holding="decided"),
    Row("patient-questions", PATIENT, 200, 422, of.first, holding="asked"),
    Row("patient-answers", PATIENT, 200, 405, holding="decided"),
    Row("patient-correct", PATIENT, 200, 422, of.page, holding="decided"),
    Row("patient-entry-add", PATIENT, 200, 422, of.entries, holding="decided"),
    Row("patient-entry", PATIENT, 200, 422, of.entry, holding="decided"),
    Row("patient-objection", PATIENT, 200, 422, of.ticked, holding="decided"),
    Row("patient-objection-entry", PATIENT, 200, 422, of.treatment, holding="decided"),
    Row("patient-documents", PATIENT, 200, 422, holding="decided"),
    Row("patient-document", PATIENT, 200, 405, of.own_file),
    Row("patient-withdraw", PATIENT, 200, 422, holding="asked"),
    Row("patient-erase", PATIENT, 200, 422),
    Row("patient-contact", PATIENT, 200, 422, holding="decided"),
    Row("patient-copy", PATIENT, 200, 405, holding="decided"),
    Row("patient-copy-json", PATIENT, 200, 405, holding="decided"),
    # The clinician's room
    Row("staff-home", STAFF, 302, 405),
    Row("worklist", CLINICIANS, 200, 405),
    Row("worklist-signs", CLINICIANS, 200, 405),
    Row("search", CLINICIANS, 200, 422),
    Row("shortcuts", STAFF, 200, 422),
    Row("locked-links", LETTING_IN, 200, 405),
    Row("case-way-back", LETTING_IN, 200, 422, of.case),
    Row("case", CLINICIANS, 200, 405, of.case),
    Row("case-claim", CLINICIANS, 405, 302, of.case),
    Row("case-release", CLINICIANS, 405, 302, of.case),
    Row("case-clear", CLINICIANS, 200, 422, of.case),
    Row("case-ask", CLINICIANS, 200, 422, of.case),
    Row("case-note", CLINICIANS, 200, 422, of.case),
    Row("case-message", CLINICIANS, 200, 422, of.case),
    Row("case-news", CLINICIANS, 405, 302, of.case),
    Row("case-look", CLINICIANS, 200, 422, of.looked_at),
    Row("case-hand-over", CLINICIANS, 200, 422, of.case),
    Row("case-take-over", CLINICIANS, 200, 422, of.case),
    Row("case-call", CLINICIANS, 200, 422, of.case),
    Row("case-same-person", CLINICIANS, 200, 422, of.case),
    Row("case-task", CLINICIANS, 200, 422, of.case),
    Row("case-book", CLINICIANS, 200, 422, of.case),
    Row("case-start", CLINICIANS, 200, 422, of.case),
    Row("case-appointment-move", CLINICIANS, 200, 422, of.appointment),
    Row("case-appointment-cancel", CLINICIANS, 200, 422, of.appointment),
    Row("case-appointment-missed", CLINICIANS, 200, 409, of.appointment),
    Row("case-appointment-calendar", CLINICIANS, 200, 405, of.appointment),
    Row("enter-form", CLINICIANS, 200, 422),
    Row("enter-resume", CLINICIANS, 405, 302, of.entered),
    Row("tasks", CLINICIANS, 200, 405),
    Row("task-done", CLINICIANS, 405, 302, of.task),
    Row("case-decide", CLINICIANS, 200, 422, of.case),
    Row("case-second", frozenset({Who.LEAD}), 200, 422, of.case),
    Row("case-third", frozenset({Who.LEAD}), 200, 422, of.case),
    Row("case-letter", CLINICIANS, 200, 422, of.letter),
    Row("case-letter-pdf", CLINICIANS, 404, 405, of.letter),
    Row("case-print", CLINICIANS, 200, 405, of.case),
    Row("case-pdf", CLINICIANS, 404, 405, of.case),
    Row("case-document", CLINICIANS, 200, 405, of.document),
    Row("case-document-shown", CLINICIANS, 200, 405, of.document),
    # The figures
    Row("follow-up-figures", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 405),
    Row(
        "follow-up-figures-csv",
        frozenset({Who.LEAD, Who.ADMINISTRATOR}),
        200,
        405,
        lambda world: {"name": "peg"},
    ),
    Row("figures", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 405),
    Row("figures-csv", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 405, lambda world: {"name": "waiting"}),
    Row("second-looks", frozenset({Who.LEAD}), 200, 405),
    Row("screened-out", frozenset({Who.LEAD}), 200, 405),
    # The workshop
    Row("manage-home", STAFF, 302, 405),
    Row("versions", STAFF, 200, 405),
    Row("version", STAFF, 200, 405, of.version),
    Row("versions-file", STAFF, 200, 405),
    Row("version-file", STAFF, 200, 405, of.version),
    Row("bring-file", frozenset({Who.MANAGER}), 200, 422),
    Row("schedule-steps", STAFF, 200, 405, of.schedule),
    Row("schedule-window", frozenset({Who.MANAGER}), 200, 422, of.schedule),
    Row("schedule-step-add", frozenset({Who.MANAGER}), 200, 422, of.schedule),
    Row("schedule-step", frozenset({Who.MANAGER}), 200, 422, of.schedule_step),
    Row("schedule-step-remove", frozenset({Who.MANAGER}), 200, 409, of.schedule_step),
    Row("version-texts", STAFF, 200, 405, of.version),
    Row("version-text", frozenset({Who.MANAGER}), 200, 422, of.first_text),
    Row("language", STAFF, 200, 405, of.words),
    Row("language-file", STAFF, 200, 405, of.words),
    Row("language-add", frozenset({Who.MANAGER}), 405, 422, of.words),
    Row("language-approve", frozenset({Who.LEAD}), 405, 302, of.words),
    Row("language-offer", AUTHORS, 405, 302, of.words),
    Row("version-library", frozenset({Who.MANAGER}), 200, 404),
    Row("version-draft", frozenset({Who.MANAGER}), 405, 302, of.version),
    Row("version-discard", frozenset({Who.MANAGER}), 200, 409, of.version),
    Row("editor", frozenset({Who.MANAGER}), 200, 405, of.questions),
    Row("editor-arrange", frozenset({Who.MANAGER}), 405, 404, of.questions),
    Row("editor-preview", frozenset({Who.MANAGER}), 200, 405, of.questions),
    Row("editor-screen", frozenset({Who.MANAGER}), 200, 404, of.questions),
    Row("editor-copy", frozenset({Who.MANAGER}), 200, 422, of.questions),
    Row("editor-add", frozenset({Who.MANAGER}), 200, 422, of.new_question),
    Row("editor-part", frozenset({Who.MANAGER}), 200, 422, of.question),
    Row("editor-remove", frozenset({Who.MANAGER}), 200, 409, of.question),
    Row("rules", STAFF, 200, 405, of.rules),
    Row("rule-add", frozenset({Who.MANAGER}), 200, 422, of.rules),
    Row("rule", frozenset({Who.MANAGER}), 200, 422, of.rule),
    Row("rule-remove", frozenset({Who.MANAGER}), 200, 409, of.rule),
    Row("rule-definitions", frozenset({Who.MANAGER}), 200, 409, of.rules),
    Row("rule-table", frozenset({Who.MANAGER}), 200, 409, of.reference_table),
    Row("rule-cases", STAFF, 200, 405, of.rules),
    Row("rule-real-case", CLINICIANS, 200, 422, of.rules),
    Row("rule-case-add", frozenset({Who.MANAGER}), 200, 422, of.rules),
    Row("rule-case", frozenset({Who.MANAGER}), 200, 422, of.worked_case),
    Row("rule-case-remove", frozenset({Who.MANAGER}), 200, 409, of.worked_case),
    Row("version-before", STAFF, 200, 405, of.version),
    Row("version-effect", AUTHORS, 405, 302, of.rules),
    Row("version-effect-change", AUTHORS, 200, 422, of.change),
    Row("version-publish", AUTHORS, 405, 302, of.version),
    Row("people", ADMINISTRATOR, 200, 405),
    Row("people-invite", ADMINISTRATOR, 200, 422),
    Row("person", ADMINISTRATOR, 200, 422, of.somebody),
    Row("clinic-settings", ADMINISTRATOR, 200, 422),
    Row("sending", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 405),
    Row("sending-message", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 405, of.reminder),
    Row("sending-cancel", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 405, 422, of.reminder),
    Row("sending-again", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 405, 422, of.reminder),
    Row("sending-hold", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 422),
    Row("sending-release", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 422),
    Row("case-sending", CLINICIANS, 200, 405, of.case),
    Row("case-suppress", CLINICIANS, 200, 422, of.case),
    Row("case-suppress-end", CLINICIANS, 200, 422, of.suppression),
    Row("case-address-again", CLINICIANS, 200, 422, of.channel),
    Row("old-records", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 302, unless={Who.LEAD: (200, 403)}),
    Row("old-record", frozenset({Who.LEAD, Who.ADMINISTRATOR}), 200, 422, of.disposal),
    Row("trail", ADMINISTRATOR, 200, 405),
)


def by_name(routes: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (routes or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from by_name(entry)
        else:
            yield entry
