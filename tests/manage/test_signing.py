"""Whether decisions are signed with a code, and what an entry on the register has to hold."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Site
from audit.events import Event
from audit.models import AuditEvent
from tests.factories.people import make_member


@pytest.mark.parametrize("wanted", [True, False])
def test_a_site_says_whether_a_code_signs(administrator: Client, site: Site, wanted: bool) -> None:
    assert administrator.post(reverse("signing"), {"with_code": str(wanted).lower()}).status_code == 302
    site.refresh_from_db()
    assert site.sign_with_code is wanted
    assert AuditEvent.objects.get(event=Event.SETTINGS_CHANGED).detail == {"sign_with_code": wanted}


def test_the_database_refuses_half_an_entry(site: Site) -> None:
    member = make_member(site=site)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(specialist_register="1")
