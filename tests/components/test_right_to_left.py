"""Pages in a language that is written from right to left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from playwright.sync_api import Browser

pytestmark = pytest.mark.system
CSS = Path(settings.BASE_DIR) / "static" / "threshold.css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
WORDS = "كلمات كثيرة تملأ السطر كله حتى النهاية ثم سطرا آخر"
PHONE = 320
# What is drawn before the words of an answer: how far its sides are within those of its input.
DRAWN = """() => [...document.querySelectorAll('input')].map((input) => {
    const box = input.getBoundingClientRect(), item = input.parentElement.getBoundingClientRect();
    const drawn = getComputedStyle(input.nextElementSibling, '::before');
    const left = item.left + parseFloat(drawn.left);
    return [left - box.left, box.right - left - parseFloat(drawn.width)];
})"""
ANSWERS = """<div class="nhsuk-{kind}"><div class="nhsuk-{kind}__item">
<input class="nhsuk-{kind}__input" id="one" type="{control}">
<label class="nhsuk-label nhsuk-{kind}__label" for="one">{words}</label></div></div>"""


@pytest.mark.parametrize("direction", ["rtl", "ltr"])
@pytest.mark.parametrize(("kind", "control"), [("radios", "radio"), ("checkboxes", "checkbox")])
def test_no_ring_or_box_is_drawn_over_the_words_of_its_answer(
    browser: Browser, kind: str, control: str, direction: str
) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 400})
    answers = ANSWERS.format(kind=kind, control=control, words=WORDS)
    page.set_content(f"<style>{CSS.read_text()}</style><body dir={direction}>{answers}")
    for before, after in page.evaluate(DRAWN):
        assert min(before, after) >= 0, "it stands where the input is"
    page.close()


# How far right the first and the last digit of the number stand.
DIGITS = """() => {
    const text = document.querySelector('p').firstChild, range = document.createRange();
    const at = (place) => {
        range.setStart(text, place);
        range.setEnd(text, place + 1);
        return range.getBoundingClientRect().x;
    };
    return [at(text.data.indexOf('0')), at(text.data.lastIndexOf('9'))];
}"""


def test_a_phone_number_is_read_in_the_order_in_which_it_is_dialled(browser: Browser) -> None:
    call = Template("{% load components %}<p>\u0627\u062a\u0635\u0644 {{ number|dialled }}</p>")
    page = browser.new_page()
    with translation.override("ar"):
        page.set_content(f"<body dir=rtl>{call.render(Context({'number': '0117 496 0199'}))}")
    first, last = page.evaluate(DIGITS)
    assert first < last
    page.close()


def test_every_page_writes_the_number_of_its_clinic_like_that() -> None:
    bare = re.compile(r"(?:phone=|{{ )(?:\w+\.)?(?:site|only|page)\.phone\b(?!\|dialled)")
    assert [path.name for path in TEMPLATES.rglob("*.html") if bare.search(path.read_text())] == []
