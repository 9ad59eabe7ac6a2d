"""Pages in a language that is written from right to left."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

pytestmark = pytest.mark.system
CSS = Path(settings.BASE_DIR) / "static" / "threshold.css"
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
