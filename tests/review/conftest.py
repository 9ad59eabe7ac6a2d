from __future__ import annotations

import pytest

from accounts.models import Role, Site
from screening.cases.models import Case
from tests.factories.intake import open_clinic, submitted_case
from tests.factories.review import Clinician


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def case(site: Site) -> Case:
    return submitted_case(site)


@pytest.fixture
def clinician(site: Site) -> Clinician:
    return Clinician.at(site)


@pytest.fixture
def lead(site: Site) -> Clinician:
    return Clinician.at(site, Role.LEAD_CLINICIAN)
