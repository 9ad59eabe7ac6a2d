"""A case passes from hand to hand: given, taken over, and never dropped while it is urgent and unseen."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.services import LEASE, Stale
from screening.review import services
from screening.review.desk import selectors
from screening.review.desk import services as desk
from screening.review.desk.models import Handover
from screening.review.selectors import View, worklist
from screening.review.services import Refused
from tests.factories.intake import open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.urgent import say, urgent_draft

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def releases(clinician: Clinician, case: Case, *, at: dt.datetime = LATER) -> Case:
    return services.release(case=case, seen=fresh(case).lock, **clinician.who(at))


@pytest.fixture
def urgent(site: Site) -> Case:
    return submitted_case(site, rf_saddle="new_or_worse")


def test_a_case_handed_over_is_on_the_list_of_the_colleague_with_its_note(
    site: Site, case: Case, clinician: Clinician
) -> None:
    ben = Clinician.at(site)
    clinician.takes(case)
    clinician.hands_over(case, ben, "She prefers mornings.")
    held = fresh(case)
    assert (held.claimed_by_id, held.lease_until) == (ben.membership.user_id, LATER + LEASE)
    found = worklist(site=site, view=View.MINE, user_id=ben.membership.user_id, at=LATER)
    assert [each.reference for each in found.cases] == [case.reference]
    (seen,) = selectors.changed_hands(site=site, user_id=ben.membership.user_id, at=LATER)
    assert (seen.reason, seen.taken) == ("She prefers mornings.", False)
    event = AuditEvent.objects.filter(case_reference=case.reference).latest("id")
    assert (event.event, event.detail["to"]) == (Event.CASE_HANDED_OVER, ben.membership.user_id)


def test_a_case_goes_only_to_a_colleague_who_may_work_on_it_here(
    site: Site, case: Case, clinician: Clinician
) -> None:
    clinician.takes(case)
    gone = Clinician.at(site)
    gone.membership.active = False
    gone.membership.save()
    elsewhere = Clinician.at(open_clinic())
    for other in (gone, elsewhere, clinician, Clinician.at(site, Role.QUESTIONNAIRE_MANAGER)):
        with pytest.raises(Refused, match="cannot work on cases of this site"):
            clinician.hands_over(case, other)
    assert fresh(case).claimed_by_id == clinician.membership.user_id


def test_only_who_holds_a_case_hands_it_over(site: Site, case: Case, clinician: Clinician) -> None:
    with pytest.raises(Refused, match="Only the person working on a case"):
        clinician.hands_over(case, Clinician.at(site))
    clinician.takes(case)
    with pytest.raises(Refused, match="Only the person working on a case"):
        clinician.hands_over(case, Clinician.at(site), at=LATER + LEASE)


def test_a_case_is_taken_over_from_somebody_absent_who_reads_why(
    site: Site, case: Case, clinician: Clinician
) -> None:
    ben = Clinician.at(site)
    clinician.takes(case)
    with pytest.raises(Refused, match="is working on this case"):
        ben.claims(case)
    ben.takes_over(case, "She is ill today.")
    assert fresh(case).claimed_by_id == ben.membership.user_id
    (seen,) = selectors.changed_hands(site=site, user_id=clinician.membership.user_id, at=LATER)
    assert (seen.taken, seen.reason) == (True, "She is ill today.")
    assert not selectors.changed_hands(site=site, user_id=ben.membership.user_id, at=LATER)


def test_there_is_nothing_to_take_over_from_nobody(site: Site, case: Case, clinician: Clinician) -> None:
    ben = Clinician.at(site)
    with pytest.raises(Refused, match="Nobody is working on this case"):
        ben.takes_over(case)
    clinician.takes(case)
    with pytest.raises(Refused, match="Nobody is working on this case"):
        ben.takes_over(case, at=LATER + LEASE)
    with pytest.raises(Refused, match="already"):
        clinician.takes_over(case)
    with pytest.raises(Refused, match="may not"):
        Clinician.at(site, Role.ADMINISTRATOR).takes_over(case)


def test_a_lapsed_claim_frees_the_case_for_anybody(site: Site, case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    ben = Clinician.at(site)
    ben.claims(case, at=LATER + LEASE)
    assert fresh(case).claimed_by_id == ben.membership.user_id


def test_an_urgent_case_is_not_put_back_before_its_answers_were_opened(
    site: Site, urgent: Case, clinician: Clinician
) -> None:
    clinician.claims(urgent)
    clinician.rings(urgent)
    with pytest.raises(Refused, match="have not opened"):
        releases(clinician, urgent)
    clinician.opens(urgent)
    releases(clinician, urgent)
    assert fresh(urgent).claimed_by is None


def test_an_urgent_case_is_not_put_back_before_somebody_rang(urgent: Case, clinician: Clinician) -> None:
    clinician.takes(urgent)
    with pytest.raises(Refused, match="no call is recorded"):
        releases(clinician, urgent)
    clinician.rings(urgent)
    releases(clinician, urgent)


def test_an_answer_that_was_being_saved_as_the_case_was_opened_is_neither_put_back_nor_cleared(
    client: Client, site: Site, clinician: Clinician
) -> None:
    response = urgent_draft(site, at=timezone.now() - HOUR)
    case = response.case
    room, address = sign_in(client, clinician.membership), reverse("case", args=[case.reference])
    began = timezone.now()
    room.get(address)
    say(response, "rf_bladder", "new_or_worse", at=began)
    clinician.claims(case, at=timezone.now())
    clinician.rings(case, at=timezone.now())
    with pytest.raises(Refused, match="have not opened"):
        releases(clinician, case, at=timezone.now())
    with pytest.raises(Refused, match="have not opened"):
        clinician.clears(case, at=timezone.now())
    page = room.get(reverse("case-clear", args=[case.reference])).content.decode()
    assert "A safety answer came in that you have not opened" in page
    room.get(address)
    clinician.clears(case, at=timezone.now())
    assert not case.red_flags.filter(cleared_at__isnull=True).exists()


def test_an_urgent_case_may_be_handed_over_unseen(site: Site, urgent: Case, clinician: Clinician) -> None:
    clinician.claims(urgent)
    clinician.hands_over(urgent, Clinician.at(site))


def test_a_new_urgent_answer_asks_for_a_new_look_and_a_new_call(site: Site, clinician: Clinician) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician.takes(case)
    clinician.rings(case)
    case.red_flags.update(raised_at=LATER + HOUR)  # as if another answer had come in an hour later
    with pytest.raises(Refused, match="have not opened"):
        releases(clinician, case, at=LATER + HOUR * 2)
    clinician.opens(case, at=LATER + HOUR * 2)
    with pytest.raises(Refused, match="no call is recorded"):
        releases(clinician, case, at=LATER + HOUR * 2)


def test_an_answer_that_only_waits_for_a_call_holds_nobody(site: Site, clinician: Clinician) -> None:
    case = submitted_case(site, rf_suicide="prefer_not")
    clinician.claims(case)
    releases(clinician, case)


def test_a_page_that_is_behind_passes_nothing_on(site: Site, case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    seen = fresh(case).lock
    clinician.hands_over(case, Clinician.at(site))
    with pytest.raises(Stale):
        services.release(case=case, seen=seen, **clinician.who())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_case_over_at_once_one_has_it(site: Site) -> None:
    case = submitted_case(site)
    absent, *pair = (Clinician.at(site) for _ in range(3))
    absent.takes(case)
    start, results = threading.Barrier(2), []

    def take(clinician: Clinician, seen: int) -> None:
        start.wait()
        try:
            desk.take_over(case=case, seen=seen, reason="Ill.", **clinician.who())
            results.append("took")
        except Stale:
            results.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(each, fresh(case).lock)) for each in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["stale", "took"]
    assert Handover.objects.count() == 1


def test_what_changed_hands_is_never_rewritten(site: Site, case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    handover = clinician.hands_over(case, Clinician.at(site))
    for statement in ("UPDATE screening_handover SET taken = true", "DELETE FROM screening_handover"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [handover.pk])


def test_the_page_says_why_and_keeps_what_was_typed(client: Client, site: Site, clinician: Clinician) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    at = timezone.now()
    clinician.claims(case, at=at)
    sign_in(client, clinician.membership)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "no call is recorded. Record it, or hand the case to a colleague." in page
    ben = Clinician.at(site)
    seen = fresh(case).lock
    ben.takes_over(case, at=at)
    said = {"seen": seen, "to": ben.membership.user_id, "note": "She prefers mornings."}
    answer = client.post(reverse("case-hand-over", args=[case.reference]), said)
    assert answer.status_code == 409
    assert "She prefers mornings." in answer.content.decode()
    history = client.get(reverse("case", args=[case.reference])).content.decode()
    assert f"{ben.membership.user.name} took the case over from {clinician.membership.user.name}" in history
    assert "She is ill today." in client.get(reverse("tasks")).content.decode()


@pytest.mark.parametrize("name", ["case-hand-over", "case-take-over", "case-call", "case-task"])
def test_another_site_finds_nothing(client: Client, case: Case, name: str) -> None:
    sign_in(client, Clinician.at(open_clinic()).membership)
    assert client.get(reverse(name, args=[case.reference])).status_code == 404
    assert client.post(reverse(name, args=[case.reference])).status_code == 404
