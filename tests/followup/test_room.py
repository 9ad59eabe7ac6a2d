"""The room's doors that need the reminders: contact choices, and the copy of everything."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Response
from screening.followup import schedule as rules
from screening.followup.histories import histories
from screening.followup.models import Channel, OptOut, Reminder, ReminderState, Subject
from screening.followup.room import records
from screening.followup.services import ContactChoices, choose_contact, contact_choices
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import questionnaire_of, schedule_of
from screening.review.room import services
from screening.review.services import add_note
from screening.rules.schedule import ScheduleStep
from tests.factories.intake import (
    NOON,
    draft,
    enter,
    open_clinic,
    published_version,
    response_of,
    submitted_case,
)
from tests.factories.review import Clinician
from tests.factories.room import LATE, amends, decided_case, replies, wants_another_look
from tests.followup.test_later_forms import sent
from tests.followup.times import DAY
from tests.words.pseudo import CODE

pytestmark = pytest.mark.django_db
BOTH = frozenset({Channel.EMAIL, Channel.SMS})
PARTS = {
    "person",
    "standing",
    "answers",
    "later_forms",
    "corrections",
    "statements",
    "urgent_answers",
    "documents",
    "messages",
    "questions",
    "decisions",
    "letters",
    "appointments",
    "looks",
    "notices",
    "history",
    "revisions",
    "who_looked",
}


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def case(site: Site) -> Case:
    case = submitted_case(site)
    patient = case.patient
    patient.email, patient.phone = "ada@example.org", "07700 900123"
    patient.contact_by_email = patient.reminders_wanted = True
    patient.save()
    return case


def chooses(case: Case, *wanted: tuple[str, str], channels: frozenset[str] = BOTH) -> None:
    choose_contact(
        case=case,
        chosen=ContactChoices(frozenset(channels), frozenset(wanted)),
        by=Actor.patient(case.patient_id),
        at=LATE,
    )
    case.patient.refresh_from_db()


def test_each_kind_is_chosen_for_each_way(case: Case) -> None:
    chooses(case, (Subject.REMINDERS, Channel.EMAIL))
    assert contact_choices(case.patient) == ContactChoices(
        BOTH, frozenset({(Subject.REMINDERS, Channel.EMAIL)})
    )
    assert case.patient.contact_by_sms
    assert not case.patient.reinvitation_wanted
    off = set(OptOut.objects.filter(ended_at__isnull=True).values_list("subject", "channel"))
    assert (Subject.REMINDERS, Channel.SMS) in off
    assert (Subject.REMINDERS, Channel.EMAIL) not in off
    assert AuditEvent.objects.filter(event=Event.CONTACT_PREFERENCE_CHANGED).count() == 1


def test_switching_on_again_ends_what_was_switched_off_and_keeps_its_row(case: Case) -> None:
    chooses(case)
    chooses(case, (Subject.REMINDERS, Channel.EMAIL), (Subject.REINVITATION, Channel.SMS))
    ended = OptOut.objects.get(subject=Subject.REMINDERS, channel=Channel.EMAIL)
    assert ended.ended_at == LATE
    assert case.patient.reinvitation_wanted


def test_saving_the_same_choices_leaves_no_second_line(case: Case) -> None:
    chooses(case, (Subject.REMINDERS, Channel.EMAIL))
    chooses(case, (Subject.REMINDERS, Channel.EMAIL))
    assert AuditEvent.objects.filter(event=Event.CONTACT_PREFERENCE_CHANGED).count() == 1


def steps(site: Site) -> list[ScheduleStep]:
    return list(schedule_of(published_version(site, Kind.SCHEDULE)).steps)


def test_no_message_of_the_clinic_and_no_appointment_can_be_switched_off(site: Site) -> None:
    care = [step for step in steps(site) if step.kind in ("message", "appointment")]
    assert {"FU04", "FU04-message", "FU05", "FU06"} <= {step.code for step in care}
    assert [step.code for step in care if rules.subject_of(step)] == []
    assert [step.code for step in care if "opted_out" in step.stop_when] == []


def test_not_even_when_an_older_version_names_the_condition(site: Site) -> None:
    fu05 = next(step for step in steps(site) if step.code == "FU05")
    older = fu05.model_copy(update={"stop_when": (*fu05.stop_when, "opted_out")})
    assert rules.subject_of(older) == ""


def test_the_page_says_what_is_always_sent_and_why(client: Client, case: Case) -> None:
    page = (
        enter(client, response_of(case), at=timezone.now()).get(reverse("patient-contact")).content.decode()
    )
    assert "Messages from a clinician" in page
    assert "missing one could harm you" in page
    assert "ada@example.org" in page


def test_no_way_at_all_is_refused_and_the_rest_stays_ticked(client: Client, case: Case) -> None:
    enter(client, response_of(case), at=timezone.now())
    page = client.post(reverse("patient-contact"), {"reminders": "sms"})
    assert page.status_code == 422
    assert 'value="sms" checked' in page.content.decode().replace('" checked="checked"', '" checked')
    assert not OptOut.objects.exists()


def test_choices_over_http(client: Client, case: Case) -> None:
    enter(client, response_of(case), at=timezone.now())
    typed = {"channels": ["email", "sms"], "reminders": ["sms"]}
    assert client.post(reverse("patient-contact"), typed).status_code == 303
    case.patient.refresh_from_db()
    assert contact_choices(case.patient).wanted == {(Subject.REMINDERS, Channel.SMS)}


def whole(site: Site) -> Case:
    """A case in which everything has happened."""
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician = Clinician.at(site)
    clinician.takes(case)
    clinician.clears(case)
    amends(case, answers={"goals": "Walk to the shop"}, reason="Better words")
    replies(case, "I moved house.")
    clinician.books(case)
    clinician.starts(case, NOON.date())
    sent(Case.objects.select_related("site", "patient").get(pk=case.pk), at=NOON + 30 * DAY)
    return case


def copied(client: Client, case: Case) -> dict[str, object]:
    answer = enter(client, response_of(case), at=timezone.now()).get(reverse("patient-copy-json"))
    assert answer["Cache-Control"] == "no-store"
    assert answer.streaming
    return json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined, no-any-return]


def test_the_copy_has_every_part(client: Client, site: Site) -> None:
    case = whole(site)
    copy = copied(client, case)
    assert set(copy) >= PARTS
    text = json.dumps(copy)
    for said in ("Walk to the shop", "Better words", "I moved house.", case.reference):
        assert said in text
    for part in PARTS - {"questions", "decisions", "letters", "looks", "notices"}:
        assert copy[part], part
    assert AuditEvent.objects.filter(event=Event.COPY_TAKEN).count() == 1


def test_the_file_is_written_in_the_language_of_the_form(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    Response.objects.filter(case=case).update(language=CODE)
    monkeypatch.setattr(records, "person", lambda case: [{"language": get_language()}])
    assert copied(client, case)["person"] == [{"language": CODE}]


def test_every_save_of_every_page_is_in_the_copy(client: Client, case: Case) -> None:
    copy = copied(client, case)
    assert len(copy["revisions"]) == response_of(case).revision  # type: ignore[arg-type]


def test_the_page_and_the_file_say_the_same(client: Client, site: Site) -> None:
    case = decided_case(site)
    wants_another_look(case)
    copy = copied(client, case)
    page = client.get(reverse("patient-copy")).content.decode()
    assert "Dear Ada" in page
    assert "My diagnosis has changed." in page
    assert copy["letters"][0]["words"] in page  # type: ignore[index]


def test_a_first_decision_is_in_no_copy_before_the_second(client: Client, site: Site) -> None:
    case = submitted_case(site)
    clinician = Clinician.at(site)
    clinician.takes(case)
    clinician.decides(case, reason="Too early to say in public.")
    copy = copied(client, case)
    assert copy["decisions"] == []
    assert "Too early to say" not in json.dumps(copy)


def test_notes_between_clinicians_are_not_in_the_copy_and_the_page_says_how_to_ask(
    client: Client, case: Case
) -> None:
    clinician = Clinician.at(case.site)
    add_note(case=case, key=uuid.uuid4(), text="Quillfeather rang twice.", **clinician.who(LATE))
    assert "Quillfeather" not in json.dumps(copied(client, case))
    assert "Notes that clinicians make" in client.get(reverse("patient-copy")).content.decode()


def test_a_draft_has_a_copy_too(client: Client, site: Site) -> None:
    copy = copied(client, draft(site).case)
    assert copy["answers"]
    assert copy["letters"] == []


def test_a_message_of_the_clinic_is_announced_once_and_not_after_it_was_read(site: Site, case: Case) -> None:
    clinician = Clinician.at(site)
    at = LATE
    services.write_to_patient(case=case, key=uuid.uuid4(), text="Please ring us.", **clinician.who(at))
    case.patient.email_verified_at = at
    case.patient.save()
    case.refresh_from_db()

    def due() -> list[str]:
        history = histories([case], as_of=at)[case.pk]
        schedule = schedule_of(published_version(site, Kind.SCHEDULE))
        found = rules.due(history, schedule, as_of=at, horizon=dt.timedelta(days=2))
        return [each.template for each in found if each.step == "FU04-message"]

    assert due() == ["message"]
    services.read_messages(case=case, by=Actor.patient(case.patient_id), at=at)
    assert due() == []


def test_the_copy_says_choices_statements_and_notices_in_words_and_not_in_codes(
    client: Client, case: Case
) -> None:
    wanted = frozenset({(Subject.REINVITATION, Channel.SMS)})
    chosen = ContactChoices(channels=BOTH, wanted=wanted)
    choose_contact(case=case, chosen=chosen, by=Actor.patient(case.patient_id), at=LATE)
    version = published_version(case.site, Kind.SCHEDULE)
    step = next(each for each in schedule_of(version).steps if each.template)
    Reminder.objects.create(
        site=case.site,
        patient=case.patient,
        case=case,
        schedule=version,
        step=step.code,
        occurrence="1",
        channel=Channel.SMS,
        template=step.template or "",
        due_at=NOON,
        created_at=NOON,
        state=ReminderState.SENT,
        sent_at=LATE,
    )
    copy = copied(client, case)
    person = {row["what"]: row["is"] for row in copy["person"]}  # type: ignore[attr-defined]
    assert person["Ways to reach you"] == "Email, Text message"
    assert person["Messages you want"] == "Being asked to fill in the form again later (Text message)"
    assert copy["notices"][0]["text"] == step.title  # type: ignore[index]
    texts = {each.id: each.text for each in questionnaire_of(response_of(case).version).statements}
    for row in copy["statements"]:  # type: ignore[attr-defined]
        assert row["statement"] == texts[row["code"]].replace("{clinic}", case.site.name)
        assert row["answer"] in ("Yes", "No")
