"""What operators have muted and split, as the detector's process knows it.

    {feed}:mutes, {feed}:splits ──▶ OrderPoll, once a second
                                     ──▶ TickOrders: which tick was judged under which ──▶ Detector.step

They are inputs like posts: a detector that is restarted repeats the ticks since its kept state and must judge them
as before. So from which tick on what is in force is noted in Redis before that tick is judged (docs/decisions/0024).
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import msgspec
import redis

from contracts.errors import StoreAwayError
from contracts.mute import Mute, decode_mute, in_force, mutes_key
from contracts.split import Split, decode_split, in_time, splits_key
from contracts.store_errors import store_errors
from detectors.mutes import Muted
from detectors.orders import NO_ORDERS, Orders

__all__ = ["Note", "OrderNotes", "OrderPoll", "TickOrders"]

log = logging.getLogger(__name__)

POLL_EVERY_S = 1.0

Kept = TypeVar("Kept")


class Note(msgspec.Struct, frozen=True, array_like=True):
    """From which tick on something is in force.

    Attributes:
        from_ms: the first tick.
        words: of each mute of words.
        topics: ids of those that are muted.
        splits: all that were told then.
    """

    from_ms: int
    words: list[list[str]]
    topics: list[str] = []
    splits: list[Split] = []


class OrderNotes(Protocol):
    """Where it is noted which ticks were judged under which orders: `streams.detect_store.DetectStore`."""

    def committed_ms(self) -> int:
        """The last tick whose lines are written, -1 before the first."""
        ...

    def heard(self) -> list[Note]:
        """Oldest first."""
        ...

    def hear(self, fence: int, note: Note) -> None:
        """Note one more."""
        ...


class OrderPoll:
    """Asks for the orders at most once a second; what was known stays while the store is away."""

    def __init__(
        self,
        client: "redis.Redis",
        *,
        now_ms: Callable[[], int],
        key_prefix: str = "",
        clock_s: Callable[[], float],
    ) -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._keys = (mutes_key(key_prefix), splits_key(key_prefix))
        self._now_ms = now_ms
        self._clock_s = clock_s
        self._ask_at_s = clock_s()
        self._mutes: list[Mute] = []
        self._splits: tuple[Split, ...] = ()

    def __call__(self) -> Orders:
        """What is in force now."""
        if self._clock_s() >= self._ask_at_s:
            self._ask_at_s = self._clock_s() + POLL_EVERY_S
            try:
                self._read()
            except StoreAwayError as error:
                log.warning("mutes and splits stay as they were: %s", error, extra={"event": "orders.waiting"})
        mutes = in_force(self._mutes, self._now_ms())
        muted = Muted.of((mute.words for mute in mutes), (mute.of_topic for mute in mutes if mute.of_topic))
        return Orders(muted=muted, splits=self._splits)

    def _read(self) -> None:
        with store_errors():
            pipeline = self._client.pipeline(transaction=False)
            for key in self._keys:
                pipeline.hvals(key)
            mutes, splits = pipeline.execute()
        self._mutes = _decoded(mutes, decode_mute)
        self._splits = tuple(sorted(_decoded(splits, decode_split), key=in_time))


class TickOrders:
    """Under which orders each tick is judged; the same for a tick that is judged again."""

    def __init__(self, notes: OrderNotes, poll: Callable[[], Orders]) -> None:
        self._notes = notes
        self._poll = poll
        self._fence = 0
        self._committed_ms = -1
        self._heard: list[tuple[int, Orders]] = []

    def begin(self, fence: int) -> None:
        """Take over with this fencing number: know what the ticks so far were judged under."""
        self._fence = fence
        self._committed_ms = self._notes.committed_ms()
        self._heard = [(note.from_ms, _orders_of(note)) for note in self._notes.heard()]

    def at(self, tick_ms: int) -> Orders:
        """For the tick that is judged next.

        Raises:
            FailStopError: another detector has taken over.
        """
        known = next((orders for from_ms, orders in reversed(self._heard) if from_ms <= tick_ms), NO_ORDERS)
        if tick_ms <= self._committed_ms:
            return known
        orders = self._poll()
        if orders != known:
            muted = orders.muted
            words = [sorted(words) for words in muted.words]
            self._notes.hear(self._fence, Note(tick_ms, words, sorted(muted.topics), list(orders.splits)))
            self._heard.append((tick_ms, orders))
            mutes, splits = len(muted.words) + len(muted.topics), len(orders.splits)
            log.info("orders taken", extra={"event": "orders.taken", "mutes": mutes, "splits": splits})
        return orders


def _orders_of(note: Note) -> Orders:
    return Orders(muted=Muted.of(note.words, note.topics), splits=tuple(note.splits))


def _decoded(found: Iterable[bytes], decode: Callable[[bytes], Kept]) -> list[Kept]:
    """Those that can be read; rubbish among them stops nobody."""
    kept: list[Kept] = []
    for packed in found:
        try:
            kept.append(decode(packed))
        except msgspec.MsgspecError:
            log.warning("a mute or split is unusable", extra={"event": "orders.unusable"})
    return kept
