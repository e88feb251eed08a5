"""Feeds, live: each address asked with the marks of its last answer, each item taken once."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from contracts.clock import Clock
from contracts.errors import SourceAwayError
from contracts.post import Post
from contracts.rejection import Rejected
from producers.answers import read_answer
from producers.author_key import AuthorKeys
from producers.fetching import Fetcher
from producers.polling import State, all_away

__all__ = ["FeedsPoll"]

_REMEMBERED = 300  # items a feed; feeds hold 20 to 100
_TIMELY_MS = 8 * 60_000  # within the ten minutes of lateness that the windows allow, less a poll's own time
_HOUR_MS = 3_600_000


class FeedsPoll:
    """New items of all feeds of a source.

    A bridge shows an item minutes or hours after it was written. One that is first seen more than eight minutes late
    counts when it is seen: event time has passed its own minute, which takes nothing in any more.
    """

    def __init__(
        self,
        name: str,
        fetcher: Fetcher,
        addresses: Sequence[str],
        *,
        keys: AuthorKeys,
        clock: Clock,
        history_hours: int,
    ) -> None:
        """`history_hours`: older items are passed over, and remembered."""
        self._name = name
        self._fetcher = fetcher
        self._addresses = addresses
        self._keys = keys
        self._clock = clock
        self._history_ms = history_hours * _HOUR_MS

    def __call__(self, state: State) -> tuple[list[Post | Rejected], State]:
        """See Poll; the state holds marks and seen items by address (hashed, for an address may hold a key)."""
        found: list[Post | Rejected] = []
        after: State = {}
        faults = []
        for place, address in enumerate(self._addresses, start=1):
            name = _hash(address)
            known = state.get(name, {"seen": []})
            try:
                answer = self._fetcher.get(address, known)
                new, after[name] = ([], known) if answer.body is None else self._new(answer.body, known["seen"])
            except SourceAwayError as error:
                faults.append((place, error))
                after[name] = known
                continue
            if answer.body is not None:
                after[name] |= answer.marks
            found += new
        if faults and len(faults) == len(self._addresses):
            raise all_away(faults)
        found.sort(key=lambda what: what.at_ms if isinstance(what, Post) else 0)
        return found, after

    def _new(self, body: bytes, seen: Sequence[str]) -> tuple[list[Post | Rejected], State]:
        now_ms = self._clock()
        known = set(seen)
        new: list[Post | Rejected] = []
        hashes = []
        for what in read_answer(body, name=self._name, keys=self._keys, fetched=lambda: now_ms):
            name = _hash(f"{what.id}{what.deleted}") if isinstance(what, Post) else _hash(what.raw)
            hashes.append(name)
            if name in known and not (isinstance(what, Post) and what.kind == "ranking"):
                continue
            if isinstance(what, Post) and what.at_ms < now_ms - _TIMELY_MS:
                if what.at_ms < now_ms - self._history_ms:
                    continue
                what = msgspec.structs.replace(what, at_ms=now_ms)  # noqa: PLW2901 - the same item, in its time
            new.append(what)
        kept = list(dict.fromkeys([*hashes, *seen]))[:_REMEMBERED]
        return new, {"seen": kept}


def _hash(text: str | bytes) -> str:
    return blake2b(text.encode(errors="replace") if isinstance(text, str) else text, digest_size=6).hexdigest()
