from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Role, Site
from screening.cases.models import Case
from screening.manage.retention import services
from screening.manage.retention.models import Disposal
from tests.factories.clocks import all_clocks_at
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician
from tests.factories.room import decided_case

# Nine years after the form, when eight were to be kept.
THEN = LATER.replace(year=LATER.year + 9)


@pytest.fixture
def past(site: Site) -> Case:
    """A case that was closed, and that nobody has touched since."""
    return decided_case(site)


@pytest.fixture
def nine_years_later(past: Case) -> Iterator[dt.datetime]:
    with all_clocks_at(THEN):
        yield THEN


@pytest.fixture
def clerk(site: Site) -> Clinician:
    return Clinician.at(site, Role.ADMINISTRATOR)


@pytest.fixture
def doctor(site: Site) -> Clinician:
    return Clinician.at(site, Role.LEAD_CLINICIAN)


@pytest.fixture
def office(clerk: Clinician, nine_years_later: dt.datetime) -> Client:
    return sign_in(Client(), clerk.membership)


@pytest.fixture
def surgery(doctor: Clinician, nine_years_later: dt.datetime) -> Client:
    return sign_in(Client(), doctor.membership)


@pytest.fixture
def waiting(site: Site, past: Case, clerk: Clinician, nine_years_later: dt.datetime) -> Disposal:
    """The case, put forward to be deleted."""
    services.put_forward(site=site, shown=[past.reference], **clerk.who(nine_years_later))
    return Disposal.objects.get()
