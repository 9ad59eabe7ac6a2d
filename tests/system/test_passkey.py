"""A passkey instead of a code: set up, and a decision signed with it, in a browser that has one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import CDPSession, expect

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Decision
from tests.factories.intake import submitted_case
from tests.factories.people import PASSWORD, make_member
from tests.review.decision.pages import DECIDED
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_decision_is_signed_with_a_passkey(staff: Callable[..., Staff], clinic: Site) -> None:
    member = make_member(site=clinic)
    desk = staff(member)
    case, _browser, _key = signs_with_a_passkey(desk, clinic)
    Authenticator.objects.filter(user=member.user, type=Authenticator.Type.TOTP).delete()

    desk.opens_case(case.reference)
    desk.presses("Work on this case")
    desk.follows("Record your decision")
    desk.fills({"outcome": DECIDED["outcome"]})
    desk.presses("Continue")
    desk.reads("Only if you cannot sign with your passkey.")
    desk.looks("decide-with-passkey")
    desk.presses("Sign with your passkey")
    desk.reads("There is a problem")
    desk.fills(typed())
    desk.presses("Sign with your passkey")
    desk.reads("Your decision is recorded.")
    decision = Decision.objects.get()
    assert decision.signed_at is not None
    assert not AuditEvent.objects.filter(event=Event.SECOND_FACTOR_FAILED).exists()


def test_a_passkey_that_gives_no_answer_says_so_and_keeps_what_was_typed(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    desk = staff(make_member(site=clinic))
    case, browser, key = signs_with_a_passkey(desk, clinic)
    browser.send("WebAuthn.clearCredentials", {"authenticatorId": key})

    desk.opens_case(case.reference)
    desk.presses("Work on this case")
    desk.goes_to(f"/staff/cases/{case.reference}/decide/?asked=yes&outcome={DECIDED['outcome']}")
    desk.fills({"reason": "Seven of seven."})
    desk.page.get_by_role("button", name="Sign with your passkey").click()
    desk.reads("Your passkey gave no answer.")
    expect(desk.page.locator("[name=reason]")).to_have_value("Seven of seven.")
    assert not Decision.objects.exists()


def signs_with_a_passkey(desk: Staff, clinic: Site) -> tuple[Case, CDPSession, str]:
    """A clinic that asks for the second step to sign, a case, and a passkey set up in this browser."""
    clinic.sign_with_code = True
    clinic.save()
    browser = desk.context.new_cdp_session(desk.page)
    browser.send("WebAuthn.enable")
    key = browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    desk.goes_to("/accounts/2fa/webauthn/add/")
    desk.fills({"password": PASSWORD})
    with desk.page.expect_navigation():
        desk.page.locator("main button[type=submit]").first.click()
    with desk.page.expect_navigation():
        desk.page.locator("#mfa_webauthn_add").click()
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    return submitted_case(clinic, at=timezone.now()), browser, key


def typed() -> dict[str, object]:
    """As a person types it: days in one box for each part."""
    said = {name: value for name, value in DECIDED.items() if not name.startswith(("outcome", "records_on"))}
    return {**said, "records_on": "2026-06"}
