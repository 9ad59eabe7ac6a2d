"""Somebody who has no mouse: Tab, arrows, space, Enter and letters are all they press."""

from __future__ import annotations

from typing import Any

from tests.system.walker import Patient

MOST_TABS = 120


class ByKeyboard(Patient):
    """The same patient, whose hands never leave the keys."""

    def presses(self, button: str) -> None:
        self.tabs_to(f"button:has-text('{button}'):focus, a.nhsuk-button:has-text('{button}'):focus")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follows(self, link: str) -> None:
        self.tabs_to(f"a:has-text('{link}'):focus")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tabs_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.locator(selector).count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab on {self.path}")

    def _fill(self, name: str, value: Any) -> None:
        if self.page.locator(f"[name='{name}_year']").count():
            parts = [*str(value).split("-"), "", ""][:3]
            for part, typed in reversed(list(zip(("year", "month", "day"), parts, strict=True))):
                if typed:
                    self._types(f"{name}_{part}", typed.lstrip("0"))
            return
        control = self.page.locator(f"[name='{name}']:not([type=hidden])")
        kind = control.first.get_attribute("type") or "text"
        if kind == "radio":
            self._chooses(
                name,
                {True: "true", False: "false"}.get(value, str(value))
                if isinstance(value, bool)
                else str(value),
            )
        elif kind == "checkbox":
            wanted = [control.first.get_attribute("value")] * value if isinstance(value, bool) else value
            for one in wanted:
                self.tabs_to(f"[name='{name}'][value='{one}']:focus")
                self.page.keyboard.press("Space")
        elif isinstance(value, list):
            self._fill_entries(name, value)
        else:
            self._types(name, str(value))

    def _types(self, name: str, text: str) -> None:
        """Into the box of that name; of several, into the one that is still blank."""
        blank = f"[name='{name}'][value='']:focus, [name='{name}']:not([value]):focus"
        several = self.page.locator(f"[name='{name}']").count() > 1
        self.tabs_to(blank if several else f"[name='{name}']:focus")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text) if text else self.page.keyboard.press("Delete")

    def _chooses(self, name: str, value: str) -> None:
        """Tab enters a group of radios once; the arrows go on inside it and choose."""
        self.tabs_to(f"[name='{name}']:focus")
        wanted = self.page.locator(f"[name='{name}'][value='{value}']:focus")
        if wanted.count():
            self.page.keyboard.press("Space")
        for _ in range(self.page.locator(f"[name='{name}']").count()):
            if wanted.count():
                break
            self.page.keyboard.press("ArrowDown")
        assert self.page.locator(f"[name='{name}'][value='{value}']").is_checked(), f"{name} is not {value}"
