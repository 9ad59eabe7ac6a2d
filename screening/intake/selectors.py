"""What the pages of a form read. Each starts from the site or from the form of the session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Site
from screening.cases.models import Assessment, Case, RedFlag, Response, ResponseStatus
from screening.cases.responses import answers_of, journey_of_form
from screening.cases.workflow import State
from screening.intake.models import Document, Entered, Link
from screening.intake.walk import Walk
from screening.questionnaires.selectors import journey_in
from screening.rules.definition import Questionnaire

MOST_SHOWN = 200


def clinics() -> list[Site]:
    return list(Site.objects.order_by("name"))


def clinic(slug: str) -> Site | None:
    return Site.objects.filter(slug=slug).first()


def walk_of(response: Response, as_of: dt.date) -> Walk:
    """Where a draft stands, by its own version of the questionnaire, in the words its person reads."""
    return Walk(
        journey_of_form(response),
        answers_of(response),
        frozenset(response.page_locks),
        as_of,
    )


def form_of(response: Response) -> Response:
    """The same form as it stands now, whatever was read of it before."""
    return Response.objects.select_related("version").defer("version__content").get(pk=response.pk)


def entered_drafts(*, site: Site) -> list[Response]:
    """Forms that staff began for patients and nobody sent, the newest first."""
    return list(_entered(site).order_by("-last_activity_at")[:MOST_SHOWN])


def entered_draft(*, site: Site, reference: str) -> Response | None:
    if "\0" in reference:  # which no text in the database can hold
        return None
    return _entered(site).filter(case__reference=reference).first()


def _entered(site: Site) -> QuerySet[Response]:
    drafts = Response.objects.filter(site=site, entered__isnull=False, status=ResponseStatus.IN_PROGRESS)
    read = drafts.select_related("case", "patient", "site", "version", "entered__by")
    return read.defer("version__content")


def entered_of(response: Response) -> Entered | None:
    """How staff came to fill in this form; None for one that the patient began."""
    return Entered.objects.filter(response=response).first()


def entry_of(case: Case) -> Entered | None:
    """How staff came to fill in the form of this case; None when the patient began it."""
    entries = (getattr(response, "entered", None) for response in case.responses.all())
    return next((entry for entry in entries if entry is not None), None)


def unread_flags(response: Response) -> list[RedFlag]:
    """Red flags that stand and whose advice the person has not said they read, most urgent first."""
    flags = response.case.red_flags.filter(cleared_at__isnull=True, read_at__isnull=True)
    return list(flags.order_by("tier", "id"))


def unread_advice(response: Response) -> list[str]:
    return list(dict.fromkeys(flag.advice for flag in unread_flags(response)))


def standing_advice(response: Response) -> list[str]:
    flags = response.case.red_flags.filter(cleared_at__isnull=True).order_by("tier", "id")
    return list(dict.fromkeys(flags.values_list("advice", flat=True)))


def advised_elsewhere(response: Response, own: Questionnaire, keys: Iterable[str]) -> list[Questionnaire]:
    """Where advice stands that the form itself does not have: in the person's other forms, newest first.

    A later form may ask by newer questions; what it raised is read too by whoever comes back to the first.
    """
    if not {key for key in keys if key} - own.advice.keys():
        return []
    others = response.case.responses.exclude(pk=response.pk).order_by("-started_at")
    read = others.select_related("version").defer("version__content")
    return [journey_in(each.version, each.language).questionnaire for each in read]


def files_of(response: Response) -> QuerySet[Document]:
    """The files that stand, oldest first. A later form has its own: what came before it was decided upon."""
    documents = response.case.documents.filter(removed_at__isnull=True).order_by("uploaded_at", "pk")
    return documents.filter(uploaded_at__gte=response.started_at) if response.occasion else documents


def documents_of(response: Response, item_id: str) -> list[Document]:
    return list(files_of(response).filter(item=item_id))


def document_of(response: Response, document_id: UUID) -> Document | None:
    return files_of(response).filter(pk=document_id).first()


def links_of(case: Case) -> list[Link]:
    """The links and codes of a case that nobody ended, newest first."""
    return list(case.links.filter(revoked_at__isnull=True).order_by("-created_at", "-pk"))


def locked_links(*, site: Site) -> list[Link]:
    """Links and codes that five wrong dates locked and nobody of the clinic has dealt with, oldest first."""
    return list(_locked(site).select_related("case__patient").order_by("locked_at")[:MOST_SHOWN])


def locked_count(*, site: Site) -> int:
    """How many of them there are, without reading whose they are."""
    return _locked(site).count()


def _locked(site: Site) -> QuerySet[Link]:
    links = Link.objects.filter(site=site, locked_at__isnull=False, revoked_at__isnull=True)
    return links.exclude(case__state__in=[State.WITHDRAWN, State.EXPIRED])


def latest_assessment(response: Response) -> Assessment | None:
    return response.assessments.select_related("ruleset").defer("ruleset__content").order_by("-id").first()
