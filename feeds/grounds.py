"""Why a topic was raised, term by term or entry by entry, as its page and the terminal show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.topic import Ground, Grounds, Listed
from detectors.list_grounds import parts_told
from detectors.reasons import list_name
from feeds.plain import plain
from feeds.texts import Catalogue

__all__ = ["ListedRow", "Row", "listed_of", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One term, or several that may not be told and have the same numbers.

    Attributes:
        term: as shown; `is_told` whether it is the term itself, and not words of ours for it.
        people: how many used it, in so many `minutes`; `usual` would have.
    """

    term: str
    is_told: bool
    score: str
    people: int
    minutes: int
    usual: str
    posts: int


def rows_of(grounds: Grounds, t: Catalogue) -> list[Row]:
    """The terms in order; those that may not be told are one row for each set of the same numbers."""
    counted: dict[Ground, int] = {}
    for found in grounds.terms:
        counted[found] = counted.get(found, 0) + 1
    return [_row(found, times, t) for found, times in counted.items()]


def _row(found: Ground, times: int, t: Catalogue) -> Row:
    ours = t("topic.grounds.conversation") if found.is_conversation else t("topic.grounds.veiled")
    name = plain(found.term, 40) or ours
    return Row(
        term=f"{name} × {times}" if times > 1 else name,
        is_told=bool(found.term),
        score=f"{found.score:.1f}",
        people=found.authors,
        minutes=found.minutes,
        usual=f"{found.expected:.2f}" if found.expected < 1 else f"{found.expected:.1f}",
        posts=found.posts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One entry of a hot list.

    Attributes:
        title: as shown; `is_told` whether it is its own, or what of it may be told.
        name, rank, heat: where it stood at best.
        judge: how far it is about children.
        odds: that it tells of one event with those before it, one for each topic that it joined; `parts` likewise.
    """

    title: str
    is_told: bool
    name: str
    rank: str
    heat: str
    judge: str
    odds: list[str]
    parts: list[str]


def listed_of(listed: Sequence[Listed], t: Catalogue) -> list[ListedRow]:
    """The entries in the order in which they joined."""
    return [
        ListedRow(
            title=plain(entry.title, 60) or t("topic.listed.veiled"),
            is_told=bool(entry.title),
            name=list_name(entry.name, t.language),
            rank="" if entry.rank is None else str(entry.rank),
            heat="" if entry.heat is None else f"{entry.heat:,}",
            judge=f"{entry.relevance} %" if entry.relevance else "",
            odds=[f"{tie.odds:+.1f}" for tie in entry.ties],
            parts=[parts_told(tie, t.language) for tie in entry.ties],
        )
        for entry in listed
    ]
