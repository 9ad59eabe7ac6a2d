"""Windows of real browsers over one draft, and what must be saved: the ground a state machine walks on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from django.test import Client

from accounts.actors import Actor
from screening.cases.models import Response
from screening.intake import services
from tests.factories import intake as factories
from tests.factories.intake import answers_in

BORN = {"day": "1", "month": "1", "year": "1980"}
# Pages of one question each, and what may be typed there.
TYPED = {
    "goals": ("goals", ["Walk", "Sleep", "Garden", ""]),
    "rf-saddle": ("rf_saddle", ["no", "old_checked"]),
    "rf-bladder": ("rf_bladder", ["no", "old_checked"]),
}
LIST = "treatments"
NAMES = ["Rest", "Heat", "Walking", "Yoga"]
REFUSED = 409
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclasses.dataclass
class Shown:
    """A page as a window shows it: which, the number of the save it saw, and what stood there."""

    page: str
    lock: str
    answer: Any


class Window:
    """A tab of a browser with its history; going back shows a page as it was, not as it is."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.history: list[Shown] = []

    @property
    def shown(self) -> Shown | None:
        return self.history[-1] if self.history else None


class Ground:
    """What the steps of a walk share. `model` is what must be saved, whatever the browsers did."""

    draft: Response
    model: dict[str, Any]
    windows: list[Window]
    sent: bool

    def enter(self, browser: Client) -> Client:
        return factories.enter(browser, self.draft, at=self.now)

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.now(tz=dt.UTC)

    def saved(self) -> dict[str, Any]:
        document = answers_in(self.draft)
        names = {item: document.get(item) or "" for item, _ in TYPED.values()}
        return {**names, LIST: [entry.get("name") for entry in document.get(LIST) or []]}

    def window(self, number: int) -> Window:
        return self.windows[number % len(self.windows)]

    def show(self, window: Window, address: str, page: str) -> Any:
        """Open a page, proving the date of birth when it asks; what it shows is what was saved."""
        answer = window.browser.get(address)
        if answer.status_code == 404:
            self.comes_back(window)
            answer = window.browser.get(address)
        if answer.status_code == 403:
            again = {f"again-date_of_birth_{part}": value for part, value in BORN.items()}
            assert window.browser.post(address, {"again": "GET", **again}).status_code == 303
            answer = window.browser.get(address)
        if self.sent or answer.status_code in (302, 404):
            return answer
        assert answer.status_code == 200
        lock = re.search(r'name="lock" value="(\d+)"', answer.content.decode())
        assert lock is not None
        seen = self.model[LIST] if page == LIST else self.model[TYPED[page][0]]
        if page == "goals":
            assert f">{seen}</textarea>" in answer.content.decode()
        elif page in TYPED:
            assert re.search(rf'value="{seen}"[^>]* checked', answer.content.decode())
        window.history.append(Shown(page, lock[1], seen))
        return answer

    def send(self, window: Window, address: str, data: dict[str, str]) -> Any:
        """Press the button; when the time ran out, prove the date of birth with what was typed kept."""
        answer = window.browser.post(address, data)
        if answer.status_code == 404:
            assert self.saved() == self.model
            self.comes_back(window)
            answer = window.browser.post(address, data)
        if answer.status_code == 403:
            assert self.saved() == self.model, "nothing is saved before the date is right"
            hidden = HIDDEN.findall(answer.content.decode())
            kept = {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}
            assert {**kept, "again": None} == {**data, "again": None}
            again = {f"again-date_of_birth_{part}": value for part, value in BORN.items()}
            answer = window.browser.post(address, {**kept, **again})
        return answer

    def comes_back(self, window: Window) -> None:
        """After hours away only a link opens the form again, in this browser as in any other."""
        token = services.issue_link(
            case=self.draft.case, by=Actor.patient(self.draft.patient_id), at=self.now
        )
        born = {f"date_of_birth_{part}": value for part, value in BORN.items()}
        assert window.browser.post(f"/go/{token}/", born).status_code == 303

    def current_lock(self, page: str) -> str:
        return str(Response.objects.values_list("page_locks", flat=True).get(pk=self.draft.pk).get(page, 0))
