"""Makes the happenings true in the database, as directly as rows allow: real forms would take days."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import F

from accounts.actors import Actor
from accounts.encryption import lookup_hash
from accounts.models import Role, Site
from screening.cases.models import Case, Patient, Response, ResponseStatus
from screening.cases.references import new_reference
from screening.followup.models import Channel, OptOut, Subject, SuppressedFor, Suppression
from screening.followup.services import end_suppression, suppress
from screening.intake.models import Document
from screening.review.appointments.models import Appointment, AppointmentState, TreatmentStart
from screening.review.models import InformationRequest, Message
from tests.factories.followup import asked_for_link
from tests.factories.intake import open_clinic
from tests.factories.people import make_member
from tests.simulation.life import DAY, Happening, Traits, appointment_time


class World:
    """The clinic with its people. `keys` remembers the row of each question, message and appointment."""

    def __init__(self, traits: dict[int, Traits], *, at: dt.datetime) -> None:
        self.site: Site = open_clinic()
        self.clinician = make_member(Role.CLINICIAN, site=self.site)
        self.user = self.clinician.user
        pattern = Response.objects.select_related("patient", "case").get(
            pk=asked_for_link(self.site, at=at, email="pattern@example.org").pk
        )
        self.pattern = [_values(row) for row in (pattern.patient, pattern.case, pattern)]
        Case.objects.filter(pk=pattern.case_id).update(state="expired", closed_at=at - 400 * DAY)
        self.traits = traits
        self.people: dict[int, uuid.UUID] = {}
        self.cases: dict[int, int] = {}
        self.keys: dict[tuple[int, str, int], Any] = {}
        self.started: dict[int, dt.date] = {}

    def happen(self, one: Happening) -> None:
        """What cannot happen to a case any more, since it is closed, happens to the person all the same."""
        with transaction.atomic():
            getattr(self, f"_{one.kind}")(one)

    def _begin(self, one: Happening) -> None:
        who, patient, case, response = self.traits[one.person], *self.pattern
        email = f"person{one.person}@example.org"
        patient |= {
            "email": email,
            "email_hash": lookup_hash(email),
            "phone": f"+447700{one.person:06d}" if who.phone else None,
            "contact_by_email": who.by_email,
            "contact_by_sms": who.by_sms,
            "reminders_wanted": True,
            "nation": who.nation,
            "created_at": one.at,
        }
        person = Patient.objects.create(**patient)
        case |= {
            "patient": person,
            "reference": new_reference(),
            "started_at": one.at,
            "waiting_since": one.at,
        }
        row = Case.objects.create(**case)
        response |= {"patient": person, "case": row, "started_at": one.at, "last_activity_at": one.at}
        Response.objects.create(**response)
        self.people[one.person], self.cases[one.person] = person.pk, row.pk

    def _activity(self, one: Happening) -> None:
        Response.objects.filter(case=self.cases[one.person], occasion="").update(last_activity_at=one.at)

    def _submit(self, one: Happening) -> None:
        responses = Response.objects.filter(case=self.cases[one.person], occasion="")
        done = {"status": ResponseStatus.COMPLETED, "submitted_at": one.at}
        responses.update(answers={"records": "will_send", "records_request": "no"}, **done)
        Patient.objects.filter(pk=self.people[one.person]).update(email_verified_at=one.at)
        self._case(one, state="awaiting_review", submitted_at=one.at)

    def _expire(self, one: Happening) -> None:
        Response.objects.filter(case=self.cases[one.person], occasion="").update(
            status=ResponseStatus.STOPPED
        )
        self._case(one, state="expired", closed_at=one.at)

    def _documents(self, one: Happening) -> None:
        response = Response.objects.get(case=self.cases[one.person], occasion="")
        wanted = {field.name for field in Document._meta.concrete_fields}
        values = {"case_id": response.case_id, "response": response, "item": "records", "uploaded_at": one.at}
        values |= {"size": 1, "media_type": "application/pdf", "sha256": "0" * 64, "scan": "clean"}
        Document.objects.create(**{k: v for k, v in values.items() if k.removesuffix("_id") in wanted})
        self._news(one)

    def _asked(self, one: Happening) -> None:
        self.keys[one.person, "asked", one.number] = InformationRequest.objects.create(
            case_id=self.cases[one.person], asked_by=self.user, asked_at=one.at
        ).pk

    def _answered(self, one: Happening) -> None:
        asked = InformationRequest.objects.filter(pk=self.keys[one.person, "asked", one.number])
        asked.update(answered_at=one.at)
        self._news(one)

    def _message(self, one: Happening) -> None:
        self.keys[one.person, "message", one.number] = Message.objects.create(
            case_id=self.cases[one.person], author=self.user, sent_at=one.at, text="x"
        ).pk

    def _read(self, one: Happening) -> None:
        Message.objects.filter(pk=self.keys[one.person, "message", one.number]).update(read_at=one.at)

    def _close(self, one: Happening) -> None:
        self._case(one, state="signposted", closed_at=one.at)

    def _withdrew(self, one: Happening) -> None:
        Patient.objects.filter(pk=self.people[one.person]).update(withdrawn_at=one.at)
        self._case(one, state="withdrawn", closed_at=one.at)

    def _treated(self, one: Happening) -> None:
        self.started[one.person] = one.at.date()
        TreatmentStart.objects.create(
            case_id=self.cases[one.person], day=one.at.date(), entered_by=self.user, entered_at=one.at
        )

    def _appointment(self, one: Happening) -> None:
        self.keys[one.person, "appointment", one.number] = Appointment.objects.create(
            case_id=self.cases[one.person], kind="first", way="video", place="x", minutes=30,
            starts_at=appointment_time(one.at), booked_by=self.user, booked_at=one.at,
        ).pk  # fmt: skip

    def _cancelled(self, one: Happening) -> None:
        self._settle(one, AppointmentState.CANCELLED)

    def _missed(self, one: Happening) -> None:
        self._settle(one, AppointmentState.MISSED)

    def _settle(self, one: Happening, state: AppointmentState) -> None:
        booked = Appointment.objects.filter(pk=self.keys[one.person, "appointment", one.number])
        booked.update(state=state, settled_at=one.at, settled_by=self.user)

    def _measured(self, one: Happening) -> None:
        """A later form is sent, in time or late."""
        key = f"{self.cases[one.person]}:{self.started[one.person]:%Y%m%d}"
        times = {"started_at": one.at, "last_activity_at": one.at, "submitted_at": one.at}
        whose = {"patient_id": self.people[one.person], "case_id": self.cases[one.person]}
        form = {"occasion": f"FU{one.number}/{key}", "status": ResponseStatus.COMPLETED}
        Response.objects.create(**{**self.pattern[2], **whose, **times, **form})
        self._news(one)

    def _opted_out(self, one: Happening) -> None:
        for channel in Channel:
            OptOut.objects.create(
                patient_id=self.people[one.person], channel=channel, subject=Subject.REMINDERS, at=one.at
            )

    def _died(self, one: Happening) -> None:
        self._suppress(one, SuppressedFor.DECEASED)

    def _complaint(self, one: Happening) -> None:
        self._suppress(one, SuppressedFor.COMPLAINT)

    def _suppress(self, one: Happening, reason: SuppressedFor) -> None:
        case = Case.objects.select_related("site").get(pk=self.cases[one.person])
        suppress(case=case, reason=reason, note="", membership=self.clinician, by=self._staff(), at=one.at)

    def _complaint_over(self, one: Happening) -> None:
        standing = Suppression.objects.get(patient=self.people[one.person], reason=SuppressedFor.COMPLAINT)
        case = Case.objects.select_related("site").get(pk=self.cases[one.person])
        who = {"membership": self.clinician, "by": self._staff()}
        end_suppression(standing=standing, case=case, because="x", at=one.at, **who)

    def _moved(self, one: Happening) -> None:
        email = f"moved{one.person}@example.org"
        Patient.objects.filter(pk=self.people[one.person]).update(email=email, email_hash=lookup_hash(email))

    def _staff(self) -> Actor:
        return Actor.staff(self.clinician)

    def _news(self, one: Happening) -> None:
        """The patient sent something, and the case moved on: also for a message that is about to leave."""
        Case.objects.filter(pk=self.cases[one.person]).update(lock=F("lock") + 1)

    def _case(self, one: Happening, **changes: Any) -> None:
        """A closed case stays closed: whatever happens after the end happens to nobody's case."""
        case = Case.objects.filter(pk=self.cases[one.person], closed_at=None)
        with pgtrigger.ignore("screening.Case:case_final_needs_decision"):
            case.update(lock=F("lock") + 1, **changes)


def _values(row: Any) -> dict[str, Any]:
    return {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if not f.primary_key}
