"""Which topics an operator sees, and in which order: pure."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from contracts.platforms import PLATFORMS
from contracts.topic import FLAGS, State
from contracts.triage import Status, Triage, status_of
from detectors.categories import CATEGORIES
from feeds.board import Entry
from feeds.curve import usual

__all__ = ["CHOICES", "Cursor", "Filter", "Page", "matches", "page_of", "rank", "select"]

_STATES: tuple[State, ...] = ("emerging", "trending", "fading", "closed")
_MAX_QUERY = 100

Cursor = tuple[int, int, bool, int, float, int, str]
_cursors: "msgspec.json.Decoder[Cursor]" = msgspec.json.Decoder(Cursor)

# what each filter may be, besides "" for "does not matter"; a region is one of those that topics have now
CHOICES: dict[str, tuple[str, ...]] = {
    "state": (*_STATES, "all"),
    "category": tuple(CATEGORIES),
    "platform": tuple(PLATFORMS),
    "flag": FLAGS,
    "triage": ("open", "confirmed", "dismissed", "muted", "merged", "all"),
}


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator wants to see; the defaults show what is live and not put aside.

    Attributes:
        state: one, "all", or "" = all but closed.
        category, platform, region, flag: one that the topic must have, or "".
        triage: a status, "all", or "" = open and confirmed.
        q: words that title, keywords or id must hold, each.
        mine: only what is assigned to the one who asks.
    """

    state: str = ""
    category: str = ""
    platform: str = ""
    region: str = ""
    flag: str = ""
    triage: str = ""
    q: str = ""
    mine: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        """From the parameters of an address; what is no choice does not matter, so that no old link is an error."""
        chosen = {name: given[name] for name, known in CHOICES.items() if given.get(name) in known}
        return cls(
            **chosen,
            region=given.get("region", "")[:_MAX_QUERY],
            q=given.get("q", "").strip()[:_MAX_QUERY],
            mine=given.get("mine") in ("1", "true", "on"),
        )

    def parameters(self) -> dict[str, str]:
        """As the address has it: only what is not the default."""
        given = {name: getattr(self, name) for name in (*CHOICES, "region", "q")}
        return {name: value for name, value in given.items() if value} | ({"mine": "1"} if self.mine else {})


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some topics in order; `after` goes on behind them, None at the end."""

    entries: list[Entry]
    after: str | None
    total: int


def rank(entry: Entry) -> Cursor:
    """Sorts the most pressing first: children in danger, exposure, more people than usual, then state, score, size.

    The id comes last, so that the order is the same every time.
    """
    line = entry.line
    return (
        -("minor-at-risk" in line.flags),
        -("exposure" in line.flags),
        line.expected > 0 and line.authors <= usual(line.expected)[1],  # a list's topics expect nobody
        _STATES.index(line.state),
        -line.score,
        -line.authors,
        line.topic,
    )


def matches(entry: Entry, triage: Triage, wanted: Filter, *, who: str, now_ms: int) -> bool:
    """Whether the operator `who` wants to see the topic."""
    line = entry.line
    return (
        _is_state(line.state, wanted.state)
        and (not wanted.category or wanted.category in line.categories)
        and (not wanted.platform or wanted.platform in line.platforms)
        and (not wanted.region or wanted.region in line.regions)
        and (not wanted.flag or wanted.flag in line.flags)
        and _is_status(status_of(triage, line.flags, now_ms), wanted.triage)
        and (not wanted.mine or (who != "" and triage.assignee == who))
        and _says(entry, wanted.q)
    )


def select(
    entries: Iterable[Entry], triages: Mapping[str, Triage], wanted: Filter, *, who: str, now_ms: int
) -> list[Entry]:
    """The wanted topics, the most pressing first. Cost: a few milliseconds for 500 topics."""
    none = Triage()
    found = (
        entry
        for entry in entries
        if matches(entry, triages.get(entry.line.topic, none), wanted, who=who, now_ms=now_ms)
    )
    return sorted(found, key=rank)


def page_of(entries: Sequence[Entry], *, after: str | None, limit: int) -> Page:
    """A page of topics in order, behind the cursor of the page before.

    A cursor is a place in the order, not a number of topics: what comes in meanwhile shifts nothing.

    Raises:
        ValueError: the cursor is none of ours.
    """
    rest = list(entries)
    if after:
        place = _place(after)
        rest = [entry for entry in rest if rank(entry) > place]
    shown = rest[:limit]
    has_more = len(rest) > limit
    return Page(entries=shown, after=_cursor(rank(shown[-1])) if has_more else None, total=len(entries))


def _cursor(place: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place(cursor: str) -> Cursor:
    try:
        return _cursors.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise ValueError("cursor: it is none that this feed gave") from None


def _is_state(state: State, wanted: str) -> bool:
    return wanted in ("all", state) or (not wanted and state != "closed")


def _is_status(status: Status, wanted: str) -> bool:
    return wanted in ("all", status) or (not wanted and status in ("open", "confirmed"))


def _says(entry: Entry, query: str) -> bool:
    line = entry.line
    said = "\n".join((line.title, *line.keywords, line.topic)).casefold()
    return all(word in said for word in query.casefold().split())
