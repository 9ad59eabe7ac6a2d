"""Staff bring the words of a version in another language, approve them and offer them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from screening.cases.models import Response
from screening.manage.languages import WAITING, LanguageRow, units_of
from screening.questionnaires.models import DefinitionVersion, Kind, TranslatedText, Translation
from screening.questionnaires.selectors import journey_in, journey_of, languages_offered
from screening.questionnaires.services import change_draft
from tests.factories.intake import NOON, open_clinic, published_version, submitted_case
from tests.factories.people import make_member, sign_in
from tests.words.pseudo import ACCENTS, CODE, pseudo

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Site:
    return open_clinic()


@pytest.fixture
def version(clinic: Site) -> DefinitionVersion:
    return published_version(clinic, Kind.QUESTIONNAIRE)


@pytest.fixture
def writer(clinic: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic))


@pytest.fixture
def leader(clinic: Site) -> Membership:
    return make_member(Role.LEAD_CLINICIAN, site=clinic)


@pytest.fixture
def lead(leader: Membership) -> Client:
    return sign_in(Client(), leader)


def address(version: DefinitionVersion, what: str = "") -> str:
    return f"/staff/manage/versions/{version.kind}/{version.code}/{version.number}/languages/{CODE}/{what}"


def table(client: Client, version: DefinitionVersion) -> list[dict[str, str]]:
    """The file as a translator opens it."""
    return list(
        csv.DictReader(io.StringIO(client.get(address(version, "file/")).content.decode("utf-8-sig")))
    )


def as_file(rows: list[dict[str, str]], delimiter: str = ",") -> SimpleUploadedFile:
    written = io.StringIO()
    sheet = csv.DictWriter(written, ["place", "source", "translation"], delimiter=delimiter)
    sheet.writeheader()
    sheet.writerows(rows)
    return SimpleUploadedFile("words.csv", written.getvalue().encode())


def in_pseudo(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every word but the one that people text back."""
    kept = "STOP"
    return [
        {**row, "translation": pseudo(row["source"]).replace(kept.translate(ACCENTS), kept)} for row in rows
    ]


def test_a_file_goes_out_comes_back_is_approved_and_offered(
    writer: Client, lead: Client, leader: Membership, version: DefinitionVersion, clinic: Site
) -> None:
    # Given the words of a translator
    rows = table(writer, version)
    assert len(rows) > 600
    assert {row["translation"] for row in rows} == {""}
    sent = writer.post(address(version, "add/"), {"file": as_file(in_pseudo(rows))})
    assert sent.status_code == 302
    page = lead.get(address(version)).content.decode()
    assert "Waits for approval" in page
    assert "Have you noticed numbness" in page

    # When a lead clinician ticks and approves a warning sign, of all that the page shows
    shown = TranslatedText.objects.filter(place__startswith="item.rf_saddle.").values_list("pk", flat=True)
    unticked = lead.post(address(version, "approve/"), follow=True)
    assert "Tick the words that you have read." in unticked.content.decode()
    assert not TranslatedText.objects.filter(approved_by__isnull=False).exists()
    ticked = {"text": [",".join(map(str, sorted(shown)))]}
    assert f'value="{ticked["text"][0]}"' in page
    assert writer.post(address(version, "approve/"), ticked).status_code == 403
    assert lead.post(address(version, "approve/"), ticked).status_code == 302
    assert TranslatedText.objects.filter(approved_by__isnull=False).count() == len(shown)

    # Then patients read it in the language that is offered from then on
    source = journey_of(version).questionnaire.item("rf_saddle").text
    assert journey_in(version, CODE).questionnaire.item("rf_saddle").text == pseudo(source)
    assert set(TranslatedText.objects.filter(pk__in=shown).values_list("approved_by", flat=True)) == {
        leader.user_id
    }
    assert lead.post(address(version, "offer/"), {"offered": "yes"}).status_code == 302
    assert languages_offered(site=clinic) == [CODE]
    assert lead.post(address(version, "offer/"), {"offered": "no"}).status_code == 302
    assert languages_offered(site=clinic) == []


def test_a_text_that_no_number_holds_is_not_approved(lead: Client, version: DefinitionVersion) -> None:
    sent = lead.post(address(version, "approve/"), {"text": ["9" * 5000]}, follow=True)
    assert "Those words changed meanwhile" in sent.content.decode()


def test_a_file_with_a_mistake_is_taken_not_even_in_part(writer: Client, version: DefinitionVersion) -> None:
    good = {"place": "page.start.title", "source": "Two facts to begin", "translation": "[Ţŵó]"}
    wrong = (
        [good, {"place": "page.nowhere.title", "source": "x", "translation": "[ẋ]"}],
        [good, {"place": "advice.ae_spine.text.1", "source": "Call {emergency}", "translation": "[Çáļļ]"}],
        [good, {"place": "page.start.text", "source": "x", "translation": "[" + "x" * 4001 + "]"}],
    )
    for rows in wrong:
        answer = writer.post(address(version, "add/"), {"file": as_file(rows)})
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()
    for content in (b"\xff\xfe\x00", b"a,b\n1,2\n", b'place,source,translation\n"open'):
        file = SimpleUploadedFile("words.csv", content)
        assert writer.post(address(version, "add/"), {"file": file}).status_code == 422
    assert not Translation.objects.exists()


