"""Safety advice over HTTP: the very next page, until it is read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Site
from screening.cases.models import ORDINARY_RANK, Patient, RedFlag, Response
from screening.review.services import clear_red_flags
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.factories.review import Clinician, fresh
from tests.intake.reading import flags_shown, reads_advice, text_of

pytestmark = pytest.mark.usefixtures("noon")


def test_a_positive_answer_leads_to_its_advice_for_the_nation(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="rf-saddle", nation="northern_ireland")
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/rf-saddle/", {"rf_saddle": "not_sure", "lock": "0"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/form/advice/")
    page = text_of(client.get("/form/advice/"))
    assert "GP out-of-hours" in page
    assert clinic.opening_hours in page
    assert "Without one nobody can call you" in page


def test_unread_advice_stands_before_every_page_until_it_is_read(patient: Client, draft: Response) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    for address in ("/form/", "/form/rf-bladder/", "/form/check/"):
        assert patient.get(address).headers["Location"] == "/form/advice/"
    assert patient.post("/form/advice/", {}).status_code == 422
    answer = reads_advice(patient, phone="07700 900123")
    assert answer.headers["Location"] == "/form/rf-bladder/"
    assert RedFlag.objects.get().read_at == NOON
    draft.patient.refresh_from_db()
    assert draft.patient.phone == "07700 900123"


def test_an_answer_sent_while_advice_waits_is_saved_and_advice_follows(
    patient: Client, draft: Response
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    answer = patient.post("/form/rf-bladder/", {"rf_bladder": "no", "lock": "0"})
    assert answer.headers["Location"] == "/form/advice/"
    assert answers_in(draft)["rf_bladder"] == "no"


def test_unread_advice_waits_for_whoever_comes_back_with_a_link(
    patient: Client, draft: Response, client: Client
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    again = factories.enter(Client(), draft, at=NOON)
    assert again.get("/form/").headers["Location"] == "/form/advice/"


def test_the_box_for_rather_not_say_is_shown_once(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.draft(clinic, until="rf-suicide"), at=NOON)
    answer = client.post("/form/rf-suicide/", {"rf_suicide": "prefer_not_say", "lock": "0"})
    assert answer.headers["Location"] == "/form/advice/"
    assert "116 123" in text_of(client.get("/form/advice/"))
    reads_advice(client)
    assert client.get("/form/").status_code == 200


def dealt_with(draft: Response) -> None:
    clinician = Clinician.at(draft.site)
    at = timezone.now()
    clinician.takes(draft.case, at=at)
    seen = fresh(draft.case).lock
    clear_red_flags(
        case=draft.case, seen=seen, reason="Rang them.", no_call="Seen in person.", **clinician.who(at)
    )


def test_saving_a_cleared_answer_unchanged_shows_the_advice_again_and_is_no_news_to_staff(
    patient: Client, draft: Response
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    reads_advice(patient)
    dealt_with(draft)
    answer = patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "1"})
    assert answer.headers["Location"] == "/form/advice/"
    assert b"Go to A&amp;E now" in patient.get("/form/advice/").content
    assert fresh(draft.case).rank == ORDINARY_RANK
    assert draft.case.red_flags.count() == 1


@pytest.mark.parametrize("between", ["no", "not_sure"])
def test_a_cleared_answer_that_was_changed_meanwhile_is_raised_again(
    patient: Client, draft: Response, between: str
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    dealt_with(draft)
    patient.post("/form/rf-saddle/", {"rf_saddle": between, "lock": "1"})
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "2"})
    assert fresh(draft.case).rank == 1
    assert draft.case.red_flags.filter(answer="new_or_worse", cleared_at__isnull=True).exists()


def test_a_number_typed_below_advice_that_was_read_in_another_window_is_kept(
    patient: Client, draft: Response
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    patient.post("/form/advice/", reads_advice(patient))
    late = {"read": "on", "name": "Alex", "phone": "07700 900123", "shown": ""}
    assert patient.post("/form/advice/", late).status_code == 303
    assert Patient.objects.get(pk=draft.patient_id).phone == "07700 900123"


@pytest.mark.parametrize(
    ("helper", "asked", "filled_in_by_the_browser"),
    [
        ({}, "Your name (optional)", "name"),
        ({"helper": "helping"}, "Name of the person you are helping (optional)", "off"),
    ],
)
def test_who_helps_is_asked_for_the_name_of_the_patient_and_not_for_their_own(
    client: Client, clinic: Site, helper: dict[str, str], asked: str, filled_in_by_the_browser: str
) -> None:
    """The clinic rings and asks for whoever is named here."""
    factories.enter(client, factories.draft(clinic, **helper), at=NOON)
    client.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    field = client.get("/form/advice/").context["form"]["name"]
    assert (field.label, field.field.widget.attrs["autocomplete"]) == (asked, filled_in_by_the_browser)


def test_nobody_whose_name_is_known_is_asked_for_it_again(patient: Client, draft: Response) -> None:
    """It would take the place of the first name: Irene Kowalski Kowalski."""
    Patient.objects.filter(pk=draft.patient_id).update(given_name="Irene", family_name="Kowalski")
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    page = patient.get("/form/advice/")
    assert "name" not in page.context["form"].fields
    assert "Phone number (optional)" in text_of(page)
    patient.post("/form/advice/", {"name": "Irene Kowalski", "phone": "07700 900123"})
    known = Patient.objects.get(pk=draft.patient_id)
    assert (known.given_name, known.phone) == ("Irene", "07700 900123")


def test_a_number_without_the_tick_is_kept_at_once(patient: Client, draft: Response) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    answer = patient.post("/form/advice/", {"phone": "07700 900123"})
    assert answer.status_code == 422
    assert "We have a phone number for you" in text_of(answer)
    assert Patient.objects.get(pk=draft.patient_id).phone == "07700 900123"


def test_only_the_advice_that_the_page_showed_is_read(patient: Client, draft: Response) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    shown = flags_shown(patient.get("/form/advice/"))
    elsewhere = factories.enter(Client(), draft, at=NOON)
    elsewhere.post("/form/rf-bladder/", {"rf_bladder": "new_or_worse", "lock": "0"})
    answer = patient.post("/form/advice/", {"read": "on", "shown": shown})
    assert answer.headers["Location"] == "/form/advice/"
    unread = draft.case.red_flags.filter(read_at__isnull=True)
    assert [flag.item for flag in unread] == ["rf_bladder"]
    assert reads_advice(patient).headers["Location"] != "/form/advice/"
    assert not unread.all().exists()


@pytest.mark.parametrize("shown", ["", "0", "-1 x \u00b2", "9" * 5000])
def test_a_page_that_says_nothing_sensible_of_what_it_showed_has_read_nothing(
    patient: Client, draft: Response, shown: str
) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": "0"})
    answer = patient.post("/form/advice/", {"read": "on", "shown": shown})
    assert answer.headers["Location"] == "/form/advice/"
    assert draft.case.red_flags.get().read_at is None
