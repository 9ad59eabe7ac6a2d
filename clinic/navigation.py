"""What stands in the staff header: the rooms this person may enter, in the order of a day's work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.permissions import Permission

ROOMS = (
    (Permission.VIEW_WORKLIST, "worklist", _("Worklist")),
    (Permission.ADD_NOTE, "tasks", _("Tasks")),
    (Permission.SEARCH_CASES, "search", _("Find a case")),
    (Permission.ISSUE_LINK, "locked-links", _("Locked links")),
    (Permission.VIEW_DEFINITION, "versions", _("Questionnaires and rules")),
    (Permission.VIEW_SENDING, "sending", _("Sending")),
    (Permission.MANAGE_PEOPLE, "people", _("People")),
    (Permission.VIEW_AUDIT, "trail", _("Audit trail")),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Outside the staff rooms only the site, if there is one."""
    site = getattr(request, "site", None)
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"navigation": [], "site": site}
    links = []
    for permission, name, text in ROOMS:
        if may(membership, permission):
            href = reverse(name)
            links.append({"text": text, "href": href, "current": request.path.startswith(href)})
    return {
        "navigation": links,
        "site": site,
        "role": membership.get_role_display(),
        "home_href": reverse("staff-home"),
        "search_action": reverse("search") if may(membership, Permission.SEARCH_CASES) else "",
    }
