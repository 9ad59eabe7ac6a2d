"""Look at a page as a person would who checks everything: axe, both widths, the error summary, the title.

`SCREENSHOTS=folder make test ARGS=tests/system` keeps a picture of each page at each width.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PHONE, DESK = 320, 1280
WIDTHS = (DESK, PHONE)
HEIGHT = {PHONE: 800, DESK: 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# A link of the error summary must lead to a control that can take the focus, on this very page.
DEAD_LINKS = """() => [...document.querySelectorAll(".nhsuk-error-summary a[href^='#']")]
    .map((link) => link.hash.slice(1))
    .filter((id) => !document.getElementById(id)?.matches('input, select, textarea, button, a[href]'))"""
RUNNING_OFF = """() => [...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))"""
# What can be pressed on a patient's page, with a label that belongs to it. A link inside a sentence may be as
# low as its line (WCAG 2.2, 2.5.8: inline); what shows only when it has the focus is no target before.
SMALL = """() => {
    const box = (e) => {
        // The link of a task list covers its whole row.
        const own = (e.closest('.nhsuk-task-list__item--with-link') ?? e).getBoundingClientRect();
        const label = e.matches('[type=radio], [type=checkbox]') && e.labels?.[0]?.getBoundingClientRect();
        if (!label) return own;
        const top = Math.min(own.top, label.top), left = Math.min(own.left, label.left);
        const bottom = Math.max(own.bottom, label.bottom), right = Math.max(own.right, label.right);
        return { width: right - left, height: bottom - top };
    };
    const inSentence = (e) => e.matches('a') && getComputedStyle(e).display === 'inline'
        && e.parentElement.textContent.trim().length > e.textContent.trim().length + 3;
    const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    return [...document.querySelectorAll(pressed)]
        .filter((e) => document.body.matches('.patient') && e.checkVisibility() && !inSentence(e))
        .filter((e) => !e.matches('.nhsuk-skip-link, .nhsuk-u-visually-hidden'))
        .map((e) => [e, box(e)])
        .filter(([, size]) => size.width > 1 && (size.width < 43.5 || size.height < 43.5))
        .map(([e, size]) => `${e.outerHTML.slice(0, 90)}: ${size.width} x ${size.height}`);
}"""
CLASSES = re.compile(r'(?<= class=")[^"]*')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
AXE = Axe().axe_script


class Looking:
    """Looks at each page under a name, once for each width.

    What looks is a script itself. A page whose browser runs none is therefore shown, as it stands, in
    another window, and looked at there.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.kinds: set[frozenset[str]] = set()
        self.folder = os.environ.get("SCREENSHOTS", "")
        self.window = browser.new_page(locale="en-GB", timezone_id="Europe/London")
        self.window.goto(f"{address}/healthz")  # so that addresses in the pages lead to this server

    def at(self, page: Page, name: str, *, scripts: bool = True, widths: tuple[int, ...] = WIDTHS) -> None:
        before = page.viewport_size
        shown = page if scripts else self._shown_again(page)
        for width in widths:
            self._keep(page, name, width)
            shown.set_viewport_size({"width": width, "height": HEIGHT[width]})
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{name} runs off the side at {width} px: {shown.evaluate(RUNNING_OFF)}"
            )
            assert (found := _violations(shown)) == [], f"{name} at {width} px: {found}"
            assert (small := shown.evaluate(SMALL)) == [], f"{name} at {width} px, too small: {small}"
        if before is not None:
            page.set_viewport_size(before)
        assert page.title().endswith("– Threshold"), name
        assert shown.evaluate(DEAD_LINKS) == [], name

    def at_error(self, page: Page, name: str, *, scripts: bool = True) -> None:
        """The same, on a page that says what is wrong: in its title and in a summary that leads there."""
        expect(page).to_have_title(re.compile("^Error: "))
        assert page.locator(".nhsuk-error-summary a").count() > 0, name
        self.at(page, name, scripts=scripts)

    def at_another(self, page: Page, name: str, *, scripts: bool = True) -> None:
        """At one of many pages that differ in their words: in full only when it is made of new parts."""
        parts = frozenset(CLASSES.findall(page.locator("main").inner_html()))
        if parts not in self.kinds:
            self.kinds.add(parts)
            self.at(page, name, scripts=scripts)
            return
        shown = page if scripts else self._shown_again(page)
        shown.set_viewport_size({"width": PHONE, "height": HEIGHT[PHONE]})
        assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE, name
        assert shown.evaluate(DEAD_LINKS) == [], name

    def _shown_again(self, page: Page) -> Page:
        self.window.set_content(SCRIPT.sub("", page.content()))
        return self.window

    def _keep(self, page: Page, name: str, width: int) -> None:
        if self.folder:
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            page.screenshot(path=Path(self.folder) / f"{name}-{width}.png", full_page=True)


def _violations(page: Page) -> list[tuple[str, str]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({json.dumps(OPTIONS)}).then((found) => found.violations)")
    return [(problem["id"], node["html"]) for problem in found for node in problem["nodes"]]
