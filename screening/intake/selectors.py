"""What the pages of a form read. Each starts from the site or from the form of the session."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from accounts.models import Site
from screening.cases.models import Assessment, Response
from screening.cases.responses import answers_of
from screening.intake.models import Document
from screening.intake.walk import Walk
from screening.questionnaires.selectors import journey_of


def clinics() -> list[Site]:
    return list(Site.objects.order_by("name"))


def clinic(slug: str) -> Site | None:
    return Site.objects.filter(slug=slug).first()


def walk_of(response: Response, as_of: dt.date) -> Walk:
    """Where a draft stands, by its own version of the questionnaire."""
    return Walk(journey_of(response.version), answers_of(response), frozenset(response.page_locks), as_of)


def unread_advice(response: Response) -> list[str]:
    """The advice of red flags that the person has not said they read, most urgent first."""
    flags = response.case.red_flags.filter(cleared_at__isnull=True, read_at__isnull=True)
    return list(dict.fromkeys(flags.order_by("tier", "id").values_list("advice", flat=True)))


def standing_advice(response: Response) -> list[str]:
    flags = response.case.red_flags.filter(cleared_at__isnull=True).order_by("tier", "id")
    return list(dict.fromkeys(flags.values_list("advice", flat=True)))


def documents_of(response: Response, item_id: str) -> list[Document]:
    documents = response.case.documents.filter(item=item_id, removed_at__isnull=True)
    return list(documents.order_by("uploaded_at", "pk"))


def document_of(response: Response, document_id: UUID) -> Document | None:
    return response.case.documents.filter(pk=document_id, removed_at__isnull=True).first()


def latest_assessment(response: Response) -> Assessment | None:
    return response.assessments.select_related("ruleset").defer("ruleset__content").order_by("-id").first()
