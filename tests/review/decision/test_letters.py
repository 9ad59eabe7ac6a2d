"""Letters: drafted from published texts, read before they go, never in a mail, to the GP only if agreed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.review.decision.services import Says
from screening.review.letters import views
from screening.review.letters.services import Written
from screening.review.models import Addressee, Letter
from screening.review.paper import can_make_pdf
from screening.review.services import Refused
from screening.rules.letters import ABOUT, Letters, filled
from tests.factories.intake import shipped, submitted_case
from tests.factories.review import Clinician, considered, fresh
from tests.factories.room import inside
from tests.review.decision.pages import at, posts, room_of, shown

REASONS = {"reasons": ["EXC_DURATION", "REASON_OTHER_CARE_FIRST"], "help": ["HELP_GP"]}
AGREES = {"says": Says.AGREE, "reason": "I agree."}


def declined(case: Case, clinician: Clinician, outcome: State = State.DECLINED) -> Case:
    clinician.takes(case)
    clinician.decides(case, outcome, considerations=considered(case, **REASONS))
    return case


@pytest.fixture
def room(lead: Clinician) -> Client:
    return room_of(lead)


def sends(room: Client, case: Case, **changes: Any) -> Any:
    room.get(at("case", case))
    return posts(room, "case-second", case, {**shown(room, "case-second", case), **AGREES, **changes})


def test_the_draft_gives_the_ticked_reasons_in_plain_words(
    room: Client, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    letter = shown(room, "case-second", case)["letter"]
    assert "• Your pain has not yet lasted longer than 3 months." in letter
    assert "What could change:\n• You can write to us again if the pain lasts" in letter
    assert "Where else there is help:\n• Your GP." in letter
    assert "{" not in letter
    assert clinician.membership.user.name not in letter, "nobody is named who has not signed it"


def test_an_offer_gives_no_reasons_and_leaves_no_gap(room: Client, case: Case, clinician: Clinician) -> None:
    declined(case, clinician, State.OFFERED_ASSESSMENT)
    letter = shown(room, "case-second", case)["letter"]
    assert "appointment with a specialist" in letter
    assert "\n\n\n" not in letter


def test_what_was_read_goes_at_once_and_what_was_changed_is_shown_first(
    room: Client, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    page = sends(room, case, letter="Dear Ada\n\nWe have read your answers.")
    assert page.status_code == 200
    assert "<p>We have read your answers.</p>" in page.content.decode()
    assert not Letter.objects.exists()
    data = page.context["form"].data
    again = {name: data[name] for name in ("letter", "gp_letter", "previewed")}
    assert sends(room, case, **again).status_code == 302
    assert Letter.objects.filter(to=Addressee.PATIENT).get().text.endswith("We have read your answers.")


def presses_again(room: Client, case: Case, page: Any) -> Any:
    """Sends what the page shows, as a browser would."""
    data = page.context["form"].data
    return room.post(at("case-second", case), {name: data[name] for name in data})


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (State.OFFERED_ASSESSMENT, "appointment with a specialist"),
        (State.DECLINED, "other care that we think"),
    ],
)
def test_a_letter_about_a_decision_that_was_made_anew_is_drafted_anew(
    room: Client, site: Site, case: Case, clinician: Clinician, outcome: State, says: str
) -> None:
    """The page was opened before somebody else sent the case back, and it was decided for other reasons."""
    declined(case, clinician)
    stale = {**shown(room, "case-second", case), **AGREES}
    other = Clinician.at(site, Role.LEAD_CLINICIAN)
    other.opens(case)
    other.looks_second(case, agrees=False)
    clinician.claims(case)
    clinician.decides(case, outcome)
    room.get(at("case", case))
    page = room.post(at("case-second", case), stale)
    for _press in range(3):
        if page.status_code == 302:
            break
        page = presses_again(room, case, page)
    assert page.status_code == 302
    letter = Letter.objects.get(to=Addressee.PATIENT)
    assert "Your pain has not yet lasted" not in letter.text
    assert says in letter.text


def test_words_of_ones_own_about_a_decision_made_anew_are_kept_and_shown_first(
    room: Client, site: Site, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    page = sends(room, case, letter="Dear Ada\n\nWe have read your answers.")
    data = page.context["form"].data
    other = Clinician.at(site, Role.LEAD_CLINICIAN)
    other.opens(case)
    other.looks_second(case, agrees=False)
    clinician.claims(case)
    clinician.decides(case, State.DECLINED)
    again = {name: data[name] for name in ("letter", "gp_letter", "previewed")}
    page = sends(room, case, **again)
    assert page.status_code == 200, "it was written about other reasons"
    assert page.context["form"].data["letter"].endswith("We have read your answers.")


def test_the_letter_names_its_template_and_its_reasons(
    room: Client, site: Site, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    assert sends(room, case).status_code == 302
    letter = Letter.objects.get(to=Addressee.PATIENT)
    assert letter.template == DefinitionVersion.objects.get(site=site, kind=Kind.LETTERS)
    assert letter.reasons == ["EXC_DURATION", "REASON_OTHER_CARE_FIRST"]


@pytest.mark.parametrize("word", ["You are eligible.", "Take paracetamol.", "CBD may help."])
def test_a_letter_names_no_medicine_and_promises_nothing(
    room: Client, case: Case, clinician: Clinician, lead: Clinician, word: str
) -> None:
    declined(case, clinician)
    page = sends(room, case, letter=f"Dear Ada. {word}")
    assert page.status_code == 422
    assert "letter" in page.context["form"].errors
    assert word in page.content.decode()
    with pytest.raises(Refused, match="may not say"):
        lead.looks_second(case, letter=word, at=timezone.now())


def test_the_gp_gets_a_letter_if_the_patient_agreed_and_its_copy_is_recorded(
    room: Client, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    assert sends(room, case).status_code == 302
    numbers = {letter.to: number for number, letter in enumerate(case.letters.all(), start=1)}
    address = reverse("case-letter", args=[case.reference, numbers["gp"]])
    assert "Not made yet" in room.get(address).content.decode()
    assert room.post(address, {}).status_code == 422
    assert room.post(address, {"made_as": "posted"}).status_code == 302
    assert Letter.objects.get(to=Addressee.GP).made_as == "posted"
    assert room.post(address, {"made_as": "printed"}).status_code == 409
    events = AuditEvent.objects.filter(event=Event.LETTER_SENT)
    assert [event.detail for event in events] == [{"to": "gp", "as": "posted"}]


def test_without_agreement_there_is_no_letter_to_the_gp(
    room: Client, site: Site, clinician: Clinician, lead: Clinician
) -> None:
    case = declined(submitted_case(site, gp_share="no"), clinician)
    assert "gp_letter" not in room.get(at("case-second", case)).context["form"].fields
    lead.opens(case)
    with pytest.raises(Refused, match="did not agree"):
        lead.looks_second(case, letters=Written("Dear Ada", "Dear colleague"))
    assert fresh(case).state == State.CLINICIAN_REVIEWED
    with (
        pytest.raises(DatabaseError, match="did not agree"),
        transaction.atomic(),
    ):
        Letter.objects.create(
            case=case, to=Addressee.GP, text="x", author=lead.membership.user, written_at=case.started_at
        )


def test_the_letter_to_the_gp_may_be_left_out(room: Client, case: Case, clinician: Clinician) -> None:
    declined(case, clinician)
    page = sends(room, case, gp_letter="")
    data = page.context["form"].data
    assert page.status_code == 200
    assert sends(room, case, gp_letter="", previewed=data["previewed"]).status_code == 302
    assert not Letter.objects.filter(to=Addressee.GP).exists()


def test_the_patient_reads_their_letter_and_not_the_one_to_the_gp(
    client: Client, room: Client, case: Case, clinician: Clinician
) -> None:
    declined(case, clinician)
    sends(room, case)
    assert Letter.objects.count() == 2
    browser = inside(client, fresh(case))
    assert "Your pain has not yet lasted" in browser.get(reverse("patient-letter", args=[1])).content.decode()
    assert browser.get(reverse("patient-letter", args=[2])).status_code == 404


def test_staff_read_a_letter_and_leave_a_line(room: Client, case: Case, clinician: Clinician) -> None:
    declined(case, clinician)
    sends(room, case)
    page = room.get(reverse("case-letter", args=[case.reference, 1]))
    assert "Your pain has not yet lasted" in page.content.decode()
    assert AuditEvent.objects.filter(event=Event.LETTER_OPENED, actor_kind="staff").count() == 1
    assert room.get(reverse("case-letter", args=[case.reference, 9])).status_code == 404


def test_a_letter_is_a_file_where_pdfs_can_be_made(room: Client, case: Case, clinician: Clinician) -> None:
    declined(case, clinician)
    sends(room, case)
    page = room.get(reverse("case-letter-pdf", args=[case.reference, 1]))
    if not can_make_pdf():
        assert page.status_code == 404
        return
    assert page.content.startswith(b"%PDF-")
    assert page["Content-Disposition"] == f'attachment; filename="{case.reference}-1.pdf"'


def test_the_file_holds_the_letter_and_nothing_around_it(
    room: Client, case: Case, clinician: Clinician, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The maker of PDFs is an extra: here it hands back the page it is given."""
    declined(case, clinician)
    sends(room, case)
    monkeypatch.setattr(views, "can_make_pdf", lambda: True)
    monkeypatch.setattr(views, "pdf_of", lambda html: html.encode())
    words = room.get(reverse("case-letter-pdf", args=[case.reference, 1])).content.decode()
    assert "Your pain has not yet lasted" in words
    assert "<form" not in words
    assert "Sign out" not in words


