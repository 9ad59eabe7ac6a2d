"""An invitation holds its clinic: against another invitation, and against nobody else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Role, Site, User
from screening.cases.models import ResponseStatus
from screening.intake.services import submit
from screening.manage.people.services import invite
from screening.review.services import Refused
from tests.chaos.processes import until
from tests.factories.intake import finished_draft, open_clinic
from tests.factories.people import make_member, make_site

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ana.ruiz@example.org"
T = TypeVar("T")


def inviting(site: Site) -> Callable[[], Membership]:
    """A press of the button by an administrator of their own."""
    administrator = make_member(Role.ADMINISTRATOR, site=site)

    def press() -> Membership:
        return invite(
            site=site,
            name="Ana Ruiz",
            email=ADDRESS,
            role=Role.CLINICIAN,
            membership=administrator,
            by=Actor.staff(administrator),
            at=timezone.now(),
        )

    return press


def elsewhere(work: Callable[[], T]) -> Callable[[], T]:
    """The same on a connection of its own, which waits for nobody longer than a few seconds."""

    def done() -> T:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return work()
        finally:
            connection.close()

    return done


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_a_form_is_sent_while_an_invitation_is_being_written() -> None:
    site = open_clinic()
    response, press = finished_draft(site), inviting(site)
    send = elsewhere(
        lambda: submit(response=response, by=Actor.patient(response.patient_id), at=timezone.now())
    )
    with ThreadPoolExecutor(max_workers=1) as pool, transaction.atomic():
        press()
        pool.submit(send).result(timeout=60)
        response.refresh_from_db()
        assert response.status == ResponseStatus.COMPLETED, "before the invitation is"


@pytest.mark.parametrize("known", [False, True], ids=["somebody new", "somebody of another clinic"])
def test_two_invitations_of_one_address_make_one(known: bool) -> None:
    site = make_site()
    if known:
        User.objects.create_user(email=ADDRESS, name="Ana Ruiz")
    first, second = inviting(site), elsewhere(inviting(site))
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(second)
            until(somebody_waits_for_us, seconds=5, what="the second invitation to wait for the first")
        with pytest.raises(Refused, match="works here already"):
            other.result(timeout=60)
    assert Membership.objects.get(user__email=ADDRESS).site == site
    assert User.objects.filter(email=ADDRESS).count() == 1
