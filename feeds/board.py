"""What the feed knows of each topic: a fold of its lines.

    lines of one topic   ──▶ absorb ──▶ Entry: the last line, its curve, the moments of its states, its wordings

The fold is pure and may be fed a line twice: what is not newer than the last one changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from contracts.topic import Balance, State, TopicLine

__all__ = ["MAX_POINTS", "Entry", "Moment", "Point", "Wording", "absorb", "at_ms_of", "moment_ms", "outlived"]

MAX_POINTS = 240  # of a curve: four hours by the minute, longer topics more coarsely towards their beginning
_MAX_WORDINGS = 20
_MAX_MOMENTS = 40

Kept = TypeVar("Kept")


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One place of the curve: what a line said at its moment of the last 60 minutes.

    Attributes:
        at_ms: event time.
        posts, authors: as the line has them.
        expected: authors that the baseline predicted.
        platforms: platform -> posts.
        uptake: message of the organisation -> where original voices stood.
        usual: platform -> people usually there; empty where no line told.
    """

    at_ms: int
    posts: int
    authors: int
    expected: float
    platforms: dict[str, int]
    uptake: dict[str, Balance] = {}
    usual: dict[str, float] = {}


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """When a topic came into a state, event time."""

    at_ms: int
    state: State


class Wording(msgspec.Struct, frozen=True, array_like=True):
    """What a topic was called from some moment on."""

    at_ms: int
    title: str
    keywords: list[str]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One topic.

    Attributes:
        line: the newest one.
        raised_ms: event time of the first line seen.
        points: oldest first, at most MAX_POINTS, one a line.
        moments: of its states, oldest first; the first is its raising.
        wordings: each change of title or keywords (not of their order), oldest first.
        merged: ids of the topics that operators merged into it, as a board shows it; none in the store.
    """

    line: TopicLine
    raised_ms: int
    points: tuple[Point, ...]
    moments: tuple[Moment, ...]
    wordings: tuple[Wording, ...]
    merged: tuple[str, ...] = ()


def absorb(entry: Entry | None, line: TopicLine) -> Entry:
    """The topic with one more line; itself where the line is a repeat or older.

    Args:
        entry: of the same topic, None at its first line.
        line: next of it on `topics.detected`.

    Raises:
        ValueError: `line.at` is no moment.
    """
    at_ms = at_ms_of(line)
    uptake = {str(found.message): found.voices for found in line.uptake}
    point = Point(at_ms, line.posts, line.authors, line.expected, line.platforms, uptake, line.usual)
    moment, wording = Moment(at_ms, line.state), Wording(at_ms, line.title, list(line.keywords))
    if entry is None:
        return Entry(line=line, raised_ms=at_ms, points=(point,), moments=(moment,), wordings=(wording,))
    if at_ms < entry.points[-1].at_ms or line == entry.line:
        return entry
    points = entry.points if at_ms > entry.points[-1].at_ms else entry.points[:-1]
    last = entry.wordings[-1]
    is_reworded = (last.title, set(last.keywords)) != (wording.title, set(wording.keywords))
    return Entry(
        line=line,
        raised_ms=entry.raised_ms,
        points=_thinned((*points, point)),
        moments=_capped(entry.moments, moment, _MAX_MOMENTS) if entry.line.state != line.state else entry.moments,
        wordings=_capped(entry.wordings, wording, _MAX_WORDINGS) if is_reworded else entry.wordings,
    )


def moment_ms(moment: str) -> int:
    """A moment of a line, ISO 8601 with zone, as epoch ms."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def at_ms_of(line: TopicLine) -> int:
    """The line's event time, epoch ms.

    Raises:
        ValueError: it is no ISO 8601 moment with a zone.
    """
    at = datetime.fromisoformat(line.at)
    if at.tzinfo is None:
        raise ValueError("line.at: it has no zone")
    return round(at.timestamp() * 1000)


def outlived(entries: Iterable[Entry], *, newest_ms: int, keep_ms: int) -> list[str]:
    """Ids of the topics without a line for longer than `keep_ms` of event time: they leave the feed."""
    return [entry.line.topic for entry in entries if newest_ms - entry.points[-1].at_ms > keep_ms]


def _thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Every second point of the older half, once there are too many; the first one stays."""
    if len(points) <= MAX_POINTS:
        return points
    half = MAX_POINTS // 2
    return points[:half:2] + points[half:]


def _capped(kept: tuple[Kept, ...], new: Kept, most: int) -> tuple[Kept, ...]:
    """The first stays, then the newest."""
    together = (*kept, new)
    return together if len(together) <= most else (together[0], *together[1 - most :])
