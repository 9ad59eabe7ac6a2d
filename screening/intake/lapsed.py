"""The time ran out while somebody was filling in: one fact opens the form again, with what they typed.

What was typed never waits on our side: it comes back in the page as hidden fields, to the browser that
just sent it, and is saved by the very view it was meant for as soon as the date of birth is right.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actors import Actor
from screening.intake import selectors, services, session
from screening.intake.forms import SecondFactForm

PREFIX = "again"
# What the page itself adds to what was typed.
OWN = ("csrfmiddlewaretoken", PREFIX)
# What pages carry along and nobody typed; and what is chosen, not typed: the code of an answer, a number.
CARRIED = (*OWN, "of_case", "shown", "form")
CHOSEN = re.compile(r"[a-z0-9_-]*")


def words_typed(request: HttpRequest, carried: Collection[str] = CARRIED) -> list[str]:
    """The words of a page that cannot be saved, for whoever just typed them to copy.

    Without the questions: who has no form open may not read what it asks. `carried` are the names of fields
    that nobody types into.
    """
    sent = [
        value.strip()
        for name, values in request.POST.lists()
        if name not in carried and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    return [words for words in sent if not CHOSEN.fullmatch(words)]


def come_back(request: HttpRequest) -> HttpResponse | None:
    """What to show instead of the page; None when the person proved who they are, and the view may go on."""
    response = getattr(request, "lapsed", None)
    if response is None:
        context = {
            "sent": request.method == "POST",
            # A browser keeps a page that was sent, and sends it again to whoever goes back to it.
            "words": [] if session.has_left(request) else words_typed(request),
            "clinics": selectors.clinics(),
        }
        return render(request, "intake/no_session.html", context, status=404)
    asked = PREFIX in request.POST
    form = SecondFactForm(request.POST if asked else None, prefix=PREFIX)
    refused = False
    if asked and form.is_valid():
        at, staff = request.arrived_at, session.staff_of(request)  # type: ignore[attr-defined]
        by = Actor.patient(response.patient_id) if staff is None else request.actor  # type: ignore[attr-defined]
        born = form.cleaned_data["date_of_birth"]
        if services.prove_again(response=response, date_of_birth=born, by=by, at=at):
            session.come_back(request, at=at)
            request.intake, request.actor, request.site = response, by, response.site  # type: ignore[attr-defined]
            if request.POST[PREFIX] == "POST":
                return None
            seen = redirect(request.get_full_path())
            seen.status_code = 303
            return seen
        session.count_wrong_date(request)
        refused = True
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OWN and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    context = {
        "site": response.site,
        "form": form,
        "refused": refused,
        "kept": kept,
        "had_files": bool(request.FILES),
        "method": request.POST[PREFIX] if asked else request.method,
        "page_has_errors": refused,
    }
    return render(request, "intake/lapsed.html", context, status=422 if asked else 403)
