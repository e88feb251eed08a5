"""Why a topic was raised, term by term, as its page and the terminal show it."""

from dataclasses import dataclass

from contracts.topic import Ground, Grounds
from feeds.plain import plain
from feeds.texts import Catalogue

__all__ = ["Row", "rows_of"]


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
