"""Why a topic was raised: its scores term by term, or its entries place by place. Pure; for people at a console.

A term that may not be shown is counted but not named, as everywhere (detectors/broadcast.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from contracts.told import Told
from contracts.topic import Asked, Audience, Campaign, Flag, Tie, TopicLine, Uptake, Vanished
from detectors.broadcast import Broadcast
from detectors.burst import BurstRules
from detectors.counts import RING_MINUTES, WINDOWS_MINUTES, Counts
from detectors.delta import CONVERSATION
from detectors.list_topics import Entry, ListTopic
from detectors.regions import told_regions
from detectors.topics import Topic

__all__ = ["EntryPlace", "Explanation", "TermScore", "WindowScore", "explain_listed", "explain_posts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowScore:
    """One term in one window: `bans` is -log10 of the chance bound, 0 where it is no surprise."""

    minutes: int
    authors: int
    expected: float
    bans: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TermScore:
    """One term of a topic.

    Attributes:
        term: "" where it may not be shown.
        is_conversation: it stands for an original and all that quotes it.
        windows: now, shortest first.
        best_bans: the highest score it has had in this topic.
        posts: of the topic's posts of the last hour, how many hold it.
    """

    term: str
    is_conversation: bool
    windows: tuple[WindowScore, ...]
    best_bans: float
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPlace:
    """One entry of a hot list; ranks and heats are None where none is told.

    `title`, `relevance` and `ties` are those of `contracts.topic.Listed`; the title is None of one beyond those that a
    line tells.
    """

    title: str | None
    list: str
    rank: int | None
    heat: int | None
    top_rank: int | None
    top_heat: int | None
    first_ms: int
    stands: bool
    relevance: int = 0
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a topic rests on at one moment.

    Attributes:
        topic: id.
        title, state, reason, flags: as told last.
        since: event time of its beginning, as on its line.
        at_ms: the moment, event time.
        raised_ms: when it was raised; of a topic from hot lists that has closed and gone on, the last time.
        alarm_bans, low_bans: from which one term raises a topic, and joins one.
        posts, authors: its evidence of the last hour.
        regions: that may be told of them, as on its line.
        top_share, asked, audience, uptake, vanishing, campaign: as on its line.
        terms: best score first; empty for a topic from hot lists.
        entries: in the order in which they joined; empty for a topic of posts.
    """

    topic: str
    title: str
    state: str
    reason: str
    flags: tuple[Flag, ...]
    since: str
    at_ms: int
    raised_ms: int
    alarm_bans: float
    low_bans: float
    posts: int = 0
    authors: int = 0
    regions: dict[Told, int] = field(default_factory=dict)
    top_share: float | None = None
    asked: Asked | None = None
    audience: Audience | None = None
    uptake: tuple[Uptake, ...] = ()
    vanishing: tuple[Vanished, ...] = ()
    campaign: Campaign | None = None
    terms: tuple[TermScore, ...] = ()
    entries: tuple[EntryPlace, ...] = ()


def explain_posts(
    topic: Topic,
    counts: Counts,
    *,
    at_ms: int,
    alarms: tuple[float, float],
    burst: BurstRules,
    broadcast: Broadcast,
) -> Explanation | None:
    """A topic's terms, best score first; None before it is raised. `alarms` are high and low.

    Cost: some 100 microseconds a term.
    """
    if topic.line is None:
        return None
    return replace(
        _told(topic.id, topic.line, topic.raised_ms, at_ms, alarms),
        posts=len(topic.posts),
        authors=len(topic.authors()),
        regions=told_regions(topic.regions()),
        top_share=topic.line.top_share,
        asked=topic.line.asked,
        audience=topic.line.audience,
        uptake=tuple(topic.line.uptake),
        vanishing=tuple(topic.line.vanishing),
        campaign=topic.line.campaign,
        terms=tuple(_term(term, topic, counts, burst, broadcast) for term in topic.core(len(topic.terms))),
    )


def explain_listed(
    topic: ListTopic, standing: Iterable[Entry], *, at_ms: int, alarms: tuple[float, float]
) -> Explanation | None:
    """A list topic's entries, in the order in which they joined; `standing` are those on a list now."""
    if topic.line is None:
        return None
    stands = {entry.ranking.id for entry in standing}
    told = chain((entry.title for entry in topic.line.listed), repeat(None))  # more entries than a line tells
    return replace(
        _told(topic.id, topic.line, topic.raised_ms, at_ms, alarms),
        vanishing=tuple(topic.line.vanishing),
        entries=tuple(
            _place(entry, title, stands=entry.ranking.id in stands)
            for entry, title in zip(topic.entries.values(), told, strict=False)
        ),
    )


def _told(name: str, line: TopicLine, raised_ms: int, at_ms: int, alarms: tuple[float, float]) -> Explanation:
    return Explanation(
        topic=name,
        title=line.title,
        state=line.state,
        reason=line.reason,
        flags=tuple(line.flags),
        since=line.since,
        at_ms=at_ms,
        raised_ms=raised_ms,
        alarm_bans=alarms[0],
        low_bans=alarms[1],
    )


def _place(entry: Entry, title: str | None, *, stands: bool) -> EntryPlace:
    ranking = entry.ranking
    return EntryPlace(
        title=title,
        list=ranking.list,
        rank=ranking.rank,
        heat=ranking.heat,
        top_rank=entry.top_rank,
        top_heat=entry.top_heat,
        first_ms=entry.first_ms,
        stands=stands,
        relevance=ranking.relevance,
        ties=tuple(entry.ties),
    )


def _term(term: str, topic: Topic, counts: Counts, burst: BurstRules, broadcast: Broadcast) -> TermScore:
    is_conversation = term.startswith(CONVERSATION)
    is_shown = term in topic.shown or broadcast.may_show(term, counts.authors(term, RING_MINUTES))
    return TermScore(
        term=term if is_shown and not is_conversation and term not in topic.withheld else "",
        is_conversation=is_conversation,
        windows=tuple(
            WindowScore(
                minutes=window,
                authors=counts.authors(term, window),
                expected=counts.expected(term, window, burst),
                bans=counts.surprise(term, window, burst),
            )
            for window in WINDOWS_MINUTES
        ),
        best_bans=topic.terms[term],
        posts=sum(term in post.terms for post in topic.posts.values()),
    )
