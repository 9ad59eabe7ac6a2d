"""What the alarm clock calls for this chapter: look through files, let old drafts go."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.actors import Actor
from accounts.machine_clock import clocks_agree
from screening.intake.scanning import Clamd
from screening.intake.services import expire_drafts, forget_knocks, remove_files_left, scan_documents

HOUSEKEEPING = Actor.system("housekeeping")


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tidy() -> None:
    if clocks_agree(at=timezone.now()):  # what is deleted a day early is gone
        expire_drafts(by=HOUSEKEEPING, at=timezone.now())
        forget_knocks(at=timezone.now())
        remove_files_left(at=timezone.now())
    if settings.CLAMD_ADDRESS:
        scanner = Clamd(settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS)
        scan_documents(scanner=scanner, by=HOUSEKEEPING, at=timezone.now())
