"""What stands in the staff header: the rooms this person may enter, in the order of a day's work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.manage.retention.selectors import waiting_count

ROOMS = (
    (Permission.VIEW_WORKLIST, "worklist", _("Worklist")),
    (Permission.ADD_NOTE, "tasks", _("Tasks")),
    (Permission.SEARCH_CASES, "search", _("Find a case")),
    (Permission.ENTER_FORM, "enter-form", _("Fill in a form")),
    (Permission.ISSUE_LINK, "locked-links", _("Locked links")),
    (Permission.VIEW_DEFINITION, "versions", _("Questionnaires and rules")),
    (Permission.VIEW_FIGURES, "figures", _("Figures")),
    (Permission.VIEW_SENDING, "sending", _("Sending")),
    (Permission.MANAGE_PEOPLE, "people", _("People")),
    (Permission.MANAGE_SETTINGS, "clinic-settings", _("Settings")),
    (Permission.VIEW_OLD_RECORDS, "old-records", _("Old records")),
    (Permission.VIEW_AUDIT, "trail", _("Audit trail")),
)


# What a key does. Those with a route are links in the list of keys, too; the others are told by the page.
KEYS = (
    (Permission.VIEW_WORKLIST, "j", _("Go to the next case of a list"), "", ""),
    (Permission.VIEW_WORKLIST, "k", _("Go to the case before"), "", ""),
    (Permission.VIEW_WORKLIST, "Enter", _("Open the case you are at"), "", ""),
    (Permission.VIEW_WORKLIST, "r", _("Refresh the list and stay where you are"), "", ""),
    (Permission.SEARCH_CASES, "/", _("Find a case"), "", ""),
    (Permission.VIEW_WORKLIST, "g w", _("Go to the worklist"), "worklist", ""),
    (Permission.VIEW_WORKLIST, "g m", _("Go to your own cases"), "worklist", "mine"),
    (Permission.VIEW_WORKLIST, "g f", _("Go to the cases that are free to take"), "worklist", "unclaimed"),
    (Permission.VIEW_WORKLIST, "g s", _("Go to the second reviews"), "worklist", "second"),
    (None, "?", _("Show this list of keys"), "shortcuts", ""),
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
            link = {"text": text, "href": href, "current": request.path.startswith(href)}
            links.append({**link, "tally": _waiting(membership, name)})
    if getattr(request, "works_elsewhere", False):
        href = reverse("staff-site")
        links.append({"text": _("Change clinic"), "href": href, "current": request.path == href})
    return {
        "navigation": links,
        "site": site,
        "role": membership.get_role_display(),
        "home_href": reverse("staff-home"),
        "search_action": reverse("search") if may(membership, Permission.SEARCH_CASES) else "",
        "shortcuts": [
            {"keys": keys.split(), "text": text, "href": _href(name, view)}
            for permission, keys, text, name, view in KEYS
            if permission is None or may(membership, permission)
        ],
        "keys_on": request.COOKIES.get(settings.KEYS_COOKIE_NAME) != "off",
    }


def _waiting(membership: Membership, name: str) -> int:
    """How much in this room waits for this person. Only where nothing else would tell them."""
    if name == "old-records" and may(membership, Permission.SETTLE_RECORD):
        return waiting_count(site=membership.site)
    return 0


def _href(name: str, view: str) -> str:
    if not name:
        return ""
    return f"{reverse(name)}?view={view}" if view else reverse(name)
