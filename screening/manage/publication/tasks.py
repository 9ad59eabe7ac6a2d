"""What the alarm clock calls: go on with judging past cases by drafts."""

from celery import shared_task
from django.utils import timezone

from screening.manage.publication.services import work


# A tick finishes the ranges that it began: on a busy machine with nothing packed, a minute is too short.
@shared_task(ignore_result=True, soft_time_limit=170, time_limit=180)  # type: ignore[untyped-decorator]
def weigh() -> None:
    work(now=timezone.now)
