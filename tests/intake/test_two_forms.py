"""Two forms in one browser: what is sent from a page of the first never lands in the second."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Case, RedFlag, Response, ResponseStatus
from screening.cases.workflow import State
from screening.review.models import Message
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.reading import BORN, hidden_in, time_runs_out, words_of

pytestmark = pytest.mark.usefixtures("noon")
MARK = '{% include "components/held.html" %}'
# They write into no form, carry along what another page sent, or stand before there is a form.
WITHOUT = {"conflict", "lapsed", "languages", "leave", "start", "stay", "enter"}


@pytest.fixture
def second(clinic: Site, draft: Response) -> Response:
    return factories.draft(clinic, given_name="Second")


def left_open(browser: Client, address: str, opened_since: Response) -> dict[str, str]:
    """What a page carries that is still on the screen after another form was opened."""
    carried = hidden_in(browser.get(address).content)
    factories.enter(browser, opened_since, at=NOON)
    return carried


def test_an_answer_is_saved_in_neither_and_is_shown_to_who_typed_it(
    patient: Client, draft: Response, second: Response
) -> None:
    carried = left_open(patient, "/form/rf-saddle/", second)
    answer = patient.post("/form/rf-saddle/", {**carried, "rf_saddle": "new_or_worse"})
    assert answer.status_code == 409
    page = words_of(answer)
    assert "This page is from another form" in page
    assert "Your last answer was not saved" in page
    assert "Call 999" in page
    assert "Yes, and it is new or getting worse" in page
    assert "rf_saddle" not in answers_in(draft)
    assert "rf_saddle" not in answers_in(second)
    assert not RedFlag.objects.exists()


def test_a_treatment_is_shown_and_not_added(client: Client, clinic: Site) -> None:
    first = factories.draft(clinic, until="treatments")
    second = factories.draft(clinic, until="treatments")
    factories.enter(client, first, at=NOON)
    carried = left_open(client, "/form/treatments/add/", second)
    answer = client.post("/form/treatments/add/", {**carried, "class": "tens", "name": "Warm sand"})
    assert answer.status_code == 409
    assert "Warm sand" in words_of(answer)
    assert "treatments" not in answers_in(second)


def test_the_number_below_advice_is_given_to_nobody_else(
    patient: Client, draft: Response, second: Response
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    carried = left_open(patient, "/form/advice/", second)
    answer = patient.post("/form/advice/", {**carried, "read": "on", "phone": "07700 900123"})
    assert answer.status_code == 409
    assert "07700 900123" in words_of(answer), "nothing that was typed is lost"
    second.patient.refresh_from_db()
    assert second.patient.phone is None
    assert RedFlag.objects.get().read_at is None


def test_send_and_delete_do_so_to_no_other_form(client: Client, clinic: Site) -> None:
    first, second = factories.finished_draft(clinic), factories.finished_draft(clinic)
    factories.enter(client, first, at=NOON)
    check = left_open(client, "/form/check/", second)
    assert client.post("/form/submit/", check).status_code == 409
    factories.enter(client, first, at=NOON)
    delete = left_open(client, reverse("patient-erase"), second)
    assert client.post(reverse("patient-erase"), {**delete, "sure": "on"}).status_code == 409
    assert Response.objects.get(pk=second.pk).status == ResponseStatus.IN_PROGRESS
    assert Case.objects.get(pk=second.case_id).state == State.DRAFT


def test_a_message_goes_to_the_case_of_its_page_or_nowhere(client: Client, clinic: Site) -> None:
    first, second = (factories.response_of(factories.submitted_case(clinic)) for _each in range(2))
    factories.enter(client, first, at=NOON)
    carried = left_open(client, reverse("patient-messages"), second)
    answer = client.post(reverse("patient-messages"), {**carried, "text": "Please ring my sister."})
    assert answer.status_code == 409
    assert "Please ring my sister." in words_of(answer)
    assert not Message.objects.exists()


def test_a_page_whose_time_ran_out_is_no_way_round(
    patient: Client, draft: Response, second: Response
) -> None:
    carried = left_open(patient, "/form/rf-saddle/", second)
    time_runs_out(patient)
    waits = patient.post("/form/rf-saddle/", {**carried, "rf_saddle": "no"})
    assert waits.status_code == 403
    answer = patient.post("/form/rf-saddle/", {**hidden_in(waits.content), **BORN})
    assert answer.status_code == 409
    assert "rf_saddle" not in answers_in(second)


def test_the_same_form_opened_again_takes_what_is_sent(patient: Client, draft: Response) -> None:
    carried = left_open(patient, "/form/rf-saddle/", draft)
    assert patient.post("/form/rf-saddle/", {**carried, "rf_saddle": "no"}).status_code == 303
    assert answers_in(draft)["rf_saddle"] == "no"


def test_every_page_of_a_patient_that_writes_says_whose_it_is() -> None:
    pages = [
        page
        for folder in ("intake", "review/room", "followup/room")
        for page in Path(settings.BASE_DIR, "templates", folder).glob("*.html")
        if "csrf_token" in page.read_text() and page.stem not in WITHOUT
    ]
    assert len(pages) > 8
    assert not [page.name for page in pages if MARK not in page.read_text()]
