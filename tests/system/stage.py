"""Where the states of the patient's pages are looked at: one clinic, and somebody new for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Site
from screening.cases.models import Response
from tests.factories.intake import baseline, draft, enter, finished_draft, response_of, submitted_case
from tests.system.walker import Patient


@dataclass
class Stage:
    """One clinic, and somebody new for each state."""

    clinic: Site
    comes: Callable[..., Patient]

    def visitor(self, path: str) -> Patient:
        sam = self.comes(scripts=True)
        sam.goes_to(path)
        return sam

    def with_form(self, response: Response, path: str) -> Patient:
        """Somebody whose browser holds this form, as after opening its link."""
        sam = self.comes(scripts=True)
        self.opens(sam, response)
        sam.goes_to(path)
        return sam

    def opens(self, sam: Patient, response: Response) -> None:
        """From now on this browser holds this form."""
        client = enter(Client(), response, at=timezone.now())
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": sam.address}
        sam.context.add_cookies([cookie])

    def before(self, page: str, **changes: Any) -> Patient:
        """Somebody who has come to this page."""
        return self.with_form(draft(self.clinic, until=page, **changes), f"/form/{page}/")

    def finished(self, path: str, **changes: Any) -> Patient:
        return self.with_form(finished_draft(self.clinic, **{**baseline(), **changes}), path)

    def sent(self, path: str, **changes: Any) -> Patient:
        return self.with_form(response_of(submitted_case(self.clinic, **changes)), path)
