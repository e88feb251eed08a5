"""A topic's curve as places in a drawing: pure numbers, no markup.

authors
  max ┤          ╭──╮         line: authors of the last 60 minutes
      │    ╭─────╯  ╰──       band: what is usual, expected ± 2 √expected (authors count like Poisson)
    0 ┴────┴────────────▶     moments: where a state began

and the same once more, small, for each platform: its posts, and what is usual there.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.topic import State
from feeds.board import Entry, Point

__all__ = ["PANEL_HEIGHT", "PANEL_WIDTH", "Curve", "Mark", "Panel", "curve_of", "shares", "spark", "usual"]

WIDTH, HEIGHT = 720, 220
_LEFT, _TOP, _BOTTOM, _RIGHT = 44, 16, 28, 12
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
SHARE_HEIGHT = 60
PANEL_WIDTH, PANEL_HEIGHT = 280, 120
_PANEL_LEFT, _PANEL_TOP, _PANEL_BOTTOM = 34, 10, 20
_SPARK_MS = 3 * 3_600_000
_STEPS = (1, 2, 5)
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis, or the moment of a state: where, and what stands there (epoch ms, or a count)."""

    place: float
    value: int
    state: State | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All that is drawn; `points` as SVG has them: "x,y x,y".

    Attributes:
        authors: the line; `end` its last point.
        band: the closed outline of what is usual.
        expected: its middle.
        panels: platform -> the same of its posts.
        xs, ys: marks of the axes; `moments` of the states.
    """

    authors: str
    end: tuple[float, float]
    band: str
    expected: str
    panels: dict[str, "Panel"]
    xs: tuple[Mark, ...]
    ys: tuple[Mark, ...]
    moments: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One platform, in a box of PANEL_WIDTH x PANEL_HEIGHT.

    Attributes:
        posts: the line; `end` its last point.
        band, expected: of people usually there; "" where no line told.
        low, high: ends of the band now.
        top: what the upper edge stands for, at `top_y`; `base_y` is 0.
        moments: places of the states' beginnings.
    """

    posts: str
    end: tuple[float, float]
    band: str
    expected: str
    low: float
    high: float
    top: int
    top_y: float
    base_y: float
    moments: tuple[Mark, ...]


def usual(expected: float) -> tuple[float, float]:
    """Least and most that is usual where so many are expected.

    >>> usual(9.0)
    (3.0, 15.0)
    """
    spread = 2 * math.sqrt(max(expected, 0.0))
    return max(expected - spread, 0.0), expected + spread


