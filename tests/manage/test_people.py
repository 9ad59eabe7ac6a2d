"""Who works here: invited by mail, changed by somebody else, and gone from one moment to the next."""

from __future__ import annotations

import datetime as dt
import re
import threading
from smtplib import SMTPException
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role, Site, User
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.services import publish_version
from tests.factories.intake import submitted_case
from tests.factories.people import make_member, make_site, sign_in
from tests.factories.review import Clinician, fresh

INVITE = "/staff/manage/people/invite/"
WANTED = {"name": "Dr Ana Ruiz", "email": "ana.ruiz@example.org", "role": "clinician"}
PASSWORD = "a harbour at half past four"


def page(member: Membership) -> str:
    return reverse("person", args=[member.pk])


def link_in(body: str) -> str:
    found = re.search(r"https?://\S+", body)
    assert found is not None
    return urlsplit(found[0]).path


def invited(administrator: Client, **changes: str) -> Membership:
    assert administrator.post(INVITE, {**WANTED, **changes}).status_code == 302
    return Membership.objects.latest("id")


def test_somebody_invited_chooses_a_password_and_is_led_to_a_second_step(
    site: Site, administrator: Client
) -> None:
    member = invited(administrator)
    assert (member.site, member.role, member.user.name) == (site, "clinician", "Dr Ana Ruiz")
    assert not member.user.has_usable_password()
    (letter,) = mail.outbox
    assert letter.to == ["ana.ruiz@example.org"]
    assert site.neutral_sender in letter.subject
    assert "Invited" in administrator.get(reverse("people")).content.decode()

    ana = Client()
    form = ana.get(link_in(letter.body), follow=True)
    done = ana.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert done.status_code == 302
    assert ana.post("/accounts/login/", {"login": WANTED["email"], "password": PASSWORD}).status_code == 302
    assert ana.get(reverse("worklist")).url.startswith(reverse("mfa_activate_totp")), "no page without it"
    assert "Active" in administrator.get(page(member)).content.decode()
    event = AuditEvent.objects.get(event=Event.MEMBER_INVITED)
    assert event.detail == {"member": member.pk, "role": "clinician"}


def test_the_link_works_once(administrator: Client) -> None:
    invited(administrator)
    path = link_in(mail.outbox[0].body)
    first = Client()
    form = first.get(path, follow=True)
    first.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    again = Client().get(path, follow=True)
    assert b"password1" not in again.content


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_invites_once(site: Site, administrator: Client) -> None:
    start, answers = threading.Barrier(2), []

    def press(browser: Client) -> None:
        start.wait()
        try:
            answers.append(browser.post(INVITE, WANTED).status_code)
        finally:
            connections.close_all()

    same = Client()
    same.cookies = administrator.cookies
    threads = [threading.Thread(target=press, args=[each]) for each in (administrator, same)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert User.objects.filter(email=WANTED["email"]).count() == 1


def test_somebody_of_another_clinic_keeps_how_they_sign_in(administrator: Client) -> None:
    elsewhere = make_member(site=make_site())
    member = invited(administrator, email=elsewhere.user.email.upper(), name="Somebody Else")
    assert member.user == elsewhere.user
    assert member.user.name == elsewhere.user.name
    assert link_in(mail.outbox[0].body) == reverse("account_login"), "a link to a password would take it away"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"name": " "}, 422, "Enter a name"),
        ({"email": "ana.ruiz"}, 422, "Enter an email address like name@example.org"),
        ({"role": "surgeon"}, 422, "Select a valid choice"),
    ],
)
def test_a_mistake_in_an_invitation_invites_nobody(
    administrator: Client, changes: dict[str, str], status: int, words: str
) -> None:
    answer = administrator.post(INVITE, {**WANTED, **changes})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not User.objects.filter(name="Dr Ana Ruiz").exists()
    assert mail.outbox == []


def test_nobody_is_invited_twice(administrator: Client) -> None:
    invited(administrator)
    answer = administrator.post(INVITE, {**WANTED, "email": "Ana.Ruiz@example.org"})
    assert answer.status_code == 409
    assert "works here already" in answer.content.decode()
    assert "Ana.Ruiz@example.org" in answer.content.decode(), "what was typed is still there"
    assert Membership.objects.filter(user__email="ana.ruiz@example.org").count() == 1


