"""Ticks of the trail."""

from __future__ import annotations

import celery
from django.utils import timezone

from audit import sealing


@celery.shared_task(name="audit.tasks.seal", ignore_result=True)  # type: ignore[untyped-decorator]
def seal() -> None:
    sealing.seal(at=timezone.now())
