"""Possible same persons: found by hashes, joined on purpose, taken apart without a trace in either record."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Patient
from screening.review.desk import joining, services
from screening.review.desk.models import SamePerson
from screening.review.services import Refused
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh

pytestmark = pytest.mark.django_db
MARY: dict[str, Any] = {"family_name": "Shelley", "dob": "1971-03-29", "nhs_number": None}
WHY = "Rang her: she filled the form in twice."


def mary(site: Site, **changes: Any) -> Case:
    return submitted_case(site, **{**MARY, **changes})


def joins(clinician: Clinician, case: Case, other: Case, reason: str = WHY) -> SamePerson:
    seen = fresh(case).lock
    return services.join_records(
        case=case, seen=seen, other=other.reference, reason=reason, **clinician.who()
    )


def parts(clinician: Clinician, case: Case, link: SamePerson) -> SamePerson:
    return services.part_records(case=case, link=link, reason="Twins.", **clinician.who())


def rows() -> list[tuple[Any, ...]]:
    """Everything that stands in the records and cases themselves."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for table in ("screening_patient", "screening_case", "screening_response", "screening_link"):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608  our own tables
            found += cursor.fetchall()
    return found


def test_the_same_name_and_birthday_or_the_same_number_is_possible(site: Site) -> None:
    one = mary(site)
    other = mary(site)
    assert joining.possible_cases(one) == [other]
    typed = [mary(site, family_name=name, dob="1940-05-01") for name in ("O’Neill", "Oneill")]
    assert joining.possible_cases(typed[0]) == [typed[1]], "one person, who typed it in two ways"
    number = "9434765919"
    numbered = [submitted_case(site, family_name=name, nhs_number=number) for name in ("Byron", "Lovelace")]
    assert joining.possible_cases(numbered[0]) == [numbered[1]]
    mary(site, dob="1971-03-28")
    mary(site, family_name="Godwin")
    mary(open_clinic())
    assert joining.possible_cases(one) == [other]


def test_records_without_a_name_or_number_fit_nobody(site: Site) -> None:
    case = mary(site)
    for patient in Patient.objects.filter(cases__in=[case, mary(site)]):
        patient.family_name_hash = patient.date_of_birth_hash = patient.nhs_number_hash = ""
        patient.save()
    assert joining.possible_cases(fresh(case)) == []


def test_joined_records_show_each_other_and_neither_is_changed(site: Site, clinician: Clinician) -> None:
    one, other = mary(site), mary(site, at=NOON + dt.timedelta(minutes=5))
    before = rows()
    link = joins(clinician, other, one)
    assert (link.kept, link.joined) == (one.patient, other.patient)
    assert joining.joined_cases(one) == [other]
    assert joining.joined_cases(other) == [one]
    assert joining.possible_cases(one) == []
    parts(clinician, one, link)
    assert rows() == before
    assert joining.joined_cases(one) == []
    assert joining.possible_cases(one) == [other]
    events = AuditEvent.objects.filter(event__startswith="patient_").order_by("id")
    assert [event.event for event in events] == [Event.PATIENT_MERGED, Event.PATIENT_UNMERGED]
    assert events[0].references == [one.reference]


def test_three_records_of_one_person_are_one_and_come_apart_where_they_were_joined(
    site: Site, clinician: Clinician
) -> None:
    one, two, three = (mary(site) for _ in range(3))
    joins(clinician, two, three)
    link = joins(clinician, one, three)
    assert joining.records_of(one.patient) == {one.patient_id, two.patient_id, three.patient_id}
    with pytest.raises(Refused, match="joined already"):
        joins(clinician, one, two)
    parts(clinician, one, link)
    assert joining.records_of(three.patient) == {two.patient_id, three.patient_id}


def test_what_does_not_fit_is_not_joined(site: Site, clinician: Clinician) -> None:
    one = mary(site)
    with pytest.raises(Refused, match="They stay two records"):
        joins(clinician, one, submitted_case(site, family_name="Godwin"))
    with pytest.raises(Refused, match="no other case"):
        joins(clinician, one, mary(open_clinic()))
    with pytest.raises(Refused, match="joined already"):
        joins(clinician, one, one)
    with pytest.raises(Refused, match="may not join"):
        joins(Clinician.at(site, Role.ADMINISTRATOR), one, mary(site))
    assert not SamePerson.objects.exists()