def test_a_mail_server_that_is_away_undoes_no_invitation(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> int:
        raise SMTPException("451")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", away)
        answer = administrator.post(INVITE, WANTED, follow=True)
    assert "did not leave" in answer.content.decode()
    member = Membership.objects.latest("id")
    administrator.post(page(member), {"act": "mail"})
    assert [letter.to for letter in mail.outbox] == [["ana.ruiz@example.org"]]


def test_ending_access_signs_out_and_puts_the_cases_back(site: Site, administrator: Client) -> None:
    ana = Clinician.at(site)
    case = submitted_case(site)
    ana.takes(case, at=timezone.now())
    at_work = sign_in(Client(), ana.membership)
    assert at_work.get(reverse("worklist")).status_code == 200

    assert administrator.post(page(ana.membership), {"act": "end"}).status_code == 302
    assert at_work.get(reverse("worklist")).status_code == 302
    assert fresh(case).claimed_by is None
    released = AuditEvent.objects.get(event=Event.CASE_RELEASED)
    assert (released.case_reference, released.role) == (case.reference, Role.ADMINISTRATOR)
    assert "Ended" in administrator.get(page(ana.membership)).content.decode()
    refused = administrator.post(page(ana.membership), {"act": "mail"})
    assert refused.status_code == 409
    assert "Give this person access again first." in refused.content.decode()

    administrator.post(page(ana.membership), {"act": "again"})
    ana.membership.refresh_from_db()
    assert ana.membership.active
    assert AuditEvent.objects.filter(event=Event.MEMBER_REACTIVATED).count() == 1


def test_a_role_that_takes_no_cases_gives_them_back_and_ends_sessions(
    site: Site, administrator: Client
) -> None:
    ana = Clinician.at(site)
    case = submitted_case(site)
    ana.takes(case, at=timezone.now())
    at_work = sign_in(Client(), ana.membership)
    administrator.post(page(ana.membership), {"act": "role", "role": "lead_clinician"})
    assert fresh(case).claimed_by == ana.membership.user, "a lead clinician goes on with it"
    assert at_work.get(reverse("worklist")).status_code == 302, "the session knew another role"
    administrator.post(page(ana.membership), {"act": "role", "role": "questionnaire_manager"})
    assert fresh(case).claimed_by is None
    changes = AuditEvent.objects.filter(event=Event.MEMBER_CHANGED).order_by("id")
    assert [(each.detail["was"], each.detail["role"]) for each in changes] == [
        ("clinician", "lead_clinician"),
        ("lead_clinician", "questionnaire_manager"),
    ]


def test_nobody_changes_themselves(site: Site) -> None:
    me = make_member(Role.ADMINISTRATOR, site=site)
    browser = sign_in(Client(), me)
    assert "You cannot change your own access." in browser.get(page(me)).content.decode()
    for act in ({"act": "end"}, {"act": "role", "role": "clinician"}, {"act": "second-step"}):
        assert browser.post(page(me), act).status_code == 409
    me.refresh_from_db()
    assert (me.active, me.role) == (True, Role.ADMINISTRATOR)


def test_a_register_entry_says_who_it_is_and_when_it_was_looked_up(site: Site, administrator: Client) -> None:
    ana = make_member(site=site)
    day = timezone.localdate()
    entry = {"act": "register", "number": "7654321", "specialty": "Anaesthetics"}
    blank = administrator.post(page(ana), entry)
    assert blank.status_code == 422
    assert "Enter the day on which you looked it up" in blank.content.decode()
    assert "7654321" in blank.content.decode()
    later = day + dt.timedelta(days=1)
    ahead = {"checked_on_day": later.day, "checked_on_month": later.month, "checked_on_year": later.year}
    assert "has not come yet" in administrator.post(page(ana), {**entry, **ahead}).content.decode()
    today = {"checked_on_day": day.day, "checked_on_month": day.month, "checked_on_year": day.year}
    assert administrator.post(page(ana), {**entry, **today}).status_code == 302
    ana.refresh_from_db()
    assert (ana.specialist_register, ana.specialty, ana.register_checked_on) == (
        "7654321",
        "Anaesthetics",
        day,
    )
    administrator.post(page(ana), {"act": "register", "number": ""})
    ana.refresh_from_db()
    assert (ana.specialist_register, ana.register_checked_on) == (None, None)


OPENING = {
    "name": "Bay Clinic",
    "slug": "bay",
    "sender": "Bay Clinic",
    "phone": "020 7946 0001",
    "duty_email": "duty@example.org",
    "administrator": "Rosa Field",
    "email": "rosa@example.org",
}


@pytest.mark.django_db
def test_a_clinic_opens_with_one_command_and_its_own_people_publish(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("open_clinic", **OPENING)
    said = capsys.readouterr().out
    site = Site.objects.get(slug="bay")
    rosa = Membership.objects.get(site=site)
    assert (rosa.role, rosa.user.name) == (Role.ADMINISTRATOR, "Rosa Field")
    assert not site.is_fictional
    form = Client().get(link_in(said), follow=True)
    assert b"password1" in form.content
    drafts = DefinitionVersion.objects.filter(site=site).order_by("id")
    assert {draft.status for draft in drafts} == {VersionStatus.DRAFT}
    lead = Clinician.at(site, Role.LEAD_CLINICIAN)
    for draft in drafts:
        publish_version(version=draft, by=lead.who()["by"], at=timezone.now())
    assert submitted_case(site).outcome == "flagged_review"
    assert Case.objects.filter(site=site).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sender": "Bay Pain Clinic"}, "neutral_sender"),
        ({"slug": "the bay"}, "slug"),
        ({"email": "rosa"}, "email"),
    ],
)
def test_a_mistake_opens_no_clinic(changes: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("open_clinic", **{**OPENING, **changes})
    assert not Site.objects.exists()
