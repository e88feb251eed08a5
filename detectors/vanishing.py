"""Whether a topic has left its hot lists as topics do, or was taken off while it rose.

    standing ──no entry in a whole snapshot──▶ gone ──seen again──▶ standing
                                                └── at once, from the upper half ──▶ vanishing   (lists read often)
                                                └── a day later, if it was rising ──▶ vanishing

Ordinary topics lose heat, fall through the ranks and leave at the bottom. Pure: what the snapshots held decides.
Measured in docs/decisions/0033.
"""

from collections.abc import Iterable

import msgspec

__all__ = ["Gone", "Leaver", "Marks", "has_vanished", "is_rising", "left", "marked"]

Marks = list[tuple[int, int, int]]  # (time, heat, rank or 0) of an entry, about an hour apart, the newest last

_HOUR_MS = 3_600_000
_MARK_MS = 50 * 60_000  # between two marks: hourly snapshots come a few minutes early or late
_MARKS = 3
_OFTEN_MS = 10 * 60_000  # apart at most, two snapshots show how an entry left and not only that it did
_WITNESSED_MS = 100 * 60_000  # later than that nobody saw how it left: the list was not read
_ESTABLISHED_MS = 2 * _HOUR_MS  # promoted entries stand for less
_HOT_SHARE = 0.8  # of its highest heat: it was not on its way out
_AWAY_MS = 30 * 60_000  # entries flicker, and come back reworded
_CLIMBED = 3  # places in two hours, at least
_DAY_MS = 24 * _HOUR_MS


class Leaver(msgspec.Struct, frozen=True):
    """How an entry stood in the last snapshot that held it.

    Attributes:
        rank, heat: None where the list does not tell.
        top_heat: the highest it had.
        first_ms: the first snapshot that held it.
        marks: its heat before.
        places: how many its list has, 0 where it tells none.
    """

    rank: int | None
    heat: int | None
    top_heat: int | None
    first_ms: int
    marks: Marks
    places: int = 0


class Gone(msgspec.Struct, kw_only=True):
    """A topic of which nothing stands on a list any more.

    Attributes:
        last_ms: the last snapshot that held it, `gone_ms` the first that did not.
        rank, heat: its best then.
        entries: how many of it stood then.
        was_rising: it had just reached its highest heat, and climbed, over two hours.
        was_upper: it stood firm in the upper half, and the list was read often.
        vanished_ms: when it was flagged, 0 = it is not.
    """

    last_ms: int
    gone_ms: int
    rank: int | None
    heat: int | None
    entries: int
    was_rising: bool
    was_upper: bool
    vanished_ms: int = 0

    @property
    def is_watched(self) -> bool:
        """Whether it may still be flagged."""
        return (self.was_rising or self.was_upper) and not self.vanished_ms


def marked(marks: Marks, at_ms: int, heat: int | None, rank: int | None) -> Marks:
    """The marks with a newer snapshot's heat and rank, where one is due."""
    if heat is None or (marks and at_ms - marks[-1][0] < _MARK_MS):
        return marks
    return [*marks, (at_ms, heat, rank or 0)][-_MARKS:]


def is_rising(leaver: Leaver) -> bool:
    """Whether its heat was the highest so far and had grown in each of two hours, and it had climbed.

    All heats grow in the morning: what falls through the ranks meanwhile does not rise.

    >>> is_rising(Leaver(9, 900, 900, 0, [(0, 100, 40), (3_600_000, 400, 14), (7_200_000, 900, 9)]))
    True
    """
    if leaver.heat is None or len(leaver.marks) < _MARKS:
        return False
    (_, first, low), (_, second, _), (_, third, high) = leaver.marks
    has_climbed = not low or low - max(high, leaver.rank or high) >= _CLIMBED
    return first < second < third <= leaver.heat and leaver.heat >= (leaver.top_heat or 0) and has_climbed


def _is_pinned(leaver: Leaver) -> bool:
    """A place that the platform gives or sells: it does not move for hours."""
    ranks = {rank for *_, rank in leaver.marks}
    return len(leaver.marks) == _MARKS and len(ranks) == 1


def left(leavers: Iterable[Leaver], last_ms: int, gone_ms: int) -> Gone:
    """What there is to know of a topic in the snapshot that first lacks it.

    Args:
        leavers: its entries of the last snapshot that held any; at least one.
        last_ms: the time of that snapshot.
        gone_ms: of the first one without it.
    """
    found = sorted(leavers, key=lambda leaver: (leaver.rank is None, leaver.rank or 0, -(leaver.heat or 0)))
    best, apart_ms = found[0], gone_ms - last_ms
    heat = max((leaver.heat or 0 for leaver in found), default=0)
    return Gone(
        last_ms=last_ms,
        gone_ms=gone_ms,
        rank=best.rank,
        heat=heat or None,
        entries=len(found),
        was_rising=apart_ms <= _WITNESSED_MS and is_rising(best),
        was_upper=apart_ms <= _OFTEN_MS
        and best.rank is not None
        and best.rank * 2 <= best.places
        and last_ms - best.first_ms >= _ESTABLISHED_MS
        and (best.heat or 0) >= _HOT_SHARE * (best.top_heat or 0)
        and not _is_pinned(best),
    )


def has_vanished(gone: Gone, read_ms: int) -> bool:
    """Whether it is to be flagged now; `read_ms` is its list's newest snapshot, for an unread list tells nothing."""
    if gone.was_upper and read_ms - gone.gone_ms >= _AWAY_MS:
        return True
    return gone.was_rising and read_ms - gone.last_ms >= _DAY_MS