def test_words_made_from_an_older_text_come_in_as_stale(writer: Client, version: DefinitionVersion) -> None:
    old = {"place": "page.start.title", "source": "Three facts to begin", "translation": "[Ţĥŕéé]"}
    assert writer.post(address(version, "add/"), {"file": as_file([old])}).status_code == 302
    assert "Out of date: the source changed" in writer.get(address(version)).content.decode()
    assert journey_in(version, CODE).questionnaire.page("start").title == "Two facts to begin"
    assert (
        next(row for row in table(writer, version) if row["place"] == "page.start.title")["translation"] == ""
    )


def test_the_words_stand_in_the_order_in_which_the_form_asks(version: DefinitionVersion) -> None:
    units = [unit.name for unit in units_of(version, None)]
    asked = [
        name
        for page in journey_of(version).questionnaire.pages
        for name in (f"page.{page.id}", *(f"item.{item.id}" for item in page.items))
    ]
    assert len(set(units)) == len(units), "what is read together stands together"
    assert [name for name in units if name in asked] == [name for name in asked if name in units]


def test_a_language_that_is_not_installed_has_no_page(writer: Client, version: DefinitionVersion) -> None:
    assert writer.get(address(version).replace(CODE, "fr")).status_code == 404


def test_the_table_of_a_new_draft_holds_the_words_that_it_begins_with(
    writer: Client, lead: Client, version: DefinitionVersion, clinic: Site
) -> None:
    assert writer.post(address(version, "add/"), {"file": as_file(in_pseudo(table(writer, version)))})
    writer.post(f"/staff/manage/versions/questionnaire/{version.code}/{version.number}/draft/")
    draft = DefinitionVersion.objects.get(site=clinic, code=version.code, number=version.number + 1)
    rows = table(writer, draft)
    assert rows == [{**row, "translation": pseudo(row["source"])} for row in rows]
    page = lead.get(address(draft)).content.decode()
    assert "Waits for approval" in page
    assert "Approve the ticked words" not in page, "they are the words of the version before"


def test_every_message_comes_back_as_it_went_out(writer: Client, clinic: Site) -> None:
    version = published_version(clinic, Kind.MESSAGES)
    rows = in_pseudo(table(writer, version))
    assert any(row["source"].endswith("\n") for row in rows), "a mail ends with the end of a line"
    assert writer.post(address(version, "add/"), {"file": as_file(rows)}).status_code == 302
    (made,) = Translation.objects.all()
    assert {unit.state for unit in units_of(version, made)} == {WAITING}


def test_a_message_that_could_not_be_sent_is_refused(writer: Client, clinic: Site) -> None:
    version = published_version(clinic, Kind.MESSAGES)
    rows = {row["place"]: row for row in in_pseudo(table(writer, version))}
    text, subject = rows["message.nudge.sms.text"], rows["message.nudge.email.subject"]
    assert "STOP" in text["source"]
    stopless = {**text, "translation": text["translation"].replace("STOP", "ŠŢÓÞ")}
    for wrong, sentence in (
        (stopless, "Keep the word STOP"),
        ({**text, "translation": text["translation"] + "ŵ" * 200}, "Shorten what is sent as more than 4"),
        ({**subject, "translation": "[Ýóúŕ\nƒóŕɱ]"}, "Keep the subject in one line"),
    ):
        answer = writer.post(address(version, "add/"), {"file": as_file([wrong])})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Translation.objects.exists()


def test_a_table_with_semicolons_is_read_as_well(writer: Client, version: DefinitionVersion) -> None:
    rows = [{"place": "page.start.title", "source": "Two facts to begin", "translation": "[Ţŵó; ţŵó, ţŵó]"}]
    content = as_file(rows, delimiter=";")
    assert writer.post(address(version, "add/"), {"file": content}).status_code == 302
    assert TranslatedText.objects.get().text == "[Ţŵó; ţŵó, ţŵó]"


def test_staff_read_the_name_of_a_language_that_they_do_not_speak(settings: Settings, clinic: Site) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "ar")]
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    assert [row.name for row in LanguageRow.all_of(version) if row.code == "ar"] == [
        "Arabic (\N{FIRST STRONG ISOLATE}العربيّة\N{POP DIRECTIONAL ISOLATE})"
    ]
    case = submitted_case(clinic)
    Response.objects.filter(case=case).update(language="ar")
    clinician = sign_in(Client(), make_member(site=clinic))
    assert "Arabic (" in clinician.get(f"/staff/cases/{case.reference}/").content.decode()


def test_whoever_publishes_reads_how_many_texts_are_no_longer_in_the_other_language(
    writer: Client, lead: Client, version: DefinitionVersion, clinic: Site
) -> None:
    writer.post(address(version, "add/"), {"file": as_file(in_pseudo(table(writer, version)))})
    writer.post(f"/staff/manage/versions/questionnaire/{version.code}/{version.number}/draft/")
    draft = DefinitionVersion.objects.get(site=clinic, code=version.code, number=version.number + 1)
    content = {**draft.content, "title": "A form with another name"}
    change_draft(version=draft, content=content, lock=draft.lock, by=Actor.system("test"), at=NOON)
    page = lead.get(f"/staff/manage/versions/questionnaire/{draft.code}/{draft.number}/before/")
    assert re.search(
        r"1 text out of date, 0 not translated, [1-9]\d* wait for approval", page.content.decode()
    )
