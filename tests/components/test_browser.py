"""The gallery in a real browser: axe, two widths, keyboard, with scripts and without."""

import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.components.test_pages import ERROR_PAGES, render_to_string, show

pytestmark = pytest.mark.system
WIDTHS = (1280, 320)
STATIC = Path(settings.BASE_DIR) / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-n0nce'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SMALL = """() => {
    const asked = 'main button, main input, main select, main summary, main a.nhsuk-button,'
        + '.nhsuk-error-summary a, footer a';
    return [...document.querySelectorAll(asked)]
        .map((e) => [e.id || e.textContent.trim(), e.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 43.5))
        .map(([name, box]) => `${name} ${box.width} x ${box.height}`);
}"""
UNSEEN = """() => {
    const e = document.activeElement;
    const label = e.closest('.nhsuk-radios__item,.nhsuk-checkboxes__item')?.querySelector('label');
    const both = (x) => [getComputedStyle(x), getComputedStyle(x, '::before')];
    const shown = (s) => s.boxShadow !== 'none' || (s.outlineStyle !== 'none' && s.outlineWidth !== '0px');
    const seen = [e, label].filter(Boolean).flatMap(both).some(shown);
    return seen ? [] : [e.outerHTML.slice(0, 120)];
}"""


@pytest.fixture(scope="module")
def site():
    """Rendered pages and the real static files, under the policy that the product is served with."""
    pages = {"/patient": show("patient"), "/staff": show("staff")}
    pages |= {f"/{name}": render_to_string(f"{name}.html") for name in ERROR_PAGES}

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self):
            file = STATIC / self.path.removeprefix("/static/")
            body = pages[self.path].encode() if self.path in pages else file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(file.suffix, "text/html; charset=utf-8"))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments):
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(browser, site, path, width=1280, **options):
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(site + path)
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/patient", "/staff", *(f"/{name}" for name in ERROR_PAGES)])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(browser, site, path, width):
    page = opened(browser, site, path, width)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(problem["id"], problem["nodes"][0]["html"]) for problem in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
    page.close()


def test_the_summary_takes_focus_and_its_links_focus_the_control(browser, site):
    page = opened(browser, site, "/patient")
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    page.get_by_role("link", name="The date must include a year").click()
    assert page.evaluate("document.activeElement.id") == "id_c-began-year"
    page.get_by_role("link", name="Choose a number from 0 to 10").click()
    assert page.evaluate("document.activeElement.id") == "id_c-worst"
    page.close()


def test_none_of_these_clears_the_rest_and_the_rest_clear_it(browser, site):
    page = opened(browser, site, "/patient")
    physio, none = page.locator("#id_b-tried"), page.locator("[name=b-tried][value=none]")
    assert physio.is_checked()
    none.check()
    assert not physio.is_checked()
    physio.check()
    assert not none.is_checked()
    page.close()


def test_a_form_sent_twice_is_sent_once(browser, site):
    page = opened(browser, site, "/patient")
    # A throwaway frame takes the answers, so that this page stays and can be pressed again.
    page.evaluate("document.querySelectorAll('form[method=post]')[0].target = 'elsewhere'")
    sent = []
    page.context.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    button = page.get_by_role("button", name="Save and continue").nth(1)
    button.dblclick()
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.close()


def test_without_scripts_a_summary_link_still_lands_on_the_control(browser, site):
    page = opened(browser, site, "/patient", java_script_enabled=False)
    page.get_by_role("link", name="The date must include a year").click()
    page.keyboard.type("2024")
    assert page.locator("#id_c-began-year").input_value() == "2024"
    page.close()


def test_targets_on_a_phone_are_large_enough(browser, site):
    page = opened(browser, site, "/patient", 320)
    small = page.evaluate(SMALL)
    assert small == []
    page.close()


def test_paper_never_shows_where_a_link_leads(browser, site):
    page = opened(browser, site, "/patient")
    page.emulate_media(media="print")
    after = "() => [...document.querySelectorAll('a')].map((a) => getComputedStyle(a, '::after').content)"
    assert set(page.evaluate(after)) == {"none"}
    page.close()


@pytest.mark.parametrize("path", ["/patient", "/staff"])
def test_focus_can_always_be_seen(browser, site, path):
    page = opened(browser, site, path)
    page.evaluate("document.activeElement.blur()")
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        unseen += page.evaluate(UNSEEN)
    assert unseen == []
    page.close()
