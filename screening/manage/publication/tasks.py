"""What the alarm clock calls: go on with judging past cases by drafts."""

from celery import shared_task
from django.utils import timezone

from screening.manage.publication.services import work


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def weigh() -> None:
    work(now=timezone.now)
