from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Membership, Role, User
from accounts.selectors import memberships_of
from accounts.wording import validate_neutral
from tests.factories.people import make_member, make_person, make_site

pytestmark = pytest.mark.django_db


def test_two_people_cannot_share_an_address_written_differently() -> None:
    make_person(email="Person@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(email="person@EXAMPLE.org")
    assert User.objects.get_by_natural_key("PERSON@example.org").email == "Person@example.org"


def test_a_person_has_a_name() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(name="  ")


def test_a_person_has_one_role_at_a_site() -> None:
    member = make_member()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_member(Role.ADMINISTRATOR, user=member.user, site=member.site)


def test_a_role_nobody_knows_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=make_person(), site=make_site(), role="janitor")


def test_only_active_memberships_count() -> None:
    member = make_member()
    make_member(user=member.user, active=False)
    assert memberships_of(member.user) == [member]

    member.user.is_active = False
    member.user.save()
    assert memberships_of(member.user) == []


@pytest.mark.parametrize(
    "telling", ["North Pain Clinic", "The Spinal Centre", "CANNABIS clinic", "Back Care", "Medicinal Ltd"]
)
def test_a_name_for_messages_that_tells_is_refused(telling: str) -> None:
    with pytest.raises(ValidationError):
        validate_neutral(telling)
    with pytest.raises(ValidationError):
        make_site(neutral_sender=telling).full_clean()


@pytest.mark.parametrize("neutral", ["Northgate", "Backwell House", "Campaign Street Clinic", "Dr Spain"])
def test_a_neutral_name_passes(neutral: str) -> None:
    validate_neutral(neutral)


def test_a_site_begins_with_the_response_times_of_the_brief() -> None:
    site = make_site()
    assert (site.tier_1_hours, site.tier_2_days, site.tier_3_days) == (1, 0, 1)
    assert (site.flagged_days, site.not_currently_days, site.link_days) == (2, 5, 14)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_site(link_days=15)
