"""Where the marks of a drawn chart go. Plain numbers for a template that writes SVG; nothing is asked here.

A chart is never the only telling: each has a title, a description and the same data as a table. Marks carry
their values as text, so that no colour has to be told from another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 22, 24, 26
FOOT = HEIGHT - BOTTOM
INSIDE = LEFT + 14  # where a line begins: its first value stands clear of the numbers at the side
BAR_HEIGHT, BAR_STEP, BAR_TOP = 12, 42, 20  # the words of a bar stand above it, so that a phone has room


@dataclasses.dataclass(frozen=True)
class Mark:
    """A point of a line with its value above it, in the units of the drawing (pixels at full size)."""

    x: float
    y: float
    value: str
    label: str


@dataclasses.dataclass(frozen=True)
class Rule:
    """A faint line across, with the number it stands for."""

    y: float
    label: str


@dataclasses.dataclass(frozen=True)
class LineChart:
    id: str
    title: str
    description: str
    marks: list[Mark]
    rules: list[Rule]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{mark.x:g},{mark.y:g}" for mark in self.marks)

    @property
    def left(self) -> int:
        return LEFT

    @property
    def foot(self) -> int:
        return FOOT


def line_chart(
    name: str,
    title: str,
    description: str,
    points: Sequence[tuple[float, Decimal, str, str]],
    *,
    low: Decimal,
    high: Decimal,
) -> LineChart:
    """`points` are (place in time, value, value in words, when in words), in order; two at least."""
    first, last = points[0][0], points[-1][0]
    span, height = (last - first) or 1.0, float(high - low) or 1.0

    def x_of(place: float) -> float:
        return round(INSIDE + (place - first) / span * (WIDTH - RIGHT - INSIDE), 1)

    def y_of(value: Decimal) -> float:
        return round(FOOT - float(value - low) / height * (FOOT - TOP), 1)

    middle = [(low + high) / 2] if (low + high) % 2 == 0 else []
    return LineChart(
        id=name,
        title=title,
        description=description,
        marks=[Mark(x_of(place), y_of(value), words, when) for place, value, words, when in points],
        rules=[Rule(y_of(level), f"{level:f}") for level in (low, *middle, high)],
    )


@dataclasses.dataclass(frozen=True)
class Bar:
    """One bar; `foot` is the line on which its words stand."""

    y: int
    foot: int
    length: float
    label: str
    value: str


@dataclasses.dataclass(frozen=True)
class BarChart:
    id: str
    title: str
    description: str
    bars: list[Bar]
    height: int
    width: int = WIDTH
    thick: int = BAR_HEIGHT


def bar_chart(name: str, title: str, description: str, rows: Sequence[tuple[str, float, str]]) -> BarChart:
    """`rows` are (label, value, value in words). The longest bar is as long as there is room."""
    most = max((value for _, value, _ in rows), default=0.0) or 1.0
    bars = [
        Bar(
            y=number * BAR_STEP + BAR_TOP,
            foot=number * BAR_STEP + BAR_TOP - 6,
            length=round(value / most * WIDTH, 1),
            label=label,
            value=words,
        )
        for number, (label, value, words) in enumerate(rows)
    ]
    return BarChart(id=name, title=title, description=description, bars=bars, height=len(rows) * BAR_STEP)
