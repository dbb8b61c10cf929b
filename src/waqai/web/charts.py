"""Geometry of the drawings that are made on the server, so that they need no JavaScript: bars by month, the step line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from waqai.days import day_range
from waqai.query.types import Month, Step

__all__ = ["Bar", "Bars", "Level", "Steps", "bars", "steps"]

WIDTH, HEIGHT = 1000, 160
_MOST_BARS, _LONG = 600, 60
# From the bottom of the drawing to its top.
STATES = ("severed", "none", "closed", "recalled", "downgraded", "liaison", "charge", "relations", "ambassador", "embassy")


class Bar(NamedTuple):
    """One month: `up` and `down` are heights over and under the middle line (cooperation and conflict)."""

    month: Month
    x: float
    width: float
    up: float
    down: float


class Bars(NamedTuple):
    """Bars, and (x, year) marks under them."""

    items: list[Bar]
    years: list[tuple[float, str]]
    first: str
    last: str
    most: int


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def bars(months: Sequence[Month]) -> Bars | None:
    """Return the bars of months; None where there is none.

    A few mentions of long ago would press what the articles are about into a corner: where the months span more than five
    years, the first twentieth and the last hundredth of the events are left to the table.
    """
    good = [m for m in months if len(m.month) >= 7]
    if not good:
        return None
    if _number(good[-1].month) - _number(good[0].month) > _LONG:
        good = _middle(good)
    last = _number(good[-1].month)
    good = [m for m in good if last - _number(m.month) < _MOST_BARS]
    first = _number(good[0].month)
    span = max(last - first + 1, 12)
    most = max(max(m.cooperation, m.conflict) for m in good) or 1
    step, half = WIDTH / span, HEIGHT / 2 - 12
    items = [
        Bar(m, round((_number(m.month) - first) * step, 2), round(max(step - 1, 0.8), 2), round(half * m.cooperation / most, 2),
            round(half * m.conflict / most, 2)) for m in good
    ]  # fmt: skip
    every = max(1, round(span / 12 / 12))
    years = [
        (round((y * 12 - first) * step, 2), str(y))
        for y in range(first // 12, last // 12 + 1)
        if y % every == 0 and y * 12 >= first
    ]
    return Bars(items, years, good[0].month, good[-1].month, most)


def _middle(months: list[Month]) -> list[Month]:
    total, seen, kept = sum(m.events for m in months), 0, []
    for m in months:
        before, seen = seen, seen + m.events
        if seen > total * 0.05 and before <= total * 0.99:
            kept.append(m)
    return kept or months


class Level(NamedTuple):
    """A step drawn: from `x` on at height `y`; `row` numbers it in the table."""

    step: Step
    x: float
    y: float
    row: int


class Steps(NamedTuple):
    """The step line as an SVG path, its points, and the (y, state) lines it may stand on."""

    path: str
    points: list[Level]
    lines: list[tuple[float, str]]
    years: list[tuple[float, str]]


def steps(found: Sequence[Step]) -> Steps | None:
    """Return the line of the actual dated steps; None where there is none."""
    dated = [(day_range(s.date)[0], n, s) for n, s in enumerate(found) if s.date and s.state in STATES]
    if not any(s.actual for _, _, s in dated):
        return None
    days = [d for d, _, _ in dated]
    low, high = min(days), max(days)
    room = max((high - low) // 12, 365)
    low, high = low - room, high + room
    used = [s for s in STATES if any(s == x.state for _, _, x in dated)]
    gap = (HEIGHT - 40) / max(len(used) - 1, 1)
    level = {s: round(HEIGHT - 24 - i * gap, 2) for i, s in enumerate(used)}
    scale = WIDTH / (high - low)
    points = [Level(s, round((d - low) * scale, 2), level[s.state], n) for d, n, s in dated]
    path, at = "", None
    for p in points:
        if p.step.actual:
            path += f"M{p.x} {p.y}" if at is None else f"H{p.x}V{p.y}"
            at = p.y
    years = _years(low, high, scale)
    return Steps(path + f"H{WIDTH}", points, [(y, s) for s, y in level.items()], years)


def _years(low: int, high: int, scale: float) -> list[tuple[float, str]]:
    from datetime import date

    first, last = date.fromordinal(max(low, 1)).year, date.fromordinal(min(high, date.max.toordinal())).year
    every = max(1, (last - first) // 10)
    return [
        (round((date(y, 1, 1).toordinal() - low) * scale, 2), str(y))
        for y in range(first + 1, last + 1)
        if y % every == 0
    ]
