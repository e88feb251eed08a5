"""What a topic was raised on: its terms as they stood at that moment, kept with it and told with each of its lines."""

from collections.abc import Iterable

import msgspec

from contracts.told import compose, release
from contracts.topic import Ground, Grounds
from detectors.burst import BurstRules
from detectors.counts import WINDOWS_MINUTES, Counts
from detectors.delta import CONVERSATION
from detectors.moments import iso

__all__ = ["Raised", "Weighed", "told_grounds", "weighed"]

_TERMS = 12
_UNTOLD = compose("")


class Weighed(msgspec.Struct, frozen=True, array_like=True):
    """One term with its numbers; see `contracts.topic.Ground`."""

    term: str
    score: float
    minutes: int
    authors: int
    expected: float
    posts: int


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """A topic at its raising; see `contracts.topic.Grounds`."""

    at_ms: int
    alarm: float
    posts: int
    authors: int
    terms: tuple[Weighed, ...]
    others: int


def weighed(
    terms: dict[str, float],
    posts: Iterable[Iterable[str]],
    counts: Counts,
    *,
    authors: int,
    at_ms: int,
    alarm: float,
    burst: BurstRules,
) -> Raised:
    """A topic as it stands now.

    Args:
        terms: its terms -> best score (bans).
        posts: the terms of each of its posts.
        counts: of all terms.
        authors: its distinct authors.
        at_ms: event time of its raising.
        alarm: bans from which one term raises a topic.
        burst: prior and spread of the score.

    Cost: some 50 microseconds a term, once a topic.
    """
    ranked = sorted(terms, key=lambda term: (-terms[term], term))
    held = [frozenset(said) for said in posts]

    def of(term: str) -> Weighed:
        window = max(WINDOWS_MINUTES, key=lambda minutes: counts.surprise(term, minutes, burst))
        return Weighed(
            term,
            round(terms[term], 2),
            window,
            counts.authors(term, window),
            round(counts.expected(term, window, burst), 2),
            sum(term in said for said in held),
        )

    return Raised(
        at_ms=at_ms,
        alarm=round(alarm, 2),
        posts=len(held),
        authors=authors,
        terms=tuple(map(of, ranked[:_TERMS])),
        others=len(ranked[_TERMS:]),
    )


def told_grounds(raised: Raised, shown: set[str]) -> Grounds:
    """The same as a line tells it: a term is named once it may be shown, and counted before."""
    return Grounds(
        at=iso(raised.at_ms),
        alarm=raised.alarm,
        posts=raised.posts,
        authors=raised.authors,
        terms=[
            Ground(
                release(found.term, shown) if found.term in shown else _UNTOLD,
                found.term.startswith(CONVERSATION),
                *msgspec.structs.astuple(found)[1:],
            )
            for found in raised.terms
        ],
        others=raised.others,
    )
