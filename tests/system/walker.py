"""What a person does in a browser: find a control by its words, type, press, read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from screening.intake.filling import PAPER
from tests.chaos.processes import until
from tests.factories.people import PASSWORD
from tests.system.looking import DESK, HEIGHT, PHONE, Looking

PATIENCE = 20_000  # milliseconds: other tests keep the machine busy
expect.set_options(timeout=PATIENCE)
SAVE = "Save and continue"
PDF = {
    "name": "gp-summary.pdf",
    "mimeType": "application/pdf",
    "buffer": PAPER,
}


class Walker:
    """A browser of their own: nobody shares cookies. What its console complains about fails the test."""

    def __init__(
        self, browser: Browser, address: str, looking: Looking, *, width: int, scripts: bool, **context: Any
    ) -> None:
        self.address, self.looking = address, looking
        size = {"width": width, "height": HEIGHT[width]}
        self.context = browser.new_context(viewport=size, java_script_enabled=scripts, **context)
        self.page: Page = self.context.new_page()
        self.scripts = scripts
        self.complaints: list[str] = []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, text: str) -> None:
        if "the server responded with a status of" not in text:  # a page that says what is wrong
            self.complaints.append(text)

    def leaves(self) -> None:
        self.context.close()
        assert self.complaints == []

    # Go and read

    def goes_to(self, path: str) -> int:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def looks(self, name: str) -> None:
        self.looking.at(self.page, name, scripts=self.scripts)

    def looks_at_phone(self, name: str) -> None:
        self.looking.at(self.page, name, scripts=self.scripts, widths=(PHONE,))

    def looks_at_error(self, name: str) -> None:
        self.looking.at_error(self.page, name, scripts=self.scripts)

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    # Press and type

    def presses(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def follows(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("a:visible", has_text=link).first.click()

    def fills(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        if self.page.locator(f"[name='{name}_year']").count():
            parts = [*str(value).split("-"), "", ""][:3]
            for part, typed in zip(("year", "month", "day"), parts, strict=True):
                if typed:
                    self.page.locator(f"[name='{name}_{part}']").fill(typed.lstrip("0"))
            return
        control = self.page.locator(f"[name='{name}']:not([type=hidden])")
        kind = control.first.get_attribute("type") or "text"
        if kind == "radio":
            chosen = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
            self.page.locator(f"[name='{name}'][value='{chosen}']").check()
        elif kind == "checkbox" and isinstance(value, bool):
            control.set_checked(value)
        elif kind == "checkbox":
            for one in value:
                self.page.locator(f"[name='{name}'][value='{one}']").check()
        elif kind == "file":
            control.set_input_files(value)  # type: ignore[arg-type]
        elif isinstance(value, list):
            self._fill_entries(name, value)
        else:
            control.fill(str(value))

    def _fill_entries(self, name: str, texts: list[str]) -> None:
        """One answer in each box, a new box for each."""
        for number, text in enumerate(texts, 1):
            if number > 1:
                self.presses("Add another")
            self._types(name, text)

    def _types(self, name: str, text: str) -> None:
        self.page.locator(f"[name='{name}']").last.fill(text)


class Patient(Walker):
    """On a small phone, whose browser runs no scripts unless it is said to."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        looking: Looking,
        answers: Mapping[str, Any],
        *,
        scripts: bool = False,
    ) -> None:
        super().__init__(browser, address, looking, width=PHONE, scripts=scripts)
        self.answers = dict(answers)

    def begins(self) -> None:
        """From the first page to the first question after the two facts."""
        self.goes_to("/")
        self.follows("Start now")
        self.fills({name: self.answers[name] for name in ("dob", "nation")})
        self.presses("Continue")

    @property
    def question(self) -> str:
        """The name of the page of questions that is open, or nothing."""
        parts = self.path.strip("/").split("/")
        return parts[1] if len(parts) == 2 and parts[0] == "form" else ""

    def asked(self) -> list[str]:
        asked = self.page.locator("input[name=asked]")
        return [asked.nth(place).input_value() for place in range(asked.count())]

    def goes_on_to(self, question: str, *, looking: bool = False) -> None:
        """Answers every page on the way to this one, which stays open."""
        while self.question != question:
            at = self.question
            assert at not in ("", "check", "advice"), f"{self.path} came before {question}"
            if looking:
                self.looking.at_another(self.page, f"question-{at}", scripts=self.scripts)
            self.answers_page()
            assert self.question != at, f"{at} asks again: {self.page.locator('main').inner_text()}"

    def answers_page(self) -> None:
        for name in self.asked():
            value = self.answers[name]
            if name == "treatments":
                self.adds_treatments(value)
            elif value != "":
                self._fill(name, value)
        self.presses(SAVE)

    def adds_treatments(self, treatments: list[dict[str, Any]]) -> None:
        for number, treatment in enumerate(treatments):
            self.follows("Add another" if number else "Add the first one")
            left = dict(treatment)
            while left:
                self.looking.at_another(self.page, f"treatment-{number}-{len(left)}", scripts=self.scripts)
                here = [name for name in left if self._is_asked(name)]
                assert here, f"nobody asks for {left}"
                self.fills({name: left.pop(name) for name in here})
                self.presses(SAVE)
            self.skips_the_rest()

    def skips_the_rest(self) -> None:
        """Parts of a treatment that only ask for what this patient does not know."""
        while self.question == "":
            self.presses(SAVE)

    def _is_asked(self, name: str) -> bool:
        return self.page.locator(f"[name='{name}']:not([type=hidden]), [name='{name}_year']").count() > 0

    def opens_link(self, link: str, *, born: str) -> None:
        """A link from a mail, here at the address that this test serves."""
        self.goes_to(urlsplit(link).path)
        self.fills({"date_of_birth": born})
        self.presses("Continue")


class Staff(Walker):
    """At a desk, with scripts as they are."""

    def __init__(
        self, browser: Browser, address: str, looking: Looking, *, state: dict[str, Any] | None = None
    ) -> None:
        super().__init__(browser, address, looking, width=DESK, scripts=True, storage_state=state)

    def signs_in(self, email: str, secret: str, *, looking: bool = False) -> None:
        self.goes_to("/staff/")
        if looking:
            self.looks("sign-in")
        self.fills({"login": email, "password": PASSWORD})
        self.presses("Sign in")
        if looking:
            self.looks("sign-in-code")
        self.fills({"code": code_for(secret)})
        self.presses("Sign in")

    def opens_case(self, reference: str) -> None:
        assert self.goes_to(f"/staff/cases/{reference}/") == 200


def code_for(secret: str) -> str:
    """The code that an authenticator app shows, with time left to type it."""
    left = lambda: TOTP_PERIOD - time.time() % TOTP_PERIOD  # noqa: E731
    until(lambda: left() > 3, seconds=5, what="the next code")
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD)))
