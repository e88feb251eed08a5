"""The size of a topic over time, as a line of blocks, and how fast it changes."""

from dataclasses import dataclass

from contracts.alert import Curve
from contracts.told import Told, compose, joined

__all__ = ["LEAST_POINTS", "Pace", "pace", "sparkline"]

_STEP_MS = 5 * 60_000
_PACE_MS = 10 * 60_000
LEAST_POINTS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """By how many the people of the last hour changed within so many minutes."""

    minutes: int
    authors: int


def pace(curve: Curve) -> Pace | None:
    """Against the newest point that is at least ten minutes older; None where there is none.

    >>> pace([(0, 10), (300_000, 12), (720_000, 40)])
    Pace(minutes=12, authors=30)
    """
    if not curve:
        return None
    now_ms, now = curve[-1]
    earlier = [(at_ms, authors) for at_ms, authors in curve if now_ms - at_ms >= _PACE_MS]
    if not earlier:
        return None
    at_ms, then = earlier[-1]
    return Pace((now_ms - at_ms) // 60_000, now - then)


def sparkline(curve: Curve) -> Told:
    """One block for five minutes, the highest for the greatest size; "" below three points.

    A step without a point keeps the height of the one before: a line is written only when something changes.

    >>> sparkline([(0, 1), (300_000, 4), (900_000, 8)])
    '▁▄▄█'
    """
    if len(curve) < LEAST_POINTS:
        return compose("")
    first, last = curve[0][0] // _STEP_MS, curve[-1][0] // _STEP_MS
    sizes = {at_ms // _STEP_MS: authors for at_ms, authors in curve}
    top = max(*sizes.values(), 1)
    drawn: list[Told] = []
    size = 0
    for step in range(max(first, last - _WIDTH + 1), last + 1):
        size = sizes.get(step, size)
        drawn.append(_block(size / top))
    return joined("", drawn)


_WIDTH = 24


def _block(share: float) -> Told:
    blocks = (
        compose("▁"),
        compose("▂"),
        compose("▃"),
        compose("▄"),
        compose("▅"),
        compose("▆"),
        compose("▇"),
        compose("█"),
    )
    return blocks[min(max(int(share * 8 + 0.5) - 1, 0), 7)]
