"""HTTP of later forms in the room: which there are now, and to begin or carry on with one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.followup.open_forms import open_forms, pages_asked
from screening.intake.services import Occasion, begin_later_form
from screening.intake.session import PatientRequest, turn_to
from screening.intake.views.journey import see_other
from screening.review.room.access import sent_required


@sent_required
@require_http_methods(["GET", "POST"])
def forms(request: PatientRequest) -> HttpResponse:
    """Each form that is open. Pressing its button begins it, or carries on where it was left."""
    case, at = request.intake.case, timezone.now()
    case.site = request.site
    found = open_forms(case, at=at)
    gone = ""
    if request.method == "POST":
        chosen = next((each for each in found if each.key == request.POST.get("form")), None)
        if chosen is not None:
            occasion = Occasion(chosen.key, pages_asked(case, chosen), chosen.closes_at)
            turn_to(request, begin_later_form(case=case, occasion=occasion, by=request.actor, at=at))
            return see_other("intake-form")
        gone = _("This form is not open any more.")
    context = {"site": request.site, "forms": found, "gone": gone}
    return render(request, "followup/room/forms.html", context, status=422 if gone else 200)
