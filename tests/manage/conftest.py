from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role, Site
from tests.factories.intake import open_clinic
from tests.factories.people import make_member, sign_in


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def lead(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.LEAD_CLINICIAN, site=site))


@pytest.fixture
def administrator(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))


@pytest.fixture
def writer(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
