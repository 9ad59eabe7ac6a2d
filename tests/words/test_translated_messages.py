"""Mails and the sentences of rules follow the language in which somebody began their form."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Response
from screening.followup.models import Reminder
from screening.followup.optout import optout_address
from screening.followup.services import REMINDERS, new_owner, plan, send_due
from screening.intake import services
from screening.intake.services.mailing import ask_to_confirm
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import languages_offered, ruleset_of, texts_of
from screening.questionnaires.services import Written, add_translations, approve_translations
from tests.factories.followup import asked_for_link, planned, reachable_case
from tests.factories.intake import (
    NOON,
    enter,
    finished_draft,
    open_clinic,
    published_version,
    response_of,
    submitted_case,
)
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician
from tests.words.extraction import messages
from tests.words.pseudo import CODE, pseudo, write_catalogue

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
OnCommit = Callable[..., object]
# What is merged in stays as it is: names, links and times.
PLAIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def clinic() -> Site:
    return open_clinic(name="Harbour Clinic", neutral_sender="Harbour Clinic")


@pytest.fixture
def catalogue(settings: Settings, tmp_path: Path) -> None:
    write_catalogue(messages(), tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale"]


def say(clinic: Site, kind: Kind, *, approved: bool = True) -> None:
    version = published_version(clinic, kind)
    writer, lead = make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic), make_member(site=clinic)
    texts = [Written(place.name, place.source, pseudo(place.source)) for place in texts_of(version)]
    made = add_translations(version=version, language=CODE, texts=texts, by=Actor.staff(writer), at=NOON)
    if approved:
        rows = list(made.texts.values_list("pk", flat=True))
        approve_translations(translation=made, texts=rows, by=Actor.staff(lead), at=NOON)


def reads_pseudo(response: Response) -> Response:
    Response.objects.filter(pk=response.pk).update(language=CODE)
    response.language = CODE
    return response


def english_in(text: str) -> set[str]:
    text = re.sub(r"https://\S+", "", text)
    return set(PLAIN.findall(text)) - {"Harbour", "Clinic"}


@pytest.mark.parametrize("approved", [True, False])
def test_a_reminder_is_in_the_language_of_the_form_once_a_person_approved_it(
    clinic: Site, approved: bool
) -> None:
    say(clinic, Kind.MESSAGES, approved=approved)
    response = reads_pseudo(asked_for_link(clinic))
    reminder: Reminder = planned(response.case, at=NOON + DAY, step="FU01")
    assert send_due(now=lambda: NOON + DAY, owner=new_owner()) == {"sent": 1}
    sent = mail.outbox[-1]
    assert reminder.case_id == response.case_id
    assert "https://testserver/go/" in sent.body
    if approved:
        assert english_in(f"{sent.subject} {sent.body}") == set()
    else:
        assert sent.subject == "Your form is saved"


def test_a_mail_in_the_source_names_the_day_in_the_source_too(clinic: Site, catalogue: None) -> None:
    say(clinic, Kind.MESSAGES, approved=False)
    case = reads_pseudo(response_of(reachable_case(clinic, at=NOON))).case
    Clinician.at(clinic).books(case, at=NOON, starts_at=NOON + 21 * DAY)
    plan(as_of=NOON, by=REMINDERS)
    send_due(now=lambda: NOON + dt.timedelta(minutes=1), owner=new_owner())
    (sent,) = (mailed for mailed in mail.outbox if mailed.subject == "Your appointment")
    assert sent.body.isascii()
    assert f"{NOON + 21 * DAY:%A}" in sent.body


def test_a_link_asks_for_the_date_of_birth_in_the_language_of_the_form_on_any_device(
    client: Client, clinic: Site, catalogue: None
) -> None:
    """A browser that has never been here: nothing was chosen in it."""
    response = reads_pseudo(asked_for_link(clinic))
    at = timezone.now()
    token = services.issue_link(case=response.case, by=Actor.patient(response.patient_id), at=at)
    wrong = {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": "1901"}
    for page in (client.get(f"/go/{token}/"), client.post(f"/go/{token}/", wrong)):
        assert pseudo("Open your page") in page.content.decode()
        assert page.headers["Content-Language"] == CODE
    assert "Open your page" in client.get("/go/unknown/").content.decode()
    born = dt.date.fromisoformat(response.patient.date_of_birth)
    right = {f"date_of_birth_{part}": str(getattr(born, part)) for part in ("day", "month", "year")}
    assert client.post(f"/go/{token}/", right).status_code == 303
    assert client.cookies["language"].value == CODE, "the pages beside the form follow it"


def test_the_line_that_an_instrument_asks_for_says_in_which_language_it_is(
    client: Client, clinic: Site, catalogue: None
) -> None:
    response = reads_pseudo(finished_draft(clinic))
    enter(client, response, at=timezone.now())
    page = client.get("/form/peg/").content.decode()
    assert re.search(r'<p [^>]*lang="en-GB">PEG scale', page)


def test_the_page_that_stops_reminders_is_in_the_language_of_the_form(
    client: Client, clinic: Site, catalogue: None
) -> None:
    response = reads_pseudo(asked_for_link(clinic))
    reminder = planned(response.case, at=NOON + DAY, step="FU01")
    path = optout_address(reminder).removeprefix("https://testserver")
    for page in (client.get(path), client.post(path)):
        words = page.content.decode().partition("<main")[2].partition(">")[2]
        assert english_in(re.sub(r"<[^>]+>", "", words)) == set()


def test_whoever_reads_the_source_gets_it(clinic: Site) -> None:
    say(clinic, Kind.MESSAGES)
    planned(asked_for_link(clinic).case, at=NOON + DAY, step="FU01")
    send_due(now=lambda: NOON + DAY, owner=new_owner())
    assert mail.outbox[-1].subject == "Your form is saved"


def test_mails_of_the_code_follow_the_form_and_not_who_presses(
    clinic: Site, catalogue: None, django_capture_on_commit_callbacks: OnCommit
) -> None:
    response = reads_pseudo(asked_for_link(clinic))
    by = Actor.patient(response.patient_id)
    with override("en-gb"), django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        services.mail_new_link(case=response.case, records=(), by=by, at=NOON)
        services.send_link(response=response, email="sam@example.org", by=by, at=NOON)
        ask_to_confirm(case=response.case, by=by, at=NOON)
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert english_in(f"{message.subject} {message.body}") == set()
        assert "https://testserver/go/" in message.body


def test_what_is_missing_is_said_in_the_language_of_the_form(client: Client, clinic: Site) -> None:
    case = submitted_case(clinic, records="will_send", record_files=[])
    assert case.outcome == "more_info"
    response = reads_pseudo(response_of(case))
    rules = ruleset_of(published_version(clinic, Kind.RULESET))
    sentence = next(rule.patient for rule in rules.rules if rule.code == "INF_RECORDS")
    assert sentence is not None
    enter(client, response, at=timezone.now())
    for path in ("/form/sent/", "/room/"):
        source = client.get(path).content.decode()
        assert f'<span lang="en-GB">{html.escape(sentence)}' in source, f"{path} says which language it is"
    say(clinic, Kind.RULESET, approved=False)
    for path in ("/form/sent/", "/room/"):
        source = html.unescape(client.get(path).content.decode())
        assert pseudo(sentence) in source
        assert sentence not in source


def test_words_of_messages_are_brought_like_those_of_the_form_and_are_not_offered(clinic: Site) -> None:
    version = published_version(clinic, Kind.MESSAGES)
    lead = sign_in(Client(), make_member(Role.LEAD_CLINICIAN, site=clinic))
    page = f"/staff/manage/versions/messages/{version.code}/{version.number}/languages/{CODE}/"
    assert "follow the language in which somebody began the form" in lead.get(page).content.decode()
    assert lead.post(f"{page}offer/", {"offered": "yes"}).status_code == 404
    say(clinic, Kind.MESSAGES, approved=False)
    assert "Approve the ticked words" in lead.get(page).content.decode()
    assert languages_offered(site=clinic) == []
    schedule = published_version(clinic, Kind.SCHEDULE)
    nowhere = page.replace("messages", "schedule").replace(version.code, schedule.code)
    assert lead.get(nowhere).status_code == 404
