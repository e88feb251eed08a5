"""Weibo's hot search as Weibo itself answers: ajax/side/hotSearch, ajax/statuses/hot_band, m.weibo.cn's cards.

Each entry becomes a ranking of the list weibo_hot_search, under its word, never its rank. Entries that were paid for
are left out. The answer does not say when it was given: of a live source that is when it was fetched, of a file the
newest `onboard_time` of its entries, which the same content always gives again.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Post, vet
from contracts.rejection import Reason
from producers.amounts import amount
from producers.hot_list import Entry, ranking
from producers.source import Context, Format
from producers.times import time_ms

__all__ = ["HOT_SEARCH", "hot_search_format", "rankings"]

HOT_SEARCH = "weibo_hot_search"
_ARRAYS = ("realtime", "band_list")


def hot_search_format(context: Context) -> Format:
    """The format: one answer is one record."""
    return Format(
        name="Weibo hot search",
        knows=lambda value: bool(_entries(value)),
        read=lambda line: rankings(msgspec.json.decode(line), context),
    )


def rankings(answer: object, context: Context) -> Iterator[Post | UnusablePostError]:
    """The posts of one answer, or what is wrong with an entry, with its bytes.

    Raises:
        UnusablePostError: nothing says when it was given.
    """
    entries = [entry for entry in _entries(answer) if isinstance(entry, dict)]
    at_ms = context.fetched() if context.fetched is not None else _newest_ms(entries)
    for place, entry in enumerate(entries, start=1):
        if entry.get("is_ad") or entry.get("ad_info") or entry.get("topic_ad"):
            continue
        try:
            post = ranking(HOT_SEARCH, at_ms, _entry(entry, place), context)
            vet(post, received_ms=at_ms)
        except UnusablePostError as error:
            yield UnusablePostError(error.reason, error.detail, raw=msgspec.json.encode(entry))
        else:
            yield post


def _entries(answer: object) -> list[Any]:
    data = answer.get("data") if isinstance(answer, dict) else None
    for name in _ARRAYS:
        found = data.get(name) if isinstance(data, dict) else None
        if isinstance(found, list):
            return found
    cards = data.get("cards") if isinstance(data, dict) else None
    groups = [card.get("card_group") for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []
    return [found for group in groups if isinstance(group, list) for entry in group if (found := _of_card(entry))]


def _of_card(entry: object) -> dict[str, Any] | None:
    """An entry among m.weibo.cn's cards: `desc` is the title, `desc_extr` ends in the heat.

    The one that is pinned above the list has no heat and no rank; what was paid for has a `promotion`.
    """
    if not isinstance(entry, dict) or "mblog" in entry or not entry.get("desc") or not entry.get("desc_extr"):
        return None
    heat = str(entry["desc_extr"]).rpartition(" ")[2]
    return {"word": entry["desc"], "num": heat, "is_ad": "promotion" in entry}


def _entry(entry: dict[str, Any], place: int) -> Entry:
    """`realpos` is the rank that people see; where it is missing, the place among all entries."""
    word = entry.get("word") or entry.get("note") or ""
    if not isinstance(word, str):
        raise UnusablePostError(Reason.WRONG_SHAPE, "word: no text")
    heat = entry.get("num") if entry.get("num") is not None else entry.get("raw_hot")
    return Entry(rank=amount(entry.get("realpos")) or place, title=word, hot=amount(heat) or None)


def _newest_ms(entries: list[dict[str, Any]]) -> int:
    times = [amount(entry.get("onboard_time")) for entry in entries]
    if not any(times):
        raise UnusablePostError(Reason.WRONG_SHAPE, "onboard_time: no entry says when it was")
    try:
        return time_ms(max(times))
    except ValueError as error:
        raise UnusablePostError(Reason.TIME_ABSURD, "onboard_time: no time") from error
