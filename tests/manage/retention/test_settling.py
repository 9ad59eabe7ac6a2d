"""Two people settle what becomes of an old record; the pages of both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from unittest import mock

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from audit.selectors import trail_for_patient
from screening.cases.models import Case, Patient, Transition
from screening.intake.services.documents import path_of
from screening.manage.retention import services, views
from screening.manage.retention.models import Disposal, Outcome
from screening.manage.retention.selectors import old_records
from screening.review.services import Refused
from tests.components.markup import Page
from tests.factories.people import make_member, make_site, sign_in
from tests.factories.review import Clinician
from tests.factories.room import decided_case, replies
from tests.manage.retention.conftest import THEN

pytestmark = pytest.mark.django_db
LIST = "/staff/manage/records/"
UNTIL = {"until_day": "31", "until_month": "3", "until_year": "2040"}


def page(disposal: Disposal) -> str:
    return reverse("old-record", args=[disposal.pk])


def test_an_administrator_puts_forward_and_a_lead_clinician_deletes(
    past: Case, office: Client, surgery: Client
) -> None:
    reference, stored = past.reference, path_of(past.documents.get())
    assert stored.is_file()
    shown = office.get(LIST).content.decode()
    assert reference in shown
    assert "Turing" not in shown
    told = office.post(LIST, {"record": reference}, follow=True).content.decode()
    assert "1 record waits for a lead clinician." in told

    looked = {
        row.event
        for row in trail_for_patient(site=past.site, patient_id=past.patient_id, references=[reference])
    }
    assert Event.OLD_RECORDS_VIEWED in looked, "the person reads who looked"
    disposal = Disposal.objects.get()
    before = surgery.get(page(disposal)).content.decode()
    assert f"Open {reference} first" in before
    assert surgery.get(reverse("case", args=[reference])).status_code == 200
    gone = surgery.post(page(disposal), {"act": "delete", "looked": "on"}, follow=True)
    assert "This record is deleted." in gone.content.decode()
    assert not Case.objects.filter(reference=reference).exists()
    assert not Patient.objects.filter(pk=past.patient_id).exists()
    assert not stored.exists()

    disposal.refresh_from_db()
    assert (disposal.outcome, disposal.counts["case"], disposal.counts["files"]) == (Outcome.DELETED, 1, 1)
    certificate = office.get(page(disposal)).content.decode()
    assert "What was deleted" in certificate
    assert disposal.put_forward_by.name in certificate
    assert surgery.get(reverse("case", args=[reference])).status_code == 404
    assert set(AuditEvent.objects.filter(case_reference=reference).values_list("event", flat=True)) >= {
        Event.CASE_SUBMITTED,
        Event.RECORD_PUT_FORWARD,
        Event.RECORD_DELETION_AGREED,
        Event.RECORD_DELETED,
    }, "the trail stays"


def test_a_lead_clinician_sees_on_every_page_how_many_records_wait_for_them(
    site: Site, past: Case, waiting: Disposal, surgery: Client, office: Client
) -> None:
    def beside(client: Client) -> str:
        read = Page(client.get(LIST).content.decode())
        return next(link.text for link in read.all("a", href=LIST) if "Old records" in link.text)

    assert Disposal.objects.filter(site=site).count() == 1
    assert beside(surgery) == "Old records 1"
    assert beside(office) == "Old records", "who put it forward has nothing to do with it"
    elsewhere = sign_in(Client(), make_member(Role.LEAD_CLINICIAN, site=make_site()))
    assert beside(elsewhere) == "Old records", "another clinic's records wait for others"
    surgery.post(page(waiting), {"act": "keep", "reason": "A complaint.", **UNTIL})
    assert beside(surgery) == "Old records"


def test_those_who_wait_longest_stand_first(
    site: Site, past: Case, waiting: Disposal, office: Client, nine_years_later: dt.datetime
) -> None:
    clerk = Clinician.at(site, Role.ADMINISTRATOR)
    with mock.patch.object(views, "SHOWN", 1):
        decided = decided_case(site)
        services.put_forward(site=site, shown=[decided.reference], **clerk.who(nine_years_later))
        shown = office.get(LIST).content.decode()
    assert past.reference in shown
    assert decided.reference not in shown
    assert "These 1 wait longest." in shown


def test_nobody_deletes_what_they_have_not_opened_since(
    past: Case, doctor: Clinician, waiting: Disposal, nine_years_later: dt.datetime
) -> None:
    with pytest.raises(Refused, match="first"):
        services.agree_to_delete(disposal=waiting, **doctor.who(nine_years_later))
    doctor.opens(past, at=nine_years_later - dt.timedelta(days=1))
    with pytest.raises(Refused, match="first"):
        services.agree_to_delete(disposal=waiting, **doctor.who(nine_years_later))
    assert Case.objects.filter(pk=past.pk).exists()


def test_what_happens_in_between_keeps_the_record(
    past: Case, doctor: Clinician, waiting: Disposal, nine_years_later: dt.datetime
) -> None:
    doctor.opens(past, at=nine_years_later)
    replies(past, at=nine_years_later)
    with pytest.raises(Refused, match="since it was put forward"):
        services.agree_to_delete(disposal=waiting, **doctor.who(nine_years_later))


def test_a_record_that_is_kept_comes_up_again_on_its_day(
    site: Site, past: Case, waiting: Disposal, surgery: Client, nine_years_later: dt.datetime
) -> None:
    assert old_records(site=site, at=nine_years_later) == []
    wrong = surgery.post(page(waiting), {"act": "keep", "until_year": "2020", "reason": "A complaint."})
    assert wrong.status_code == 422
    assert "A complaint." in wrong.content.decode()
    kept = surgery.post(page(waiting), {"act": "keep", "reason": "A complaint.", **UNTIL}, follow=True)
    assert "Kept longer" in kept.content.decode()
    assert old_records(site=site, at=dt.datetime(2040, 3, 30, 12, tzinfo=dt.UTC)) == []
    assert len(old_records(site=site, at=dt.datetime(2040, 3, 31, 12, tzinfo=dt.UTC))) == 1
    late = surgery.post(page(waiting), {"act": "keep", "reason": "She is being treated.", **UNTIL})
    assert late.status_code == 409
    assert "She is being treated." in late.content.decode(), "what somebody wrote too late is theirs to copy"
    again = surgery.post(page(waiting), {"act": "delete", "looked": "on"})
    assert again.status_code == 409
    assert Case.objects.filter(pk=past.pk).exists()


def test_why_it_was_kept_longer_goes_with_the_record_and_never_before(
    site: Site, past: Case, waiting: Disposal, clerk: Clinician, doctor: Clinician, office: Client
) -> None:
    kept = {"until": dt.date(2040, 3, 31), "reason": "Ada Turing complains."}
    services.keep_longer(disposal=waiting, **kept, **doctor.who(THEN))
    assert "Ada Turing complains." in office.get(page(waiting)).content.decode()
    with pytest.raises(Error, match="settled once"), transaction.atomic():
        Disposal.objects.update(reason="")
    at = dt.datetime(2040, 4, 2, 12, tzinfo=dt.UTC)
    services.put_forward(site=site, shown=[past.reference], **clerk.who(at))
    doctor.opens(past, at=at)
    again = services.agree_to_delete(disposal=Disposal.objects.latest("id"), **doctor.who(at))
    with pytest.raises(Error, match="settled once"), transaction.atomic():
        Disposal.objects.filter(pk=waiting.pk).update(kept_until=at.date())
    services.delete_record(disposal=again, by=doctor.who(at)["by"], at=at)
    assert Disposal.objects.get(pk=waiting.pk).reason == ""
    left = office.get(page(waiting)).content.decode()
    assert "Kept until" in left
    assert "Why" not in left


def test_only_a_lead_clinician_settles_and_only_an_administrator_puts_forward(
    site: Site, past: Case, office: Client, surgery: Client, waiting: Disposal
) -> None:
    assert office.post(page(waiting), {"act": "delete", "looked": "on"}).status_code == 409
    assert office.post(page(waiting), {"act": "keep", "reason": "Mine.", **UNTIL}).status_code == 409
    assert surgery.post(LIST, {"record": past.reference}).status_code == 403
    for role in (Role.CLINICIAN, Role.QUESTIONNAIRE_MANAGER):
        other = sign_in(Client(), make_member(role, site=site))
        assert other.get(LIST).status_code == other.get(page(waiting)).status_code == 403


def test_a_file_that_cannot_go_keeps_the_record_and_it_can_be_tried_again(
    past: Case, waiting: Disposal, surgery: Client
) -> None:
    surgery.get(reverse("case", args=[past.reference]))
    with mock.patch.object(Path, "unlink", side_effect=PermissionError(13, "no")):
        answer = surgery.post(page(waiting), {"act": "delete", "looked": "on"})
    assert answer.status_code == 409
    assert "A file of this record could not be removed" in answer.content.decode()
    assert "Try again to delete it" in answer.content.decode()
    assert Case.objects.filter(pk=past.pk).exists()
    surgery.post(page(waiting), {"act": "again"})
    assert not Case.objects.filter(pk=past.pk).exists()


def test_the_database_lets_no_history_go_before_two_people_agreed(past: Case, waiting: Disposal) -> None:
    rows = Transition.objects.filter(case=past)
    with pytest.raises(Error, match="history is kept"), transaction.atomic():
        rows.delete()
    mine = {"outcome": "deleted", "settled_at": waiting.put_forward_at}
    with pytest.raises(Error, match="lead clinician"), transaction.atomic():
        Disposal.objects.update(**mine, settled_by=waiting.put_forward_by)
    clinician = make_member(Role.CLINICIAN, site=past.site)
    with pytest.raises(Error, match="lead clinician"), transaction.atomic():
        Disposal.objects.update(**mine, settled_by=clinician.user)
    lead = make_member(Role.LEAD_CLINICIAN, site=past.site)
    with pytest.raises(Error, match="settled once, for the records named"), transaction.atomic():
        Disposal.objects.update(**mine, settled_by=lead.user, patients=[])
    with pytest.raises(Error), transaction.atomic():
        Disposal.objects.all().delete()
    Disposal.objects.update(**mine, settled_by=lead.user)
    rows.delete()
    assert not Transition.objects.filter(case=past).exists()


def test_two_who_put_forward_at_once_name_a_record_once(
    site: Site, past: Case, clerk: Clinician, waiting: Disposal, nine_years_later: dt.datetime
) -> None:
    again = services.put_forward(site=site, shown=[past.reference], **clerk.who(nine_years_later))
    assert (again, Disposal.objects.count()) == (0, 1)
