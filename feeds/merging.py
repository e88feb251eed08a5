"""Topics that operators have merged, as one: pure, and undone by a split, for each goes on by its own lines.

lines of A ──▶ Entry A ─┐ merged into
lines of B ──▶ Entry B ─┴─▶ together ──▶ what the board shows as B
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

import msgspec

from contracts.topic import FLAGS, Asked, Audience, Exposure, Reached, State, TopicLine
from contracts.triage import Triage
from feeds.board import MAX_POINTS, Entry, Point

__all__ = ["roots_of", "together"]

_ALIVE: tuple[State, ...] = ("trending", "emerging", "fading", "closed")  # of several the first that one is in
_KEYWORDS = 8
_CATEGORIES = 3

Key = TypeVar("Key", bound=str)
Number = TypeVar("Number", int, float)


def roots_of(triages: Mapping[str, Triage], known: Collection[str]) -> dict[str, str]:
    """Merged topic -> the topic that stands for it, through those in between; none for one whose next has left.

    Args:
        triages: topic -> what was decided.
        known: ids of the topics on the board.
    """
    into = {name: triage.into for name, triage in triages.items() if triage.into and triage.into in known}
    return {name: _end_of(name, into) for name in into}


def together(entry: Entry, parts: Sequence[Entry]) -> Entry:
    """A topic with those that were merged into it.

    Posts add up, for each belongs to one topic. So do people, who may speak in several: their number is an upper bound.
    Title, samples and evidence are the topic's own: a look at another one's is a look of its own. Its reason, with
    numbers of its own, goes: `detectors.reasons.reason_of_line` makes one of the sums.
    """
    if not parts:
        return entry
    all_of = (entry, *parts)
    return msgspec.structs.replace(
        entry,
        line=_line(entry.line, [part.line for part in parts]),
        raised_ms=min(found.raised_ms for found in all_of),
        points=_points(all_of),
        merged=tuple(part.line.topic for part in parts),
    )


def _end_of(name: str, into: Mapping[str, str]) -> str:
    seen = {name}
    while name in into and into[name] not in seen:  # a ring, which the store does not let come about, is cut open
        name = into[name]
        seen.add(name)
    return name


def _line(line: TopicLine, parts: Sequence[TopicLine]) -> TopicLine:
    lines = (line, *parts)
    open_ones = [found for found in lines if found.state != "closed"]
    reaches = [found.reach for found in open_ones if found.reach is not None]
    flags = {flag for found in open_ones for flag in found.flags}
    vanishing = [vanished for found in lines for vanished in found.vanishing]  # also of what has closed by it
    flags |= {"vanishing"} if vanishing else set()
    is_spoken_of = any(found.posts for found in open_ones)
    return msgspec.structs.replace(
        line,
        at=max(lines, key=attrgetter("at")).at,
        state=min((found.state for found in lines), key=_ALIVE.index),
        keywords=list(dict.fromkeys(word for found in lines for word in found.keywords))[:_KEYWORDS],
        categories=list(dict.fromkeys(category for found in lines for category in found.categories))[:_CATEGORIES],
        posts=sum(found.posts for found in open_ones),
        authors=sum(found.authors for found in open_ones),
        expected=round(sum(found.expected for found in open_ones), 2),
        score=max(found.score for found in lines),
        reach=sum(reaches) if reaches else None,
        platforms=_sums(found.platforms for found in open_ones) or line.platforms,
        since=min(found.since for found in lines),
        flags=[flag for flag in FLAGS if flag in flags],
        exposure=_exposure([found.exposure for found in open_ones if found.exposure is not None]),
        regions=_sums(found.regions for found in open_ones),
        audience=_audience([found.audience for found in open_ones if found.audience is not None]),
        asked=_asked([found.asked for found in open_ones if found.asked is not None]),
        vanishing=vanishing,
        top_share=None,  # of all of them together nobody knows
        reason="" if is_spoken_of else line.reason,
        reason_in={} if is_spoken_of else line.reason_in,
    )


def _audience(found: Sequence[Audience]) -> Audience | None:
    posts = sum(one.posts for one in found)
    people = [one.people for one in found if one.people is not None]
    return (
        Audience(
            authors=sum(one.authors for one in found),
            people=sum(people) if people else None,
            followers=sum(one.followers or 0 for one in found) if people else None,
            told=round(sum(one.told * one.posts for one in found) / posts, 3) if posts else 0.0,
            posts=posts,
            own=sum(one.own for one in found),
            echoes=sum(one.echoes for one in found),
            platforms=_reached([one.platforms for one in found]),
        )
        if found
        else None
    )


def _reached(found: Sequence[Mapping[str, Reached]]) -> dict[str, Reached]:
    together: dict[str, Reached] = {}
    for platforms in found:
        for name, here in platforms.items():
            before = together.get(name, Reached(0, None))
            known = [people for people in (before.people, here.people) if people is not None]
            together[name] = Reached(before.authors + here.authors, sum(known) if known else None)
    return together


def _asked(found: Sequence[Asked]) -> Asked | None:
    return (
        Asked(
            authors=sum(one.authors for one in found),
            expected=round(sum(one.expected for one in found), 2),
            since=min(one.since for one in found),
        )
        if found
        else None
    )


def _exposure(found: Sequence[Exposure]) -> Exposure | None:
    reaches = [one.reach for one in found if one.reach is not None]
    return (
        Exposure(
            posts=sum(one.posts for one in found),
            authors=sum(one.authors for one in found),
            reach=sum(reaches) if reaches else None,
            since=min(one.since for one in found),
        )
        if found
        else None
    )


def _sums(counts: Iterable[Mapping[Key, Number]]) -> dict[Key, Number]:
    total: dict[Key, Number] = {}
    for found in counts:
        for key, count in found.items():
            total[key] = total[key] + count if key in total else count
    return dict(sorted(total.items()))


def _points(entries: Sequence[Entry]) -> tuple[Point, ...]:
    """The sum of the curves at each moment at which one of them has a point; a closed one ends with its last."""
    events = sorted(
        ((point.at_ms, number, point) for number, entry in enumerate(entries) for point in entry.points),
        key=lambda event: event[:2],
    )
    ends = [entry.points[-1].at_ms if entry.line.state == "closed" else None for entry in entries]
    now: dict[int, Point] = {}
    sums: dict[int, Point] = {}
    for at_ms, number, point in events:
        now[number] = point
        live = [held for place, held in now.items() if (end := ends[place]) is None or at_ms <= end]
        sums[at_ms] = Point(
            at_ms,
            sum(held.posts for held in live),
            sum(held.authors for held in live),
            sum(held.expected for held in live),
            _sums(held.platforms for held in live),
            usual=_sums(held.usual for held in live),
        )
    made = tuple(sums.values())
    step = -(-len(made) // MAX_POINTS)
    return made[::-1][::step][::-1]  # the newest stays
