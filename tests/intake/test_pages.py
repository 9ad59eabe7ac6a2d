"""The pages of the questionnaire over HTTP: what is kept, what is refused and where one lands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Site
from screening.cases.models import Response
from screening.questionnaires.selectors import questionnaire_of
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.reading import hidden_in, text_of

pytestmark = pytest.mark.usefixtures("noon")


def test_a_page_no_questionnaire_has_is_not_found(patient: Client) -> None:
    assert patient.get("/form/no-such-page/").status_code == 404


def test_a_later_page_leads_to_the_first_one_not_yet_seen(patient: Client) -> None:
    assert patient.get("/form/medicines/").headers["Location"] == "/form/rf-saddle/"
    assert patient.get("/form/check/").headers["Location"] == "/form/rf-saddle/"


def test_no_answer_is_chosen_before_somebody_chose(patient: Client) -> None:
    page = patient.get("/form/rf-saddle/").content.decode()
    assert 'type="radio"' in page
    assert not re.search(r"<input[^>]* checked", page)


def test_a_save_leads_to_the_next_page(patient: Client, draft: Response) -> None:
    answer = patient.post("/form/rf-saddle/", {"rf_saddle": "no", "lock": "0"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/form/rf-bladder/")
    assert answers_in(draft)["rf_saddle"] == "no"


def test_a_blank_is_asked_again_once_and_may_then_stay(patient: Client, draft: Response) -> None:
    again = patient.post("/form/rf-saddle/", {"lock": "0"})
    assert again.status_code == 422
    assert "Continue without answering" in text_of(again)
    assert patient.post("/form/rf-saddle/", {"lock": "0", "skip": "1"}).status_code == 303
    assert "rf_saddle" not in answers_in(draft)


def test_what_nobody_can_pass_over_stays_asked(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.draft(clinic, until="your-name"), at=NOON)
    answer = client.post("/form/your-name/", {"lock": "0", "skip": "1"})
    assert answer.status_code == 422
    assert "Continue without answering" not in text_of(answer)


def test_a_wrong_value_keeps_what_was_typed_beside_its_error(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="your-contact")
    factories.enter(client, draft, at=NOON)
    typed = {"phone": "07700 900123", "email": "not an address", "contact_preference": "sms", "lock": "0"}
    answer = client.post("/form/your-contact/", typed)
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'value="not an address"' in page
    assert 'value="07700 900123"' in page
    assert "Error:" in page
    assert "phone" not in answers_in(draft)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("onset", {"onset_year": "2030"}),
        ("onset", {"onset_year": "1950"}),
        ("peg", {"peg_p": "11", "peg_e": "1", "peg_g": "1"}),
        ("peg", {"peg_p": "seven", "peg_e": "1", "peg_g": "1"}),
        ("conditions", {"conditions": ["low_back", "invented"]}),
        ("communication", {"communication_needs": ["none", "bsl"]}),
        ("nhs-number", {"nhs_number": "1234567890"}),
        ("goals", {"goals": "x" * 501}),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    client: Client, clinic: Site, page: str, typed: dict[str, Any]
) -> None:
    draft = factories.draft(clinic, until=page)
    factories.enter(client, draft, at=NOON)
    before = draft.revision
    assert client.post(f"/form/{page}/", {**typed, "lock": "0"}).status_code == 422
    assert Response.objects.get(pk=draft.pk).revision == before


def test_control_signs_are_dropped_and_the_rest_is_kept(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="goals")
    factories.enter(client, draft, at=NOON)
    assert client.post("/form/goals/", {"goals": "Walk\x00 \x1b[31mfar", "lock": "0"}).status_code == 303
    assert answers_in(draft)["goals"] == "Walk [31mfar"


def test_answers_to_questions_that_are_not_asked_are_ignored(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="rf-infection")
    factories.enter(client, draft, at=NOON)
    typed = {"rf_infection": "no", "invented": "x", "psychosis_self": "yes", "lock": "0"}
    client.post("/form/rf-infection/", typed)
    assert {"invented", "psychosis_self"}.isdisjoint(answers_in(draft))


def test_a_page_of_a_closed_branch_saves_nothing(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="goals")
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/spasm-cause/", {"spasm_cause": "A trapped nerve", "lock": "0"})
    assert answer.status_code == 409
    assert b"A trapped nerve" in answer.content
    assert "spasm_cause" not in answers_in(draft)


def test_medicines_are_listed_or_none_but_not_both(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="medicines")
    factories.enter(client, draft, at=NOON)
    both = {"meds": "naproxen", "meds__none": "on", "lock": "0"}
    assert client.post("/form/medicines/", both).status_code == 422
    client.post("/form/medicines/", {"meds__none": "on", "lock": "0"})
    assert answers_in(draft)["meds"] == []
    client.post("/form/medicines/", {"meds": "naproxen\r\n\r\n warfarin  3 mg ", "lock": "1"})
    assert answers_in(draft)["meds"] == ["naproxen", "warfarin 3 mg"]


def test_a_stale_page_shows_both_answers_and_lets_one_choose(patient: Client, draft: Response) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "no", "lock": "0"})
    answer = patient.post("/form/rf-saddle/", {"rf_saddle": "old_checked", "lock": "0"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert '<dd class="nhsuk-summary-list__value">No</dd>' in page
    assert "a doctor has checked it" in page
    assert answers_in(draft)["rf_saddle"] == "no"
    lock = re.search(r'name="lock" value="(\d+)"', page)
    assert lock is not None
    patient.post("/form/rf-saddle/", {"rf_saddle": "old_checked", "lock": lock[1]})
    assert answers_in(draft)["rf_saddle"] == "old_checked"


def test_a_mistake_on_a_stale_page_does_not_make_it_a_fresh_one(patient: Client, draft: Response) -> None:
    left_open = hidden_in(patient.get("/form/rf-saddle/").content)
    patient.post("/form/rf-saddle/", {"rf_saddle": "no", "lock": "0"})
    again = patient.post("/form/rf-saddle/", left_open)  # blank: asked again
    assert again.status_code == 422
    answer = patient.post("/form/rf-saddle/", {**hidden_in(again.content), "rf_saddle": "old_checked"})
    assert answer.status_code == 409, "the answer of the other window was never seen here"
    assert answers_in(draft)["rf_saddle"] == "no"


def test_save_and_come_back_later_saves_first(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="your-contact")
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/your-contact/", {"phone": "07700 900123", "lock": "0", "later": "1"})
    assert answer.headers["Location"] == "/form/link/"
    assert answers_in(draft)["phone"] == "07700 900123"


def test_a_change_from_the_check_returns_to_the_check(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic)
    factories.enter(client, draft, at=NOON)
    typed = {"driving": "yes", "lock": str(draft.page_locks["driving"]), "then": "check"}
    assert client.post("/form/driving/", typed).headers["Location"] == "/form/check/"


def test_a_change_that_opens_questions_asks_them_before_the_check(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic)
    factories.enter(client, draft, at=NOON)
    lock = str(draft.page_locks["conditions"])
    answer = client.post("/form/conditions/", {"conditions": ["facial_nerve"], "lock": lock, "then": "check"})
    assert answer.headers["Location"] == "/form/rf-stroke/?then=check"


def test_answers_of_a_closed_branch_are_kept_and_said_not_to_count(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic, conditions=["muscle_spasm"], spasm_cause="A fall")
    factories.enter(client, draft, at=NOON)
    lock = str(draft.page_locks["conditions"])
    client.post("/form/conditions/", {"conditions": ["neck"], "lock": lock, "then": "check"})
    assert answers_in(draft)["spasm_cause"] == "A fall"
    page = text_of(client.get("/form/check/"))
    assert "Answers we will not use" in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_allowed(patient: Client, method: str) -> None:
    assert getattr(patient, method)("/form/rf-saddle/").status_code == 405


def test_a_request_larger_than_any_file_is_refused_before_it_is_read(patient: Client) -> None:
    answer = patient.generic(
        "POST",
        "/form/record-files/",
        b"",
        CONTENT_LENGTH=str(62 * 1024 * 1024),
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413


def test_a_title_says_nothing_about_the_person(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic, given_name="Quillfeather")
    factories.enter(client, draft, at=NOON)
    for address in ("/form/your-name/", "/form/check/", "/form/"):
        titles = re.findall(r"<title>(.*?)</title>", client.get(address).content.decode(), re.S)
        assert titles
        assert "Quillfeather" not in titles[0]


def test_a_page_costs_few_statements(
    client: Client, clinic: Site, django_assert_max_num_queries: Any
) -> None:
    draft = factories.finished_draft(clinic)
    factories.enter(client, draft, at=NOON)
    client.get("/form/goals/")
    with django_assert_max_num_queries(5):
        client.get("/form/goals/")
    with django_assert_max_num_queries(12):
        client.post("/form/goals/", {"goals": "Swim", "lock": str(draft.page_locks["goals"])})


def test_no_page_of_the_questionnaire_hides_behind_an_address_of_ours(clinic: Site) -> None:
    version = factories.published_version(clinic, factories.Kind.QUESTIONNAIRE)
    ours = {"advice", "check", "submit", "sent", "link", "leave", "file"}
    assert ours.isdisjoint(page.id for page in questionnaire_of(version).pages)


def test_medicines_are_written_one_at_a_time_changed_and_taken_out(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="medicines")
    factories.enter(client, draft, at=NOON)
    first = client.post("/form/medicines/", {"meds": "Naproxen", "more": "1", "lock": "0"})
    assert first.headers["Location"] == "/form/medicines/"
    page = text_of(client.get("/form/medicines/"))
    assert 'value="Naproxen"' in page
    assert 'value="meds-1"' in page
    assert 'value="meds-2"' not in page
    client.post("/form/medicines/", {"meds": ["Naproxen 500 mg", "Warfarin", ""], "more": "1", "lock": "1"})
    assert answers_in(draft)["meds"] == ["Naproxen 500 mg", "Warfarin"]
    left = client.post(
        "/form/medicines/", {"meds": ["Naproxen 500 mg", "Warfarin", ""], "drop": "meds-1", "lock": "2"}
    )
    assert left.headers["Location"] == "/form/medicines/"
    assert answers_in(draft)["meds"] == ["Warfarin"]
    client.post("/form/medicines/", {"meds": ["Warfarin", ""], "drop": "meds-1", "lock": "3"})
    assert "meds" not in {name for name, value in answers_in(draft).items() if value is not None}
    assert client.post("/form/medicines/", {"meds": [""], "lock": "4"}).status_code == 422


def test_enter_adds_another_medicine_and_removes_none(client: Client, clinic: Site) -> None:
    """A browser presses the first button of a form when Enter is hit in a box."""
    factories.enter(client, factories.finished_draft(clinic, meds=["Naproxen"]), at=NOON)
    form = text_of(client.get("/form/medicines/")).split("<form", 1)[1]
    assert 'name="more"' in form.split("<button", 2)[1].split(">")[0]


def test_the_main_pain_is_one_of_those_that_were_named(client: Client, clinic: Site) -> None:
    response = factories.draft(clinic, until="main-condition", conditions=["neck", "sciatica"])
    factories.enter(client, response, at=factories.NOON)
    page = client.get("/form/main-condition/").content.decode()
    assert re.findall(r'name="main_condition"[^>]*value="(\w+)"', page) == ["neck", "sciatica"]
    other = client.post("/form/main-condition/", {"main_condition": "low_back", "lock": "0"})
    assert other.status_code == 422


def test_a_main_pain_that_is_no_longer_named_stays_to_be_seen(client: Client, clinic: Site) -> None:
    response = factories.draft(clinic, until="goals", conditions=["neck", "sciatica"], main_condition="neck")
    factories.enter(client, response, at=factories.NOON)
    lock = str(response.page_locks["conditions"])
    client.post("/form/conditions/", {"conditions": ["sciatica", "crps"], "lock": lock})
    page = client.get("/form/main-condition/").content.decode()
    assert re.findall(r'name="main_condition"[^>]*value="(\w+)"', page) == ["neck", "sciatica", "crps"]


def test_each_of_several_answers_is_told_apart_when_checking(client: Client, clinic: Site) -> None:
    response = factories.finished_draft(clinic, conditions=["neuropathic", "neck"], goals="a < b")
    factories.enter(client, response, at=factories.NOON)
    page = client.get("/form/check/").content.decode()
    assert "<li>Neck pain</li>" in page, "apart from the others"
    assert "a &lt; b" in page
