"""Words stand out from what is behind them: AAA for text to read, AA for short labels."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SCSS = Path(settings.BASE_DIR) / "frontend" / "scss"
TOKENS = dict(
    re.findall(r"^\$([a-z-]+): (#[0-9a-fA-F]{6});", (SCSS / "_settings.scss").read_text(), re.MULTILINE)
)
TAGS = [
    (names.strip(), ground, ink)
    for names, ground, ink in re.findall(
        r"^(\.tag--[^{]+)\{ background: ([^;]+);.*? color: ([^;]+); \}",
        (SCSS / "_tags.scss").read_text(),
        re.MULTILINE,
    )
]


def colour(name: str) -> str:
    return {"#fff": "#ffffff"}.get(name, TOKENS.get(name.lstrip("$"), name))


def luminance(name: str) -> float:
    code = colour(name).lstrip("#")
    parts = [int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["$paper", "$sand", "#fff", "$amber-pale", "$pine-pale", "$sky-pale"])
@pytest.mark.parametrize("ink", ["$ink", "$ink-soft"])
def test_text_to_read(ink, ground):
    assert contrast(ink, ground) >= 7


@pytest.mark.parametrize("ground", ["$paper", "#fff", "$sand"])
@pytest.mark.parametrize("ink", ["$pine", "$alarm", "$leaf"])
def test_links_and_errors(ink, ground):
    assert contrast(ink, ground) >= 6


@pytest.mark.parametrize(("name", "ground", "ink"), TAGS, ids=[name for name, _, _ in TAGS])
def test_tags(name, ground, ink):
    assert contrast(ink, ground) >= 7


def test_all_tags_were_read():
    assert len(TAGS) == 12


def test_white_on_the_brand_and_on_alarm():
    assert contrast("#fff", "$pine") >= 7
    assert contrast("#fff", "$alarm") >= 7
