"""The pages before a draft, and the session that holds one."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Patient, Response
from screening.intake import session
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.reading import text_of

pytestmark = pytest.mark.usefixtures("noon")


def born(year: str = "1980", **more: str) -> dict[str, str]:
    return {"dob_day": "1", "dob_month": "1", "dob_year": year, "nation": "england"} | more


def test_the_only_clinic_is_where_the_first_page_leads(client: Client, clinic: Site) -> None:
    assert client.get("/").headers["Location"] == reverse("intake-clinic", args=[clinic.slug])


def test_several_clinics_are_a_list(client: Client, clinic: Site) -> None:
    other = factories.make_site()
    page = text_of(client.get("/"))
    assert clinic.name in page
    assert other.name in page


def test_looking_at_the_start_creates_nothing(client: Client, clinic: Site) -> None:
    assert client.get(reverse("intake-start", args=[clinic.slug])).status_code == 200
    assert Patient.objects.count() == 0


def test_two_facts_start_a_draft_and_a_session(client: Client, clinic: Site) -> None:
    answer = client.post(reverse("intake-start", args=[clinic.slug]), born())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/form/where-you-live/"
    assert client.session[session.SESSION_KEY]["response"] == str(Response.objects.get().pk)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        born(dob_day="31", dob_month="2"),
        born("2030"),
        born("1880"),
        born(dob_year="80"),
        born(nation="france"),
        born(dob_day="first"),
        born(dob_month="\x00"),
    ],
    ids=["empty", "31 February", "future", "1880", "two figures", "France", "word", "control sign"],
)
def test_bad_facts_are_said_beside_the_field_and_store_nothing(
    client: Client, clinic: Site, typed: dict[str, str]
) -> None:
    answer = client.post(reverse("intake-start", args=[clinic.slug]), typed)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    if typed.get("dob_year", "").isdigit():
        assert f'value="{typed["dob_year"]}"' in text_of(answer)
    assert Patient.objects.count() == 0


@pytest.mark.parametrize(("year", "ends"), [("2008", False), ("2009", True)])
def test_somebody_under_eighteen_reads_a_kind_page_and_nothing_is_stored(
    client: Client, clinic: Site, year: str, ends: bool
) -> None:
    answer = client.post(reverse("intake-start", args=[clinic.slug]), born(year))
    assert (answer.status_code == 200) is ends
    assert (Patient.objects.count() == 0) is ends
    if ends:
        page = text_of(answer)
        assert clinic.phone in page
        assert "999" in page
        assert f'value="{year}"' in page  # the date can be corrected here
        assert session.SESSION_KEY not in client.session


def test_somebody_outside_the_uk_reads_a_kind_page_and_the_answer_is_not_stored(
    client: Client, clinic: Site
) -> None:
    draft = factories.draft(clinic, until="where-you-live")
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/where-you-live/", {"uk_resident": "no", "lock": "0"})
    assert answer.status_code == 200
    assert clinic.phone in text_of(answer)
    assert "uk_resident" not in answers_in(draft)
    assert client.post("/form/where-you-live/", {"uk_resident": "yes", "lock": "0"}).status_code == 303


def test_a_clinic_that_published_nothing_says_that_it_is_not_open(client: Client, db: None) -> None:
    site = factories.make_site()
    assert client.get(reverse("intake-start", args=[site.slug])).status_code == 503


def test_an_unknown_clinic_is_not_found(client: Client, db: None) -> None:
    assert client.get("/clinic/nowhere/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/form/", "/form/rf-saddle/", "/form/check/", "/form/sent/", "/form/advice/", "/form/link/"]
)
def test_without_a_session_every_page_says_how_to_come_back(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Please use your link again" in text_of(answer)


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 403)])
def test_a_session_ends_after_half_an_hour_without_use(
    patient: Client, noon: time_machine.Traveller, minutes: int, status: int
) -> None:
    noon.shift(dt.timedelta(minutes=minutes))
    assert patient.get("/form/").status_code == status


def test_use_renews_a_session_but_not_past_twelve_hours(
    patient: Client, noon: time_machine.Traveller
) -> None:
    for _ in range(24):
        noon.shift(dt.timedelta(minutes=29, seconds=59))
        assert patient.get("/form/").status_code == 200
    noon.shift(dt.timedelta(minutes=1))
    assert patient.get("/form/").status_code == 403


def test_leaving_ends_the_session_and_keeps_the_answers(patient: Client, draft: Response) -> None:
    answer = patient.post("/form/leave/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert patient.get("/form/").status_code == 404
    assert answers_in(draft)["helper"] == "myself"


def test_who_went_back_to_the_start_finds_the_form_that_is_open(client: Client, clinic: Site) -> None:
    """A second start leaves the first form behind, and without a link nothing leads to it."""
    start = reverse("intake-start", args=[clinic.slug])
    assert "You have a form open on this device" not in text_of(client.get(start))
    client.post(start, born())
    page = text_of(client.get(start))
    assert "You have a form open on this device" in page
    assert 'href="/form/"' in page


def test_starting_again_changes_the_session_key(client: Client, clinic: Site) -> None:
    client.post(reverse("intake-start", args=[clinic.slug]), born())
    first = client.session.session_key
    client.post(reverse("intake-start", args=[clinic.slug]), born())
    assert client.session.session_key != first
    assert Response.objects.count() == 2


def shown_key(client: Client, clinic: Site) -> str:
    page = client.get(reverse("intake-start", args=[clinic.slug])).content.decode()
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


def test_who_presses_twice_begins_one_form(client: Client, clinic: Site) -> None:
    start, key = reverse("intake-start", args=[clinic.slug]), shown_key(client, clinic)
    assert shown_key(client, clinic) != key
    assert "x" * 9 not in text_of(client.post(start, born("1880", key="x" * 9)))
    for _press in range(2):
        assert client.post(start, born(key=key)).headers["Location"] == "/form/where-you-live/"
    (begun,) = Response.objects.all()
    assert client.session[session.SESSION_KEY]["response"] == str(begun.pk)
    client.post(start, born("1981", key=key))
    assert Response.objects.count() == 2, "other facts are another person"


@pytest.mark.parametrize("later", ["in half a minute", "once there is more in it"])
def test_the_page_that_began_a_form_does_not_open_it_again(
    client: Client, clinic: Site, noon: time_machine.Traveller, later: str
) -> None:
    start, key = reverse("intake-start", args=[clinic.slug]), shown_key(client, clinic)
    client.post(start, born(key=key))
    (begun,) = Response.objects.all()
    if later == "once there is more in it":
        client.post("/form/where-you-live/", {"uk_resident": "yes", "lock": "0"})
        assert Response.objects.get().revision == 2
    else:
        noon.shift(30)
    somebody_else = Client()
    assert somebody_else.post(start, born(key=key)).status_code == 302
    assert somebody_else.session[session.SESSION_KEY]["response"] != str(begun.pk)
