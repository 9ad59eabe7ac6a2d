"""What a form holds without being seen."""

from __future__ import annotations

import re

from django.http import HttpResponse

_HIDDEN = re.compile(r'<input type="hidden" name="(file|seen)" value="([^"]*)">')


def hidden(page: HttpResponse) -> dict[str, str]:
    return dict(_HIDDEN.findall(page.content.decode()))
