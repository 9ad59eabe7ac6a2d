"""The second factor, given again to sign, where the site asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Decision
from screening.cases.workflow import State
from screening.review.decision import views
from screening.review.services import Refused
from tests.factories.people import add_second_factor, sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.review.decision.pages import DECIDED, at, posts, takes

PERIOD = 59_000_000


@pytest.fixture(autouse=True)
def _one_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes change every half minute, and a test may run as one does."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([PERIOD]))


@pytest.fixture
def asking(site: Site) -> Iterator[Site]:
    cache.clear()  # tries are counted there
    site.sign_with_code = True
    site.save()
    yield site
    cache.clear()


@pytest.fixture
def secret(clinician: Clinician) -> str:
    return add_second_factor(clinician.membership.user)


@pytest.fixture
def room(asking: Site, secret: str, clinician: Clinician, case: Case) -> Client:
    room = sign_in(Client(), clinician.membership)
    takes(room, case)
    return room


def code_of(secret: str, *, wrong: bool = False) -> str:
    code = int(auth.hotp_value(secret, PERIOD))
    return auth.format_hotp_value((code + wrong) % 1_000_000)


def decides(room: Client, case: Case, **said: Any) -> Any:
    return posts(room, "case-decide", case, {**DECIDED, "reason": "My long reasons"}, **said)


def test_a_right_code_signs_the_decision(room: Client, case: Case, secret: str) -> None:
    assert decides(room, case, code=code_of(secret)).status_code == 302
    assert Decision.objects.get().signed_at is not None


@pytest.mark.parametrize("code", ["", "wrong"])
def test_a_wrong_code_keeps_what_was_typed(room: Client, case: Case, secret: str, code: str) -> None:
    page = decides(room, case, code=code_of(secret, wrong=True) if code else "")
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"code"}
    assert "My long reasons" in page.content.decode()
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(event=Event.SECOND_FACTOR_FAILED).count() == (1 if code else 0)


def test_a_code_is_not_spent_on_a_form_that_has_to_be_mended(room: Client, case: Case, secret: str) -> None:
    code = code_of(secret)
    assert set(decides(room, case, code=code, options="").context["form"].errors) == {"options"}
    assert decides(room, case, code=code).status_code == 302


def test_a_code_works_once(room: Client, case: Case, secret: str, site: Site) -> None:
    code = code_of(secret)
    cache.add("used", "y")
    assert decides(room, case, code=code, seen=fresh(case).lock - 1).status_code == 409
    assert decides(room, case, code=code).status_code == 422


def test_too_many_wrong_codes_wait_and_each_is_in_the_trail(room: Client, case: Case, secret: str) -> None:
    wrong = code_of(secret, wrong=True)
    words = ""
    for _ in range(7):
        words = decides(room, case, code=wrong).content.decode()
    assert "Too many wrong codes" in words
    assert "My long reasons" in words
    assert decides(room, case, code=code_of(secret)).status_code == 422, "a right one has to wait as well"
    assert AuditEvent.objects.filter(event=Event.SECOND_FACTOR_FAILED).count() == 8


def test_a_site_that_does_not_ask_shows_no_box(clinician: Clinician, case: Case) -> None:
    room = sign_in(Client(), clinician.membership)
    page = room.get(at("case-decide", case), {"outcome": State.DECLINED})
    assert "code" not in page.context["form"].fields


def test_the_service_takes_no_unsigned_decision(asking: Site, clinician: Clinician, case: Case) -> None:
    clinician.takes(case)
    with pytest.raises(Refused, match="code"):
        clinician.decides(case)
    clinician.decides(case, signed_at=LATER)


def test_later_reviews_are_signed_too(
    asking: Site, clinician: Clinician, lead: Clinician, case: Case
) -> None:
    clinician.takes(case)
    clinician.decides(case, signed_at=LATER)
    lead.opens(case)
    with pytest.raises(Refused, match="code"):
        lead.looks_second(case)
    lead.disagrees(case, State.SIGNPOSTED, signed_at=LATER)
    third = Clinician(lead.membership)
    with pytest.raises(Refused):
        third.settles(case, State.SIGNPOSTED)


def test_who_has_a_passkey_alone_signs_with_it_or_with_a_recovery_code(
    asking: Site, clinician: Clinician, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "passkey_options", lambda request: {"publicKey": {}})  # never set up
    user = clinician.membership.user
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    recovery = RecoveryCodes.activate(user)
    room = sign_in(Client(), clinician.membership)
    takes(room, case)
    page = decides(room, case, code="")
    assert page.status_code == 422
    text = page.content.decode()
    assert "Sign with your passkey" in text
    assert "One of your recovery codes" in text
    assert "Enter one of your recovery codes" in text
    assert "Code from your authenticator app" not in text
    (code, *_others) = recovery.get_unused_codes()
    assert decides(room, case, code=code).status_code == 302
    assert Decision.objects.get().signed_at is not None


@pytest.mark.parametrize("answer", ["{}", "[]", "no JSON", '{"id": 1, "rawId": "a", "type": "public-key"}'])
def test_an_answer_of_no_passkey_signs_nothing_and_keeps_what_was_typed(
    room: Client, case: Case, clinician: Clinician, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(views, "passkey_options", lambda request: {})
    user = clinician.membership.user
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    page = decides(room, case, passkey=answer)
    assert page.status_code == 422
    text = page.content.decode()
    assert "This passkey did not fit" in text
    assert "My long reasons" in text
    assert answer not in text
    assert not Decision.objects.exists()