def test_what_was_taken_apart_is_taken_apart_once(site: Site, clinician: Clinician) -> None:
    one, other = mary(site), mary(site)
    link = joins(clinician, one, other)
    parts(clinician, one, link)
    with pytest.raises(Refused, match="already"):
        parts(clinician, one, link)
    joins(clinician, one, other)
    assert SamePerson.objects.count() == 2


def test_the_database_keeps_what_was_said(site: Site, clinician: Clinician) -> None:
    link = joins(clinician, mary(site), mary(site))
    for statement in (
        "DELETE FROM screening_sameperson",
        "UPDATE screening_sameperson SET kept_id = joined_id, joined_id = kept_id",
        "UPDATE screening_sameperson SET reason = undone_reason",
    ):
        refused = pytest.raises((ProgrammingError, IntegrityError))
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        SamePerson.objects.create(kept=link.kept, joined=link.joined, reason="Again.", by=link.by, at=link.at)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_join_the_same_records_at_once_one_does(site: Site) -> None:
    one, other = mary(site), mary(site)
    pair = [(Clinician.at(site), one, other), (Clinician.at(site), other, one)]
    start, results = threading.Barrier(2), []

    def join(clinician: Clinician, case: Case, mate: Case) -> None:
        start.wait()
        try:
            joins(clinician, case, mate)
            results.append("joined")
        except Refused:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=join, args=each) for each in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["joined", "refused"]


def test_the_pages_show_them_side_by_side_and_ask_for_both_references(
    client: Client, site: Site, clinician: Clinician
) -> None:
    one, other = mary(site, given_name="Mary"), mary(site, given_name="Marie")
    sign_in(client, clinician.membership)
    address = reverse("case-same-person", args=[one.reference])
    assert address in client.get(reverse("case", args=[one.reference])).content.decode()
    page = client.get(address).content.decode()
    assert "Mary Shelley" in page
    assert "Marie Shelley" in page
    looked = AuditEvent.objects.filter(event=Event.CASE_ACTION_OPENED).latest("id")
    assert (looked.case_reference, looked.references) == (one.reference, [other.reference])

    said = {"seen": fresh(one).lock, "here_typed": one.reference, "other": other.reference, "reason": WHY}
    for wrong in ({"here_typed": other.reference}, {"other": "AAAA-AAAA"}, {"reason": ""}):
        refused = client.post(address, {**said, **wrong})
        assert refused.status_code == 422
    assert WHY in client.post(address, {**said, "other": ""}).content.decode()
    stale = client.post(address, {**said, "seen": 0})
    assert (stale.status_code, WHY in stale.content.decode()) == (409, True)
    typed = {**said, "here_typed": one.reference.lower().replace("-", " ")}
    assert client.post(address, typed).status_code == 302
    page = client.get(address).content.decode()
    assert "Other cases of this person" in page
    link = SamePerson.objects.get()
    assert client.post(address, {"link": link.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"link": link.pk, "reason": "Twins."}).status_code == 302
    assert joining.joined_cases(one) == []
    assert (
        client.get(reverse("case-same-person", args=[submitted_case(open_clinic()).reference])).status_code
        == 404
    )


def test_a_case_that_fits_nobody_says_so(client: Client, case: Case, clinician: Clinician) -> None:
    sign_in(client, clinician.membership)
    page = client.get(reverse("case-same-person", args=[case.reference])).content.decode()
    assert "No other record fits" in page
    assert "Compare the two" not in client.get(reverse("case", args=[case.reference])).content.decode()


def test_a_third_record_is_pointed_out_beside_one_that_is_joined(
    client: Client, site: Site, clinician: Clinician
) -> None:
    one, other = mary(site), mary(site, at=NOON + dt.timedelta(minutes=1))
    joins(clinician, one, other)
    sign_in(client, clinician.membership)

    def page() -> str:
        return client.get(reverse("case", args=[one.reference])).content.decode()

    assert "Other cases of this person" in page()
    assert "Another record here" not in page()
    mary(site, at=NOON + dt.timedelta(minutes=2))
    assert "Other cases of this person" in page()
    assert "Another record here" in page()
