"""Somebody lost the phone with their second step: an administrator removes it, and nobody is left unaware."""

from __future__ import annotations

from smtplib import SMTPException

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.models import AuditEvent
from tests.factories.people import add_second_factor, make_member, make_site, sign_in
from tests.manage.test_people import page

pytestmark = pytest.mark.django_db


def test_a_lost_phone_is_forgotten_and_signs_out(site: Site, administrator: Client) -> None:
    ana = make_member(site=site)
    add_second_factor(ana.user)
    at_work = sign_in(Client(), ana)
    administrator.post(page(ana), {"act": "second-step"})
    assert at_work.get(reverse("worklist")).status_code == 302
    assert "Not yet" in administrator.get(page(ana)).content.decode()
    assert AuditEvent.objects.filter(event=Event.SECOND_FACTOR_REMOVED).count() == 1
    (told,) = mail.outbox
    assert told.to == [ana.user.email]
    assert "If you did not ask for this" in told.body
    administrator.post(page(ana), {"act": "second-step"})
    assert len(mail.outbox) == 1


def test_where_the_mail_about_it_does_not_leave_the_administrator_is_asked_to_say_it(
    site: Site, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> int:
        raise SMTPException("451")

    ana = make_member(site=site)
    add_second_factor(ana.user)
    monkeypatch.setattr(EmailMultiAlternatives, "send", away)
    answer = administrator.post(page(ana), {"act": "second-step"}, follow=True).content.decode()
    done, said, asked = answer.partition("The next time they sign in, they set up a new second step.")
    assert said, done
    assert f"The mail to {ana.user.email} did not leave. Tell them yourself." in asked
    assert not Authenticator.objects.filter(user=ana.user).exists(), "it is gone all the same"


def test_every_clinic_somebody_works_at_hears_that_their_second_step_is_gone(
    site: Site, administrator: Client
) -> None:
    ana = make_member(site=site)
    add_second_factor(ana.user)
    other, left = make_site(slug="other"), make_site(slug="left")
    Membership.objects.create(user=ana.user, site=other, role=Role.CLINICIAN)
    Membership.objects.create(user=ana.user, site=left, role=Role.CLINICIAN, active=False)
    administrator.post(page(ana), {"act": "second-step"})
    lines = AuditEvent.objects.filter(event=Event.SECOND_FACTOR_REMOVED)
    assert {line.site_id for line in lines} == {site.pk, other.pk}
