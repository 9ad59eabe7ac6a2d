"""Staff say that nothing may be sent to one person, and end it; put an address in use again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.models import AuditEvent
from screening.cases.models import Case, Patient
from screening.followup.addresses import bounced_out
from screening.followup.models import SuppressedFor, Suppression
from screening.followup.services import REMINDERS, note_bounce
from tests.factories.followup import planned, reachable_case, send_at_any_hour, suppressed
from tests.factories.intake import open_clinic
from tests.factories.people import make_member, sign_in
from tests.followup.rounds import now, send
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def case(site: Site) -> Case:
    return reachable_case(site, at=timezone.now())


@pytest.fixture
def clinician(client: Client, site: Site) -> Client:
    sign_in(client, make_member(Role.CLINICIAN, site=site))
    return client


def page_of(client: Client, case: Case) -> str:
    return client.get(reverse("case-sending", args=[case.reference])).content.decode()


def stop(client: Client, case: Case, **said: str) -> int:
    sent = {"kind": "in_hospital", "note": "The ward rang on Monday.", **said}
    return client.post(reverse("case-suppress", args=[case.reference]), sent).status_code


def end(client: Client, case: Case, standing: Suppression, because: str = "Home again.") -> int:
    address = reverse("case-suppress-end", args=[case.reference, standing.pk])
    return client.post(address, {"because": because}).status_code


@pytest.mark.parametrize("kind", SuppressedFor.values)
def test_nothing_is_sent_from_then_on_and_again_once_it_is_ended(
    clinician: Client, case: Case, kind: str
) -> None:
    reminder = planned(case, at=timezone.now() + 2 * DAY, step="FU03")
    assert stop(clinician, case, kind=kind) == 302
    page = page_of(clinician, case)
    assert str(SuppressedFor(kind).label) in page
    assert "The ward rang on Monday." in page
    assert send(at=reminder.due_at) == {"dropped": 1}
    assert now(reminder).closed_reason == "suppressed"

    standing = Suppression.objects.get()
    assert end(clinician, case, standing) == 302
    page = page_of(clinician, case)
    assert "Nothing is sent to this person</h" not in page
    assert "Home again." in page
    standing.refresh_from_db()
    assert (standing.ended_because, standing.ended_at is None) == ("Home again.", False)
    patient = Patient.objects.get(pk=case.patient_id)
    assert (patient.deceased_at, patient.safeguarding_since) == (None, None)


def test_each_step_stands_in_the_trail_without_a_word_of_what_was_typed(
    clinician: Client, case: Case
) -> None:
    stop(clinician, case)
    end(clinician, case, Suppression.objects.get())
    lines = AuditEvent.objects.filter(event__in=["messages_suppressed", "messages_allowed"])
    assert [(line.event, line.detail) for line in lines.order_by("id")] == [
        ("messages_suppressed", {"reason": "in_hospital"}),
        ("messages_allowed", {"reason": "in_hospital"}),
    ]
    assert "ward" not in str([line.detail for line in AuditEvent.objects.all()])


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(clinician: Client, case: Case) -> None:
    for said in ({"kind": ""}, {"kind": "another"}, {"note": ""}, {"note": " "}):
        assert stop(clinician, case, **said) == 422
    page = clinician.post(
        reverse("case-suppress", args=[case.reference]), {"kind": "", "note": "The ward rang."}
    ).content.decode()
    assert "The ward rang." in page
    assert "Choose why nothing is sent" in page
    assert not Suppression.objects.exists()
    assert end(clinician, case, suppressed(case, at=timezone.now()), because="") == 422
    assert Suppression.objects.get().ended_at is None


def test_saying_or_ending_it_twice_is_once(clinician: Client, case: Case) -> None:
    assert (stop(clinician, case), stop(clinician, case)) == (302, 302)
    standing = Suppression.objects.get()
    assert (end(clinician, case, standing), end(clinician, case, standing, "Once more.")) == (302, 302)
    assert Suppression.objects.get().ended_because == "Home again."
    assert AuditEvent.objects.filter(event="messages_allowed").count() == 1


def test_another_note_for_the_same_reason_is_refused_and_the_standing_one_shown(
    clinician: Client, case: Case
) -> None:
    assert stop(clinician, case) == 302
    typed = {"kind": "in_hospital", "note": "Moved to another ward."}
    refused = clinician.post(reverse("case-suppress", args=[case.reference]), typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "The ward rang on Monday." in page
    assert "Moved to another ward." in page
    assert Suppression.objects.get().note == "The ward rang on Monday."


def test_what_stands_for_somebody_else_is_not_ended_from_this_case(
    clinician: Client, site: Site, case: Case
) -> None:
    other = suppressed(reachable_case(site, at=timezone.now(), email="b@example.org"), at=timezone.now())
    assert end(clinician, case, other) == 404
    assert Suppression.objects.get().ended_at is None


def test_an_address_is_used_again_once_somebody_checked_it(clinician: Client, site: Site, case: Case) -> None:
    at = timezone.now()
    send_at_any_hour(site, at=at)
    for days, step in ((2, "FU03"), (14, "FU05")):
        reminder = planned(case, at=at + days * DAY, step=step)
        send(at=reminder.due_at)
        note_bounce(reminder=now(reminder), reason="bounced", by=REMINDERS, at=reminder.due_at)
    assert bounced_out([case.patient_id])
    page = page_of(clinician, case)
    assert "An address is not used any more" in page
    assert (case.patient.email or "") in page
    assert "It came back: the address does not exist" in page

    address = reverse("case-address-again", args=[case.reference, "email"])
    assert clinician.post(address, {"because": ""}).status_code == 422
    assert bounced_out([case.patient_id])
    assert clinician.post(address, {"because": "They read it out to me."}).status_code == 302
    assert bounced_out([case.patient_id]) == {}
    assert "not used any more" not in page_of(clinician, case)
    bounce = case.patient.bounces.first()
    assert (bounce.forgiven_because, bounce.forgiven_by is None) == ("They read it out to me.", False)
    assert AuditEvent.objects.filter(event="channel_enabled", actor_kind="staff").count() == 1
    wrong = reverse("case-address-again", args=[case.reference, "pigeon"])
    assert clinician.get(wrong).status_code == 404
