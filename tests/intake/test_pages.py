"""The pages over HTTP: what is kept, what is refused and where one lands."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Case, Patient, RedFlag, Response
from screening.intake import services, session
from screening.questionnaires.selectors import questionnaire_of
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in

pytestmark = pytest.mark.usefixtures("noon")


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def born(year: str = "1980", **more: str) -> dict[str, str]:
    return {"dob_day": "1", "dob_month": "1", "dob_year": year, "nation": "england"} | more


# --- before a draft ---------------------------------------------------------------------------------


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


# --- a session --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/form/", "/form/rf-saddle/", "/form/check/", "/form/sent/", "/form/advice/", "/form/link/"]
)
def test_without_a_session_every_page_says_how_to_come_back(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Please use your link again" in text_of(answer)


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 404)])
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
    assert patient.get("/form/").status_code == 404


def test_leaving_ends_the_session_and_keeps_the_answers(patient: Client, draft: Response) -> None:
    answer = patient.post("/form/leave/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert patient.get("/form/").status_code == 404
    assert answers_in(draft)["helper"] == "myself"


def test_starting_again_changes_the_session_key(client: Client, clinic: Site) -> None:
    client.post(reverse("intake-start", args=[clinic.slug]), born())
    first = client.session.session_key
    client.post(reverse("intake-start", args=[clinic.slug]), born())
    assert client.session.session_key != first
    assert Response.objects.count() == 2


# --- pages ------------------------------------------------------------------------------------------


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
    assert answer.headers["Location"] == "/form/"
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
        CONTENT_LENGTH=str(40 * 1024 * 1024),
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


# --- the end ----------------------------------------------------------------------------------------


def test_pressing_send_twice_shows_the_same_reference(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic)
    factories.enter(client, draft, at=NOON)
    seen = set()
    for _ in range(2):
        answer = client.post("/form/submit/", follow=True)
        assert answer.status_code == 200
        seen |= set(re.findall(r"[2-9B-Z]{4}-[2-9B-Z]{4}", text_of(answer)))
    assert seen == {draft.case.reference}
    assert Case.objects.get().transitions.count() == 2


def test_sending_with_a_needed_answer_missing_says_which(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.finished_draft(clinic, cs6=None), at=NOON)
    answer = client.post("/form/submit/")
    assert answer.status_code == 422
    assert "My answers are true and complete" in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, "usually within 5 working days", "We still need to know"),
        ({"psychosis_self": "yes"}, "usually within 5 working days", "We still need to know"),
        ({"onset": None}, "When your pain began", "5 working days"),
        ({"rf_saddle": "new_or_worse"}, "Please do not wait for us", "5 working days"),
    ],
)
def test_the_receipt_is_honest_about_what_happens_next(
    client: Client, clinic: Site, changes: dict[str, Any], said: str, unsaid: str
) -> None:
    response = factories.response_of(factories.submitted_case(clinic, **changes))
    page = text_of(factories.enter(client, response, at=NOON).get("/form/sent/"))
    assert said in page
    assert unsaid not in page
    assert "eligible" not in page.lower()


def test_a_sent_form_shows_its_receipt_on_every_page(client: Client, clinic: Site) -> None:
    response = factories.response_of(factories.submitted_case(clinic))
    factories.enter(client, response, at=NOON)
    for address in ("/form/", "/form/goals/", "/form/check/", "/form/link/"):
        assert client.get(address).headers["Location"] == "/form/sent/"


def test_a_withdrawn_form_is_gone_and_says_so(patient: Client, draft: Response) -> None:
    services.withdraw(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    assert patient.get("/form/").status_code == 410


def test_a_link_is_one_page_whatever_it_is(client: Client, draft: Response) -> None:
    good = services.issue_link(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    tokens = (good, "x" * 43)
    wrong = {"date_of_birth_day": "2", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
    assert len({without_tokens(client.get(f"/go/{token}/")) for token in tokens}) == 1
    assert len({without_tokens(client.post(f"/go/{token}/", wrong)) for token in tokens}) == 1
    assert session.SESSION_KEY not in client.session


def without_tokens(response: Any) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", response.content.decode())


def test_a_link_opens_the_draft_in_a_new_session(client: Client, draft: Response) -> None:
    token = services.issue_link(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    typed = {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
    answer = client.post(f"/go/{token}/", typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/form/")
    assert client.get("/form/").status_code == 200


# --- treatments -------------------------------------------------------------------------------------


def test_a_treatment_is_asked_in_parts_that_follow_its_answers(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments")
    factories.enter(client, draft, at=NOON)
    first = {"class": "injection", "for_this_pain": "yes", "lock": "0"}
    answer = client.post("/form/treatments/add/", first)
    assert answer.headers["Location"] == "/form/treatments/1/?part=2"
    page = client.get("/form/treatments/1/?part=2").content.decode()
    assert 'name="weeks_since"' in page
    assert 'name="dose_ok"' not in page
    assert answers_in(draft)["treatments"] == [{"class": "injection", "for_this_pain": "yes"}]


def test_an_entry_that_is_not_there_is_not_found(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.draft(clinic, until="treatments"), at=NOON)
    assert client.get("/form/treatments/1/").status_code == 404
    assert client.get("/form/treatments/0/").status_code == 404
    assert client.get("/form/goals/1/").status_code == 404


def test_removing_an_entry_asks_first(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments-all")
    factories.enter(client, draft, at=NOON)
    page = text_of(client.get("/form/treatments/1/remove/"))
    assert "naproxen" in page
    assert len(answers_in(draft)["treatments"]) == 2
    client.post("/form/treatments/1/remove/", {"lock": str(draft.page_locks["treatments"])})
    assert [entry["class"] for entry in answers_in(draft)["treatments"]] == ["physical"]


def test_no_treatment_at_all_is_an_answer_and_no_blank(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments")
    factories.enter(client, draft, at=NOON)
    assert client.post("/form/treatments/", {"lock": "0"}).status_code == 422
    assert client.post("/form/treatments/", {"treatments__none": "on", "lock": "0"}).status_code == 303
    assert answers_in(draft)["treatments"] == []


def test_a_file_of_somebody_else_cannot_be_removed(
    client: Client, clinic: Site, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    other = factories.draft(clinic, until="hospitals")
    document = other.case.documents.get()
    factories.enter(client, factories.draft(clinic, until="hospitals"), at=NOON)
    assert client.post(reverse("intake-file-remove", args=[document.pk])).status_code == 404
    document.refresh_from_db()
    assert document.removed_at is None


def test_files_are_added_through_the_page(client: Client, clinic: Site, settings: Any, tmp_path: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from screening.intake.filling import PAPER

    settings.MEDIA_ROOT = tmp_path
    draft = factories.draft(clinic, until="record-files", record_files=[])
    factories.enter(client, draft, at=NOON)
    lying = {"record_files": SimpleUploadedFile("letter.pdf", b"MZ program"), "upload": "1", "lock": "0"}
    assert client.post("/form/record-files/", lying).status_code == 422
    good = {"record_files": SimpleUploadedFile("letter.pdf", PAPER), "upload": "1", "lock": "0"}
    answer = client.post("/form/record-files/", good)
    assert answer.headers["Location"] == "/form/record-files/"
    assert "letter.pdf" in text_of(client.get("/form/record-files/"))


# --- advice -----------------------------------------------------------------------------------------


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
    answer = patient.post("/form/advice/", {"read": "on", "phone": "07700 900123"})
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
    client.post("/form/advice/", {"read": "on"})
    assert client.get("/form/").status_code == 200