@pytest.mark.parametrize(
    "statement", ["UPDATE screening_letter SET text = 'x'", "DELETE FROM screening_letter"]
)
def test_a_letter_that_went_is_never_changed(
    case: Case, clinician: Clinician, lead: Clinician, statement: str
) -> None:
    declined(case, clinician)
    lead.opens(case)
    lead.looks_second(case)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def letters_with(**changes: Any) -> Letters:
    return Letters.model_validate({**shipped(Kind.LETTERS), **changes})


def test_the_shipped_letters_speak_of_every_outcome_to_both() -> None:
    letters = letters_with()
    assert all(letters.letter(about, to) for about in ABOUT for to in ("patient", "gp"))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"letters": []}, "letters"),
        ({"reasons": [{"code": "A", "title": "a", "text": "You are not eligible."}]}, "may not say"),
        ({"help": [{"code": "A", "title": "a", "text": "Try ibuprofen."}]}, "may not say"),
        ({"help": [{"code": "EXC_AGE", "title": "a", "text": "b"}]}, "there twice"),
    ],
)
def test_letters_that_must_not_be_published_are_refused(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        letters_with(**changes)


def test_a_name_that_looks_like_a_placeholder_stays_a_name() -> None:
    assert filled("Dear {name}\n\n{help}\n\nBye", {"name": "{phone}", "phone": "1"}) == "Dear {phone}\n\nBye"
