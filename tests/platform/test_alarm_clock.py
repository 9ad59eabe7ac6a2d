"""The alarm clock carries no data: a lost message costs one tick and tells nobody anything."""

from __future__ import annotations

from pathlib import Path

from clinic.celery import app, schedule, transport_options


def test_ticks_have_no_arguments_and_expire_before_the_next_one() -> None:
    entries = schedule(60)
    assert {entry["task"] for entry in entries.values()} == {
        "screening.followup.tasks.tick",
        "screening.followup.tasks.alert",
        "audit.tasks.seal",
        "screening.intake.tasks.tidy",
        "screening.manage.publication.tasks.weigh",
    }
    for entry in entries.values():
        assert "args" not in entry
        assert "kwargs" not in entry
        assert entry["options"]["expires"] < entry["schedule"]


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks


def test_nothing_but_json_is_read_and_no_result_is_kept() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None


def test_a_task_is_done_before_it_is_forgotten() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_the_file_transport_makes_its_folders_for_their_owner_alone(tmp_path: Path) -> None:
    options = transport_options("filesystem://", tmp_path / "broker")
    folders = [value for name, value in options.items() if name.startswith(("data", "control"))]
    assert len(folders) == 3
    for folder in folders:
        assert Path(folder).is_dir()
        assert Path(folder).stat().st_mode & 0o077 == 0


def test_a_silent_broker_is_given_up_after_two_seconds(tmp_path: Path) -> None:
    assert transport_options("redis://redis:6379/0", tmp_path)["socket_timeout"] == 2
