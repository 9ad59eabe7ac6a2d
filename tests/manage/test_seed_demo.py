"""The fictional clinic of the demo: made through the services, once, and never anywhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Role, Site, User
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Response
from screening.cases.workflow import State
from screening.followup.models import Reminder, ReminderState, Suppression
from screening.management.commands import seed_demo
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.seed_files import read_definition, seed_folder
from screening.review.appointments.models import Appointment

pytestmark = pytest.mark.django_db
STORIES = read_definition(seed_folder() / "cases.yml")["cases"]


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "documents"
    return tmp_path


def story(*steps: str) -> Mapping[str, Any]:
    """The first story of the file that goes exactly this way."""
    return next(each for each in STORIES if list(each.get("path", [])) == list(steps))


FEW = [
    story(),
    story("draft treatments"),
    story("claim", "decide offered_assessment", "agree"),
    story("withdraw"),
]


@pytest.fixture
def few_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path) -> dict[str, Any]:
        return {"cases": FEW} if path.name == "cases.yml" else read_definition(path)

    monkeypatch.setattr(seed_demo, "read_definition", read)


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_people_in_follow_up_have_forms_appointments_and_messages_with_every_end(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = [each for each in STORIES if any(step.startswith("start") for step in each.get("path", []))]
    monkeypatch.setattr(
        seed_demo,
        "read_definition",
        lambda path: {"cases": followed} if path.name == "cases.yml" else read_definition(path),
    )
    seed()
    occasions = Response.objects.exclude(occasion="").filter(submitted_at__isnull=False)
    assert sorted(form.occasion.partition("/")[0] for form in occasions) == ["FU11", "FU11", "FU12"]
    assert Appointment.objects.filter(starts_at__gt=timezone.now()).count() == 2
    states = set(Reminder.objects.values_list("state", flat=True))
    assert {"sent", "failed", "ambiguous"} <= states <= {*ReminderState} - {"claimed", "sending"}
    held = Suppression.objects.get().patient
    assert not Reminder.objects.filter(patient=held, state="sent").exists()


def test_outside_of_a_demo_nothing_is_made(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="THRESHOLD_DEMO"):
        seed()
    assert not Site.objects.exists()


@pytest.mark.usefixtures("few_stories")
def test_it_makes_a_clinic_people_and_cases(demo: Path) -> None:
    assert f"{len(FEW)} of {len(FEW)}" in seed()
    site = Site.objects.get()
    assert site.is_fictional
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    versions = DefinitionVersion.objects.filter(site=site, status=VersionStatus.PUBLISHED)
    assert versions.count() == 5
    assert not versions.exclude(author__isnull=False, approved_by__isnull=False).exists()
    states = list(Case.objects.order_by("pk").values_list("state", flat=True))
    assert states[1:] == [State.DRAFT, State.OFFERED_ASSESSMENT, State.WITHDRAWN]
    assert Case.objects.filter(is_fictional=True).count() == len(FEW)
    assert AuditEvent.objects.filter(event=Event.DATA_SEEDED).exists()


@pytest.mark.usefixtures("few_stories")
def test_the_sign_ins_are_for_one_person_of_each_role_and_readable_by_us_alone(demo: Path) -> None:
    seed()
    file = demo / "demo" / "sign-ins.json"
    assert file.stat().st_mode & 0o077 == 0
    told = json.loads(file.read_text())
    assert {person["role"] for person in told} == set(Role.labels)
    for person in told:
        assert User.objects.get(email=person["email"]).check_password(person["password"])


@pytest.mark.usefixtures("few_stories")
def test_a_second_run_changes_nothing(demo: Path) -> None:
    seed()
    before = (demo / "demo" / "sign-ins.json").read_text()
    assert "there already" in seed()
    assert Case.objects.count() == len(FEW)
    assert (demo / "demo" / "sign-ins.json").read_text() == before


def test_an_interrupted_run_leaves_nothing_behind(
    demo: Path, few_stories: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any, **options: Any) -> Any:
        yield from ()
        raise RuntimeError("the power went")

    monkeypatch.setattr(seed_demo, "make_cases", breaks)
    with pytest.raises(RuntimeError):
        seed()
    assert not Site.objects.exists()
    assert not (demo / "demo" / "sign-ins.json").exists()


@pytest.mark.nightly
def test_the_whole_demo_shows_a_case_in_every_state(demo: Path) -> None:
    seed()
    assert Case.objects.count() == len(STORIES)
    passed_at_once = {State.SUBMITTED, State.MDT_REVIEWED}
    needs_weeks = {State.EXPIRED}
    states = set(Case.objects.values_list("state", flat=True))
    assert {State(state) for state in states} == set(State) - passed_at_once - needs_weeks
