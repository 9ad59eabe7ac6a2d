"""Say that an entry of a list, or something agreed to, is not right."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.intake.views.pages import page_or_404
from screening.intake.wording import filled
from screening.review.room import policies, presenters, selectors, services
from screening.review.room.access import sent_required
from screening.review.room.forms import ObjectionForm
from screening.review.room.views.asking import walk_of
from screening.review.services import Refused


@sent_required
@require_http_methods(["GET", "POST"])
def objection(request: PatientRequest, page_id: str, item_id: str, number: int | None = None) -> HttpResponse:
    """One value of the form, and what is not right about it. The value stays as it is."""
    walk = walk_of(request)
    page = page_or_404(walk, page_id)
    item = next((item for item in walk.items_of(page) if item.id == item_id), None)
    allowed = item is not None and (
        item.repeats if number is not None else selectors.objected_whole(item, page)
    )
    try:
        value = services.value_of(request.intake, item_id, number) if allowed else None
    except IndexError:
        value = None
    if item is None or not allowed or (not value and request.method != "POST"):
        raise Http404
    seen = services.fingerprint(value)
    form = ObjectionForm(request.POST if request.method == "POST" else None, initial={"seen": seen})
    back = reverse("patient-correct", args=[page.id]) if number else reverse("patient-answers")
    refused, status = policies.may_amend(request.intake.case).reason, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.object_to(
                    response=request.intake,
                    item=item_id,
                    number=number,
                    seen=form.cleaned_data["seen"],
                    text=form.cleaned_data["text"],
                    by=request.actor,
                    at=timezone.now(),
                )
            except services.OtherValue:
                form.add_error(None, _("This was changed in another window. Look at it again, then save."))
                form.data = {**form.data.dict(), "seen": seen}
                status = 409
            except Refused as no:
                refused, status = no.reason, 409
            else:
                messages.success(request, _("We have added that beside it. A clinician will see it."))
                return see_other("patient-answers")
    context = {
        "site": request.site,
        "form": form,
        "question": filled(item.text, clinic=request.site.name),
        "value": presenters.value_in_words(item, value, whole=number is None)
        if value
        else _("It is not in your answers any more."),
        "back": back,
        "refused": refused,
    }
    return render(request, "review/room/not_right.html", context, status=status)