def curve_of(entry: Entry) -> Curve:
    """The whole life of a topic. Cost: under a millisecond."""
    points = entry.points
    start_ms, end_ms = points[0].at_ms, max(points[-1].at_ms, points[0].at_ms + 60_000)
    most = max(1.0, *(max(point.authors, point.posts, usual(point.expected)[1]) for point in points))
    step = _step(most)
    top = math.ceil(most / step) * step

    def x(at_ms: int) -> float:
        return round(_LEFT + (at_ms - start_ms) / (end_ms - start_ms) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(count: float) -> float:
        return round(HEIGHT - _BOTTOM - count / top * (HEIGHT - _TOP - _BOTTOM), 1)

    def line(counts: Iterable[float]) -> list[str]:
        return [f"{x(point.at_ms)},{y(count)}" for point, count in zip(points, counts, strict=True)]

    upper = line(usual(point.expected)[1] for point in points)
    lower = line(usual(point.expected)[0] for point in points)
    names = sorted({name for point in points for name in point.platforms})
    return Curve(
        authors=" ".join(line(point.authors for point in points)),
        end=(x(points[-1].at_ms), y(points[-1].authors)),
        band=" ".join([*upper, *reversed(lower)]),
        expected=" ".join(line(point.expected for point in points)),
        panels={name: _panel(entry, name) for name in names},
        xs=tuple(Mark(x(at_ms), at_ms) for at_ms in _spread(start_ms, end_ms)),
        ys=tuple(Mark(y(count), count) for count in range(0, top + 1, step)),
        moments=tuple(Mark(x(max(moment.at_ms, start_ms)), moment.at_ms, moment.state) for moment in entry.moments),
    )


def _panel(entry: Entry, name: str) -> Panel:
    """A platform's posts, and the range that is usual there, over the topic's life."""
    points = entry.points
    start_ms, end_ms = points[0].at_ms, max(points[-1].at_ms, points[0].at_ms + 60_000)
    ranges = [usual(point.usual.get(name, 0.0)) for point in points]
    most = max(1.0, *(max(point.platforms.get(name, 0), high) for point, (_, high) in zip(points, ranges, strict=True)))
    step = _step(most)
    top = math.ceil(most / step) * step

    def x(at_ms: int) -> float:
        share = (max(at_ms, start_ms) - start_ms) / (end_ms - start_ms)
        return round(_PANEL_LEFT + share * (PANEL_WIDTH - _PANEL_LEFT - 6), 1)

    def y(count: float) -> float:
        return round(PANEL_HEIGHT - _PANEL_BOTTOM - count / top * (PANEL_HEIGHT - _PANEL_TOP - _PANEL_BOTTOM), 1)

    told = [(x(point.at_ms), point, found) for point, found in zip(points, ranges, strict=True) if name in point.usual]
    upper = [f"{place},{y(high)}" for place, _, (_, high) in told]
    lower = [f"{place},{y(low)}" for place, _, (low, _) in told]
    return Panel(
        posts=" ".join(f"{x(point.at_ms)},{y(point.platforms.get(name, 0))}" for point in points),
        end=(x(points[-1].at_ms), y(points[-1].platforms.get(name, 0))),
        band=" ".join([*upper, *reversed(lower)]),
        expected=" ".join(f"{place},{y(point.usual[name])}" for place, point, _ in told),
        low=ranges[-1][0],
        high=ranges[-1][1],
        top=top,
        top_y=y(top),
        base_y=y(0),
        moments=tuple(Mark(x(moment.at_ms), moment.at_ms, moment.state) for moment in entry.moments),
    )


def spark(points: Sequence[Point]) -> tuple[str, float]:
    """The last three hours, small: the line, and the height at which the usual ends."""
    end_ms = points[-1].at_ms
    shown = [point for point in points if end_ms - point.at_ms <= _SPARK_MS]
    start_ms = min(shown[0].at_ms, end_ms - 60_000)
    most = max(1.0, *(point.authors for point in shown), usual(shown[-1].expected)[1])

    def y(count: float) -> float:
        return round(SPARK_HEIGHT - 2 - count / most * (SPARK_HEIGHT - 4), 1)

    def x(at_ms: int) -> float:
        return round(2 + (at_ms - start_ms) / (end_ms - start_ms) * (SPARK_WIDTH - 4), 1)

    ground = [f"{x(shown[0].at_ms)},{y(0)}"] if len(shown) == 1 else []
    return " ".join([*ground, *(f"{x(point.at_ms)},{y(point.authors)}" for point in shown)]), y(
        usual(shown[-1].expected)[1]
    )


def shares(points: Sequence[Point], message: str) -> list[str]:
    """The share of "for" among those who take a side, over a topic's life: lines "x,y x,y", broken where nobody does.

    In a box of WIDTH x SHARE_HEIGHT, all at its top.
    """
    start_ms, length_ms = points[0].at_ms, max(points[-1].at_ms - points[0].at_ms, 60_000)
    lines: list[list[str]] = [[]]
    for point in points:
        balance = point.uptake.get(message)
        if balance is None or not balance.agree + balance.oppose:
            lines.append([])
            continue
        share = balance.agree / (balance.agree + balance.oppose)
        x, y = (point.at_ms - start_ms) / length_ms * WIDTH, SHARE_HEIGHT * (1 - share)
        lines[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(line) for line in lines if len(line) > 1]


def _step(most: float) -> int:
    """A round number that fits some four times."""
    power = 10 ** math.floor(math.log10(max(most / _TICKS, 1.0)))
    return int(next((power * step for step in _STEPS if power * step * _TICKS >= most), power * 10))


def _spread(start_ms: int, end_ms: int) -> list[int]:
    """Five moments, ends included, on whole minutes where there is room."""
    places = [start_ms + (end_ms - start_ms) * part // _TICKS for part in range(_TICKS + 1)]
    return list(dict.fromkeys(places)) if end_ms - start_ms >= _TICKS * 60_000 else [start_ms, end_ms]
