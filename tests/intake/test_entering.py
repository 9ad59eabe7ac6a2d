"""Staff fill in a form for a patient: the same pages, blanks allowed, urgent answers heard at once."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Patient, Response
from screening.cases.workflow import State
from screening.intake import services, session
from screening.intake.models import Entered, Mode
from tests.factories.intake import answers_in, open_clinic
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician, fresh
from tests.intake.reading import reads_advice

pytestmark = pytest.mark.django_db
KEY = "0d1c7a52-6a4e-4d0e-9d55-0f6f3c1b8f10"
SAID = {
    "key": KEY,
    "mode": "telephone",
    "source": "Her daughter Ann",
    "given_name": "Mary",
    "family_name": "Shelley",
    "date_of_birth_day": "29",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1971",
    "nation": "england",
    "phone": "07700 900123",
}


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def desk(client: Client, site: Site) -> Client:
    return sign_in(client, Clinician.at(site).membership)


def begins(desk: Client, **changes: str) -> Response:
    said = {**SAID, "key": str(uuid.uuid4()), **changes}
    assert desk.post(reverse("enter-form"), said).status_code == 303
    return Response.objects.select_related("case", "patient").latest("started_at")


def blank_on(desk: Client, response: Response) -> str:
    """Presses "Save and continue" on blank pages until there is something else. Where that is."""
    for _page in range(200):
        response.refresh_from_db()
        at = desk.get(reverse("intake-form")).content.decode().split('href="/form/')[1].split('"')[0]
        if at == "check/":
            return at
        lock = response.page_locks.get(at.strip("/"), 0)
        asked = desk.get(f"/form/{at}").content.decode().split('name="asked" value="')[1:]
        items = [each.split('"')[0] for each in asked]
        known = {"given_name": "Mary", "family_name": "Shelley"}
        answer = desk.post(f"/form/{at}", {"lock": lock, "asked": items, **known})
        assert answer.status_code == 303, (at, answer.status_code)
    raise AssertionError("the form never ends")


def test_what_identifies_is_known_from_the_start_and_the_trail_says_who_entered_it(
    desk: Client, site: Site
) -> None:
    response = begins(desk)
    patient = Patient.objects.get(pk=response.patient_id)
    assert (patient.given_name, patient.family_name, patient.phone) == ("Mary", "Shelley", "07700 900123")
    assert patient.family_name_hash
    entered = Entered.objects.get()
    assert (entered.mode, entered.source) == (Mode.TELEPHONE, "Her daughter Ann")
    event = AuditEvent.objects.get(event=Event.ENTRY_STARTED)
    assert (event.user_id, event.detail["mode"]) == (entered.by_id, "telephone")
    saved = AuditEvent.objects.filter(event=Event.PAGE_SAVED)
    assert {each.actor_kind for each in saved} == {"staff"}


def test_every_blank_stays_unknown_and_the_form_is_judged_like_any_other(desk: Client, site: Site) -> None:
    response = begins(desk)
    assert blank_on(desk, response) == "check/"
    answer = desk.post(reverse("intake-submit"))
    case = fresh(response.case)
    assert (answer.status_code, answer.url) == (303, reverse("case", args=[case.reference]))
    assert case.state == State.AWAITING_INFO
    assert case.outcome == "more_info"
    assert set(answers_in(response)) == {"dob", "nation", "given_name", "family_name"}
    page = desk.get(answer.url).content.decode()
    assert "filled in this form for the patient, by telephone (Her daughter Ann)" in page
    assert session.SESSION_KEY not in desk.session


def test_an_urgent_answer_alerts_at_once_and_the_advice_is_read_out(desk: Client, site: Site) -> None:
    response = begins(desk)
    while "rf-saddle" not in desk.get(reverse("intake-form")).content.decode().split('href="/form/')[1][:20]:
        _next(desk, response)
    answer = desk.post("/form/rf-saddle/", {"lock": 0, "asked": "rf_saddle", "rf_saddle": "new_or_worse"})
    assert (answer.status_code, answer.url) == (303, reverse("intake-advice"))
    assert fresh(response.case).rank == 1
    page = desk.get(reverse("intake-advice")).content.decode()
    assert "Read this out to the person now" in page
    assert "I have read this out to the person" in page
    assert reads_advice(desk).status_code == 303
    assert response.case.red_flags.get().read_at is not None
    assert AuditEvent.objects.filter(event=Event.ADVICE_READ_OUT, actor_kind="staff").count() == 1


def _next(desk: Client, response: Response, **typed: str) -> None:
    response.refresh_from_db()
    at = desk.get(reverse("intake-form")).content.decode().split('href="/form/')[1].split('"')[0]
    desk.post(f"/form/{at}", {"lock": response.page_locks.get(at.strip("/"), 0), **typed})


def test_advice_for_an_answer_on_paper_is_not_taken_as_heard(desk: Client, site: Site) -> None:
    response = begins(desk, mode="paper", source="A letter of the surgery")
    while "rf-saddle" not in desk.get(reverse("intake-form")).content.decode().split('href="/form/')[1][:20]:
        _next(desk, response)
    desk.post("/form/rf-saddle/", {"lock": 0, "asked": "rf_saddle", "rf_saddle": "new_or_worse"})
    page = desk.get(reverse("intake-advice")).content.decode()
    assert "Somebody has to ring them now" in page
    assert reads_advice(desk).status_code == 303
    assert response.case.red_flags.get().read_at is None
    assert desk.get(reverse("intake-form")).status_code == 200


@pytest.mark.parametrize(
    "missing", ["mode", "source", "given_name", "family_name", "date_of_birth_year", "nation"]
)
def test_only_what_identifies_must_be_said(desk: Client, site: Site, missing: str) -> None:
    answer = desk.post(reverse("enter-form"), {**SAID, missing: ""})
    assert answer.status_code == 422
    assert not Case.objects.exists()
    kept = "Shelley" if missing != "family_name" else "Mary"
    assert kept in answer.content.decode()


def test_a_form_is_begun_once_however_often_the_button_is_pressed(desk: Client, site: Site) -> None:
    page = desk.get(reverse("enter-form")).content.decode()
    (key,) = re.findall(r'name="key"[^>]*value="([^"]+)"', page)
    first = begins(desk, key=key)
    assert begins(desk, key=key) == first
    assert Case.objects.count() == Entered.objects.count() == 1
    assert AuditEvent.objects.filter(event=Event.ENTRY_STARTED).count() == 1
    assert begins(desk, key=key, given_name="Percy") != first, "the page was used for somebody else"
    other = sign_in(Client(), Clinician.at(site).membership)
    assert other.post(reverse("enter-form"), {**SAID, "key": key}).status_code == 404
    assert Case.objects.count() == 2


def test_an_old_page_does_not_open_a_form_that_was_sent(desk: Client, site: Site) -> None:
    response = begins(desk, key=KEY)
    Response.objects.filter(pk=response.pk).update(status="completed", submitted_at=timezone.now())
    again = desk.post(reverse("enter-form"), SAID)
    assert again.headers["Location"] == reverse("case", args=[response.case.reference])


def test_nobody_is_entered_whom_the_service_is_not_for(desk: Client, site: Site) -> None:
    young = str(timezone.now().year - 12)
    assert desk.post(reverse("enter-form"), {**SAID, "date_of_birth_year": young}).status_code == 422
    assert not Patient.objects.exists()


def test_a_colleague_goes_on_where_somebody_stopped(desk: Client, site: Site) -> None:
    response = begins(desk)
    other = sign_in(Client(), Clinician.at(site).membership)
    assert "Mary Shelley" in other.get(reverse("enter-form")).content.decode()
    assert other.get(reverse("intake-form")).status_code == 404
    address = reverse("enter-resume", args=[response.case.reference])
    assert other.post(address).url == reverse("intake-form")
    assert "You fill in this form for Mary Shelley." in other.get(reverse("intake-form")).content.decode()
    assert AuditEvent.objects.filter(event=Event.ENTRY_RESUMED).count() == 1


def test_two_who_enter_the_same_page_see_both(desk: Client, site: Site) -> None:
    response = begins(desk)
    blank_on(desk, response)
    other = sign_in(Client(), Clinician.at(site).membership)
    other.post(reverse("enter-resume", args=[response.case.reference]))
    said = {"lock": 1, "asked": "goals"}
    assert desk.post("/form/goals/", {**said, "goals": "Walk to the shop"}).status_code == 303
    second = other.post("/form/goals/", {**said, "goals": "Sleep through"})
    words = second.content.decode()
    assert (second.status_code, "Walk to the shop" in words, "Sleep through" in words) == (409, True, True)


def test_another_site_and_other_roles_enter_nothing(site: Site, desk: Client) -> None:
    response = begins(desk)
    elsewhere = sign_in(Client(), Clinician.at(open_clinic()).membership)
    assert elsewhere.post(reverse("enter-resume", args=[response.case.reference])).status_code == 404
    administrator = sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))
    assert administrator.get(reverse("enter-form")).status_code == 403


def test_the_session_of_staff_opens_no_room_and_ends_with_their_access(desk: Client, site: Site) -> None:
    begins(desk)
    assert desk.get(reverse("intake-form")).status_code == 200
    assert desk.get(reverse("patient-room")).status_code == 404
    member = site.memberships.get(user=Entered.objects.get().by)
    member.active = False
    member.save()
    assert desk.get(reverse("intake-form")).status_code == 404


def test_after_half_an_hour_the_date_of_birth_opens_it_again_for_staff(
    desk: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = begins(desk)
    kept = desk.session
    old = (timezone.now() - session.IDLE - dt.timedelta(minutes=1)).isoformat()
    kept[session.SESSION_KEY] = {**kept[session.SESSION_KEY], "at": old}
    kept.save()
    assert desk.get(reverse("intake-form")).status_code == 403
    born = {"again": "GET", "again-date_of_birth_day": "29", "again-date_of_birth_month": "3"}
    answer = desk.post(reverse("intake-form"), {**born, "again-date_of_birth_year": "1971"})
    assert answer.status_code == 303
    assert "You fill in this form for Mary Shelley." in desk.get(reverse("intake-form")).content.decode()
    assert (
        AuditEvent.objects.filter(case_reference=response.case.reference).latest("id").actor_kind == "staff"
    )


def test_a_form_that_staff_fill_in_warns_before_their_own_sign_in_ends(desk: Client) -> None:
    """A patient's form stays open for twice as long."""
    begins(desk)
    page = desk.get(reverse("intake-form"), follow=True).content.decode()
    assert 'data-channel="stay-staff" data-idle="870" data-warning="300" data-lapsed="0"' in page
    assert f'action="{reverse("intake-stay")}"' in page
    assert "we sign you out soon" in page
    assert desk.post(reverse("intake-stay")).status_code == 204


def test_an_erased_draft_forgets_who_read_it_out(desk: Client, site: Site) -> None:
    response = begins(desk)
    services.erase_draft(case=response.case, by=Clinician.at(site).who()["by"], at=timezone.now())
    assert not Entered.objects.exists()
