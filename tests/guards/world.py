"""Two clinics with something in every room, and everybody who may knock at a door."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from screening.cases.models import Case, Response
from screening.followup.models import Reminder
from screening.followup.optout import optout_address
from screening.intake import services
from screening.intake.models import Document
from screening.manage.retention.models import Disposal
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import draft_version
from screening.review.appointments.models import Appointment
from screening.review.desk.models import Task
from tests.factories.drafts import drafted, weighed, with_caution
from tests.factories.followup import asked_for_link, planned, was_suppressed
from tests.factories.intake import (
    draft,
    enter,
    finished_draft,
    open_clinic,
    response_of,
    shipped,
    submitted_case,
)
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician
from tests.factories.room import wants_another_look

# Nobody is called so: where it turns up, something of theirs leaked.
FAMILY_NAME = "Quillfeather"
SECRET_TITLE = "Neutral messages of the other clinic"


class Who(StrEnum):
    ANONYMOUS = "anonymous"
    PATIENT = "patient"
    CLINICIAN = "clinician"
    LEAD = "lead clinician"
    MANAGER = "questionnaire manager"
    ADMINISTRATOR = "administrator"
    ENDED = "clinician whose access has ended"


ROLES = {
    Who.CLINICIAN: Role.CLINICIAN,
    Who.LEAD: Role.LEAD_CLINICIAN,
    Who.MANAGER: Role.QUESTIONNAIRE_MANAGER,
    Who.ADMINISTRATOR: Role.ADMINISTRATOR,
    Who.ENDED: Role.CLINICIAN,
}


@dataclasses.dataclass(frozen=True)
class Clinic:
    """One site: a form that can be sent, a case with a file, a draft of a version, a reminder."""

    site: Site
    draft: Response  # every page saved, not sent
    urgent: Response  # a draft with advice that was not read yet
    decided: Response  # sent, decided by two clinicians, a letter written
    asked: Response  # sent, and a clinician asked something back
    look: Case  # decided, and the patient asked for another look
    case: Case  # sent, waiting for a decision
    document: Document
    version: DefinitionVersion
    schedule: DefinitionVersion
    rewritten: DefinitionVersion  # a draft of the questionnaire
    rules: DefinitionVersion  # a draft that was tried on the case
    reminder: Reminder
    entered: Response  # begun by staff for a patient
    task: Task  # about the case, for anybody
    appointment: Appointment  # of the case, to come
    disposal: Disposal  # of the decided case

    @property
    def draft_document(self) -> Document:
        return self.draft.case.documents.get()

    @property
    def questionnaire(self) -> DefinitionVersion:
        return self.draft.version

    @property
    def stop_token(self) -> str:
        return urlsplit(optout_address(self.reminder)).path.removeprefix("/stop/").rstrip("/")


@dataclasses.dataclass(frozen=True)
class World:
    here: Clinic
    elsewhere: Clinic
    staff: dict[Who, Membership]
    cookies: dict[Who, str]

    def browser(self, who: Who, *, holding: str = "draft", **options: bool) -> Client:
        """A browser with the cookies of `who`: signed in, or inside the form it is `holding`."""
        client = Client(raise_request_exception=False, **options)
        if who is Who.PATIENT:
            return enter(client, getattr(self.here, holding), at=timezone.now())
        if who in self.cookies:
            client.cookies = SimpleCookie(self.cookies[who])
        return client


def make_clinic(title: str, *, code: str, family_name: str) -> Clinic:
    site = open_clinic()
    at = timezone.now()
    case = submitted_case(site, at=at, family_name=family_name)
    closed = decided(site, at=at)
    was_suppressed(case, at=at)
    reminded = asked_for_link(site, at=at)
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    return Clinic(
        site=site,
        urgent=urgent_draft(site, at=at),
        decided=closed,
        disposal=put_forward(closed.case, at=at),
        asked=asked(site, at=at),
        look=look_wanted(site, at=at),
        draft=finished_draft(site, at=at),
        case=case,
        document=case.documents.get(),
        entered=Clinician.at(site).enters(site, at=at, family_name=family_name),
        task=Clinician.at(site).notes_task(case, at=at),
        appointment=Clinician.at(site).books(case, at=at),
        version=draft_version(
            site=site,
            kind=Kind.MESSAGES,
            content={**shipped(Kind.MESSAGES), "title": title, "code": code},
            by=Actor.staff(author),
            at=at,
        ),
        schedule=draft_version(
            site=site,
            kind=Kind.SCHEDULE,
            content=shipped(Kind.SCHEDULE),
            by=Actor.staff(author),
            at=at,
        ),
        rewritten=draft_version(
            site=site,
            kind=Kind.QUESTIONNAIRE,
            content=shipped(Kind.QUESTIONNAIRE),
            by=Actor.staff(author),
            at=at,
        ),
        rules=tried_rules(site, by=author),
        reminder=planned(reminded.case, at=at + dt.timedelta(days=3), step="FU01"),
    )


def put_forward(case: Case, *, at: dt.datetime) -> Disposal:
    """Whoever is old enough for that cannot come about in a test of today."""
    return Disposal.objects.create(
        site=case.site,
        patients=[case.patient_id],
        references=[case.reference],
        last_contact=at.date(),
        put_forward_by=make_member(Role.ADMINISTRATOR, site=case.site).user,
        put_forward_at=at,
    )


def tried_rules(site: Site, *, by: Membership) -> DefinitionVersion:
    draft = drafted(site, Kind.RULESET, with_caution, by=by)
    weighed(draft, by=by)
    return draft


def urgent_draft(site: Site, *, at: dt.datetime) -> Response:
    response = draft(site, until="rf-saddle", at=at)
    services.save_page(
        response=response,
        page_id="rf-saddle",
        answers={"rf_saddle": "new_or_worse"},
        seen_lock=0,
        by=Actor.patient(response.patient_id),
        at=at,
    )
    return response


def decided(site: Site, *, at: dt.datetime) -> Response:
    case = submitted_case(site, at=at)
    first, second = Clinician.at(site), Clinician.at(site, Role.LEAD_CLINICIAN)
    first.takes(case, at=at)
    first.decides(case, at=at)
    second.opens(case, at=at)
    second.looks_second(case, at=at)
    second.books(case, at=at)
    return response_of(case)


def asked(site: Site, *, at: dt.datetime) -> Response:
    case = submitted_case(site, at=at)
    Clinician.at(site).asks(case, at=at, items=["dx_confirmed"])
    return response_of(case)


def look_wanted(site: Site, *, at: dt.datetime) -> Case:
    response = decided(site, at=at)
    wants_another_look(response.case, at=at)
    return response.case


def make_world() -> World:
    here = make_clinic("Messages of this clinic", code="default", family_name="Underwood")
    elsewhere = make_clinic(SECRET_TITLE, code="elsewhere", family_name=FAMILY_NAME)
    staff = {who: make_member(role, site=here.site) for who, role in ROLES.items()}
    cookies = {who: sign_in(Client(), member).cookies.output(header="") for who, member in staff.items()}
    ended = staff[Who.ENDED]
    ended.active = False
    ended.save(update_fields=["active"])
    return World(here, elsewhere, staff, cookies)
