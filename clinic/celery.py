"""The alarm clock. Tasks are ticks without arguments: the database knows what is due, no message does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

from django.conf import settings

from clinic.env import gaps_in_sentences
from clinic.logs import logging_config

with gaps_in_sentences():
    settings.BASE_DIR  # noqa: B018 - reads the settings, as manage.py does

ALERTS, TICKS = "alerts", "ticks"


def transport_options(broker: str, folder: Path) -> dict[str, Any]:
    """How to reach the broker. The file transport needs its folders to be there."""
    if not broker.startswith("filesystem:"):
        return {"socket_timeout": 2, "socket_connect_timeout": 2, "visibility_timeout": 300}
    messages, control = folder / "messages", folder / "control"
    for place in (messages, control):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.2,  # at the usual second, a tick a second is all that gets done
    }


def schedule(seconds: int) -> dict[str, dict[str, Any]]:
    """A tick that nobody took before the next one is of no use: it expires."""
    tasks = {
        "reminders": ("screening.followup.tasks.tick", seconds, TICKS),
        "tidy": ("screening.intake.tasks.tidy", seconds, TICKS),
        "seal": ("audit.tasks.seal", seconds, TICKS),
        # Somebody looks at a page and waits for it. It stops by itself to let the others have their turn.
        "weigh": ("screening.manage.publication.tasks.weigh", min(seconds, 5), TICKS),
        # Twice as often: the clinic hears of an urgent answer within the time of one tick.
        "alerts": ("screening.followup.tasks.alert", seconds / 2, ALERTS),
    }
    return {
        name: {
            "task": task,
            "schedule": every,
            "options": {"queue": queue, "expires": every - min(5, every / 5), "ignore_result": True},
        }
        for name, (task, every, queue) in tasks.items()
    }


app = Celery("threshold")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=transport_options(settings.BROKER_URL, settings.VAR_DIR / "broker"),
    broker_connection_retry_on_startup=True,
    beat_schedule=schedule(settings.TICK_SECONDS),
    beat_max_loop_interval=max(1, min(settings.TICK_SECONDS, 30)),
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=60,
    task_soft_time_limit=55,
    task_default_queue=TICKS,
    # Workers take from both in turn, so that an urgent answer never stands behind a row of other ticks.
    task_queues=[Queue(name, routing_key=name) for name in (ALERTS, TICKS)],  # type: ignore[no-untyped-call]
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_max_tasks_per_child=500,
    worker_enable_remote_control=False,  # nobody asks; the heartbeat row says whether work gets done
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    timezone="UTC",
)
app.autodiscover_tasks(["audit", "screening.intake", "screening.followup", "screening.manage.publication"])


@setup_logging.connect  # type: ignore[untyped-decorator]
def _our_own_logging(**_: Any) -> None:
    logging_config(settings.LOG_LEVEL)
