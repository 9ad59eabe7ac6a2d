"""What stands in the staff header: one list, by permission."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"navigation": [], "site": getattr(request, "site", None)}
