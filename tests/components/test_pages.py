"""Layouts, the gallery and the error pages: sound markup, a strict policy, no third party."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory

from screening import gallery
from tests.components.markup import Page

ROOT = Path(settings.BASE_DIR)
ERROR_PAGES = ("400", "403", "403_csrf", "404", "500", "503")


def show(layout: str) -> str:
    request = RequestFactory().get("/components/", {"layout": layout})
    request.user = AnonymousUser()
    request.csp_nonce = "n0nce"
    return gallery.components(request).content.decode()


@pytest.fixture(scope="module", params=["patient", "staff"])
def html(request) -> str:
    return show(request.param)


def test_the_gallery_is_sound(html):
    page = Page(html)
    assert page.broken_references() == []
    assert page.repeated_ids() == []
    assert page.unlabelled() == []
    assert len(page.all("h1")) == 1
    assert page.one("main").get("id") == "main"
    assert page.one("a", "nhsuk-skip-link").get("href") == "#main"


def test_errors_are_said_in_the_title(html):
    assert Page(html).one("title").text == "Error: Components – Threshold"


def test_the_page_names_its_language():
    assert Page(show("patient")).one("html").get("lang") == "en-gb"


def test_nothing_on_the_page_needs_an_unsafe_policy(html):
    page = Page(html)
    assert [e.attributes for e in page.elements if e.has("style")] == []
    assert [e.attributes for e in page.elements if any(name.startswith("on") for name in e.attributes)] == []
    assert page.all("style") == []
    scripts = page.all("script")
    assert 1 <= len(scripts) <= 2
    assert {script.get("nonce") for script in scripts} == {"n0nce"}
    assert all(script.get("src").startswith("/static/") for script in scripts)


def test_nothing_is_fetched_from_elsewhere(html):
    fetched = [e.get("src") or e.get("href") for e in Page(html).all() if e.tag in {"script", "link", "img"}]
    assert len(fetched) >= 3
    assert [address for address in fetched if not address.startswith("/static/")] == []


def test_every_patient_page_says_what_to_do_in_an_emergency():
    page = Page(show("patient"))
    assert "If you are very unwell or in danger call 999 now." in page.one("aside", "safety").text
    assert page.one("a", href="tel:999", role="")
    assert not Page(show("staff")).all("aside", "safety")


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_leans_on_nothing(name, settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "nowhere.Broken"}}
    page = Page(render_to_string(f"{name}.html"))
    assert page.one("h1").text
    assert page.one("title").text == f"{page.one('h1').text} – Threshold"
    assert "call 999 now" in page.one("aside").text
    assert page.all("script") == []
    assert page.broken_references() == []


def test_the_refusal_page_shows_the_reason_given():
    assert "Someone else has claimed this case" in render_to_string(
        "403.html", {"exception": "Someone else has claimed this case"}
    )


def test_a_verdict_is_a_word_and_a_shape():
    for value, word in (("met", "Met"), ("not_met", "Not met"), ("unknown", "Cannot tell")):
        page = Page(Template("{% load components %}{% verdict v %}").render(Context({"v": value})))
        assert page.one("strong").text == word
        assert page.one("svg").get("aria-hidden") == "true"
    shapes = {
        Page(Template("{% load components %}{% verdict v %}").render(Context({"v": v}))).one("path").get("d")
        for v in ("met", "not_met", "unknown")
    }
    assert len(shapes) == 3


def test_a_component_takes_nested_words_and_escapes_what_is_not_marked_safe():
    source = '{% load components %}{% component "panel" heading=title heading__level=3 html=body %}'
    page = Page(Template(source).render(Context({"title": "Sent <b>", "body": "<i>x</i>"})))
    assert page.one("h3").text == "Sent <b>"
    assert page.all("i") == []


def test_a_component_that_does_not_exist_is_said_so():
    with pytest.raises(LookupError, match="no NHS component called 'buton'"):
        Template('{% load components %}{% component "buton" %}').render(Context())
    with pytest.raises(TemplateSyntaxError):
        Template("{% load components %}{% card %}")


def test_the_styles_are_ours_small_and_ask_nobody():
    css = (ROOT / "static" / "threshold.css").read_text()
    script = (ROOT / "static" / "threshold.js").read_bytes()
    workshop = (ROOT / "static" / "workshop.css").read_text()
    assert len(css) <= 130_000
    assert len(css) + len(script) <= 135_000
    assert len(workshop) <= 10_000
    css += workshop
    assert re.findall(r"url\(\s*['\"]?(?:https?:)?//", css) == []
    assert re.findall(r"Frutiger|#005eb8|#003087", css, re.IGNORECASE) == []
    assert "MIT License" in (ROOT / "static" / "LICENSE-nhsuk-frontend.txt").read_text()


TOUCHED = ("base.html", "layouts", "components", "threshold", "errors", "allauth", "account", "mfa", "demo")


def test_no_template_holds_a_style_or_a_handler():
    files = [
        path
        for name in TOUCHED
        for path in [ROOT / "templates" / name, *(ROOT / "templates" / name).rglob("*")]
    ]
    files = [path for path in files if path.suffix == ".html"]
    assert len(files) > 40
    found = [
        path.name for path in files if re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% extends "layouts/patient.html" %}', []),
        (
            '{% extends "layouts/patient.html" %}{% block back_href %}/before/?a=1&b=2{% endblock %}',
            ["/before/?a=1&b=2"],
        ),
        ('{% extends "layouts/patient.html" %}{% block back_href %}{{ nothing }}{% endblock %}', []),
    ],
)
def test_a_page_gives_the_address_of_the_page_before(source, found):
    page = Page(Template(source).render(Context()))
    assert [link.get("href") for link in page.all("a", "nhsuk-back-link")] == found


def test_the_address_of_the_page_before_may_come_from_the_view():
    page = Page(
        Template('{% extends "layouts/patient.html" %}').render(Context({"back_href": "/x/?a=1&b=2"}))
    )
    assert page.one("a", "nhsuk-back-link").get("href") == "/x/?a=1&b=2"
