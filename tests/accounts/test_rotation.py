"""Keys are changed while the service runs, and nothing is left behind under the old one."""

from __future__ import annotations

import io

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import rotation
from accounts.encryption import EncryptedTextField, Undecryptable, current_prefix
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Patient, Transition
from tests.factories.people import add_second_factor, make_person, make_site

pytestmark = pytest.mark.django_db

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def keys(settings) -> None:
    settings.FIELD_KEYS = [OLD]


@pytest.fixture
def site() -> Site:
    return make_site()


def make_patient(site: Site, name: str) -> Patient:
    return Patient.objects.create(
        site=site, given_name=name, family_name="Example", created_at=timezone.now()
    )


def stored(patient: Patient) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT given_name FROM screening_patient WHERE id = %s", [patient.pk])
        return cursor.fetchone()[0]


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_field_keys", stdout=out)
    return out.getvalue()


def test_every_encrypted_field_is_found() -> None:
    names = {str(field) for field in rotation.encrypted_fields()}
    assert {"screening.Patient.given_name", "screening.Revision.private_answers"} <= names


def test_all_values_move_to_the_new_key_and_the_old_one_can_go(settings, site: Site) -> None:
    patients = [make_patient(site, f"Morgan {number}") for number in range(7)]
    nameless = Patient.objects.create(site=site, created_at=timezone.now())
    settings.FIELD_KEYS = [NEW, OLD]

    said = rotate()

    assert "screening.Patient.given_name: 7 of 7" in said
    settings.FIELD_KEYS = [NEW]
    for number, patient in enumerate(patients):
        patient.refresh_from_db()
        assert (patient.given_name, patient.family_name) == (f"Morgan {number}", "Example")
        assert stored(patient).startswith(current_prefix())
    nameless.refresh_from_db()
    assert nameless.given_name is None


@pytest.mark.parametrize(
    ("started", "not_yet"), [([OLD, NEW], [OLD]), ([NEW, OLD], [OLD, NEW]), ([NEW], [NEW, OLD])]
)
def test_in_each_step_of_a_change_old_and_new_processes_read_each_other(
    settings, site: Site, started: list[str], not_yet: list[str]
) -> None:
    """The steps of run-the-service.md: some processes have the next keys already, others not yet."""
    for writes, reads in ((started, not_yet), (not_yet, started)):
        settings.FIELD_KEYS = writes
        patient = make_patient(site, "Ottoline")
        settings.FIELD_KEYS = reads
        assert Patient.objects.get(pk=patient.pk).given_name == "Ottoline"


def test_a_new_key_first_at_once_is_not_read_by_a_process_that_was_not_started_anew(
    settings, site: Site
) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    patient = make_patient(site, "Ottoline")
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(Undecryptable):
        Patient.objects.get(pk=patient.pk)


def test_a_second_run_has_nothing_to_do(settings, site: Site) -> None:
    patient = make_patient(site, "Morgan")
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    before = stored(patient)

    assert "given_name" not in rotate()
    assert stored(patient) == before


def test_a_run_that_was_stopped_goes_on_where_it_was(settings, site: Site, monkeypatch) -> None:
    monkeypatch.setattr(EncryptedTextField, "rotated_at_once", 2)
    for number in range(5):
        make_patient(site, f"Morgan {number}")
    settings.FIELD_KEYS = [NEW, OLD]
    field = next(each for each in rotation.encrypted_fields() if str(each) == "screening.Patient.given_name")

    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rotation.rotate_field(field, progress=stop)

    assert rotation.pending(field).count() == 3
    assert rotation.rotate_field(field) == 3


def test_a_value_changed_meanwhile_is_not_put_back(settings, site: Site) -> None:
    patient = make_patient(site, "Morgan")
    read_before = stored(patient)
    settings.FIELD_KEYS = [NEW, OLD]
    patient.given_name = "Taylor"
    patient.save()
    field = Patient._meta.get_field("given_name")

    assert rotation._rewrite(field, [(patient.pk, read_before)]) == 0
    patient.refresh_from_db()
    assert patient.given_name == "Taylor"


def history_of(patient: Patient) -> Transition:
    """A row that nobody may change, with an encrypted reason."""
    case = Case.objects.create(
        site=patient.site,
        patient=patient,
        reference="TH-TEST-1",
        waiting_since=timezone.now(),
        started_at=timezone.now(),
    )
    return Transition.objects.create(
        case=case,
        move="submit",
        from_state="draft",
        to_state="submitted",
        at=timezone.now(),
        reason="Because",
    )


def test_history_that_cannot_change_moves_too_and_stays_unchangeable(settings, site: Site) -> None:
    step = history_of(make_patient(site, "Morgan"))
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()

    settings.FIELD_KEYS = [NEW]
    step.refresh_from_db()
    assert step.reason == "Because"
    with pytest.raises(DatabaseError), transaction.atomic():
        Transition.objects.update(to_state="draft")


def test_second_factors_move_too(settings) -> None:
    user = make_person()
    secret = add_second_factor(user)
    settings.FIELD_KEYS = [NEW, OLD]

    assert rotation.rotate_second_factors() == 1
    assert rotation.rotate_second_factors() == 0
    settings.FIELD_KEYS = [NEW]
    assert Authenticator.objects.get(user=user).wrap().instance.data["secret"].startswith(current_prefix())
    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_the_trail_says_that_it_was_run_and_how_much_it_moved(settings, site: Site) -> None:
    make_patient(site, "Morgan")
    make_patient(site, "Robin")
    add_second_factor(make_person())
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    rotate()  # nothing is left to move, and nothing to tell

    told = AuditEvent.objects.get(event=Event.KEYS_ROTATED)
    moved = 2 * 2 + 1  # two names of each, and what the phone shares with us
    assert (told.actor_label, told.site_id, told.detail) == ("rotate_field_keys", None, {"values": moved})


def test_the_trail_says_how_much_was_moved_before_it_stopped(settings, site: Site) -> None:
    make_patient(site, "Morgan")
    settings.FIELD_KEYS = [LOST]
    history_of(Patient.objects.create(site=site, created_at=timezone.now()))
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CommandError):
        rotate()
    assert AuditEvent.objects.get(event=Event.KEYS_ROTATED).detail == {"values": 2}


def test_values_written_with_an_old_key_meanwhile_are_told(settings, site: Site, monkeypatch) -> None:
    make_patient(site, "Morgan")
    settings.FIELD_KEYS = [NEW, OLD]
    monkeypatch.setattr("audit.management.commands.rotate_field_keys.rotate_field", lambda field, progress: 0)
    with pytest.raises(CommandError, match="old key"):
        rotate()


def test_an_old_key_taken_away_too_soon_is_told_in_a_sentence(settings, site: Site) -> None:
    make_patient(site, "Morgan")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="Put it back after the first one"):
        rotate()
