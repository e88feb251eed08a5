"""What operators have muted, as the detector's process knows it.

    {feed}:mutes ──▶ MutePoll, once a second ──▶ TickMutes: which tick was judged under which ──▶ Detector.step

A mute is an input like a post: a detector that is restarted repeats the ticks since its kept state and must judge them
as before. So from which tick on what is muted is noted in Redis before that tick is judged (docs/decisions/0024).
"""

import logging
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import redis

from contracts.errors import StoreAwayError
from contracts.mute import Mute, decode_mute, in_force, mutes_key
from contracts.store_errors import store_errors
from detectors.mutes import NOTHING, Muted

__all__ = ["MuteNotes", "MutePoll", "TickMutes"]

log = logging.getLogger(__name__)

POLL_EVERY_S = 1.0


class MuteNotes(Protocol):
    """Where it is noted which ticks were judged under which mutes: `streams.detect_store.DetectStore`."""

    def committed_ms(self) -> int:
        """The last tick whose lines are written, -1 before the first."""
        ...

    def heard(self) -> list[tuple[int, list[list[str]]]]:
        """(first tick, the words of each mute), oldest first."""
        ...

    def hear(self, fence: int, from_ms: int, words: list[list[str]]) -> None:
        """Note one more."""
        ...


class MutePoll:
    """Asks for the mutes at most once a second; what was known stays while the store is away."""

    def __init__(
        self,
        client: "redis.Redis",
        *,
        now_ms: Callable[[], int],
        key_prefix: str = "",
        clock_s: Callable[[], float],
    ) -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._key = mutes_key(key_prefix)
        self._now_ms = now_ms
        self._clock_s = clock_s
        self._ask_at_s = clock_s()
        self._mutes: list[Mute] = []

    def __call__(self) -> Muted:
        """What is muted now."""
        if self._clock_s() >= self._ask_at_s:
            self._ask_at_s = self._clock_s() + POLL_EVERY_S
            try:
                self._mutes = self._read()
            except StoreAwayError as error:
                log.warning("mutes stay as they were: %s", error, extra={"event": "mutes.waiting"})
        return Muted.of(mute.words for mute in in_force(self._mutes, self._now_ms()))

    def _read(self) -> list[Mute]:
        with store_errors():
            found = self._client.hvals(self._key)
        mutes: list[Mute] = []
        for packed in found:
            try:
                mutes.append(decode_mute(packed))
            except msgspec.MsgspecError:
                log.warning("a mute is unusable", extra={"event": "mutes.unusable"})
        return mutes


class TickMutes:
    """Under which mutes each tick is judged; the same for a tick that is judged again."""

    def __init__(self, notes: MuteNotes, poll: Callable[[], Muted]) -> None:
        self._notes = notes
        self._poll = poll
        self._fence = 0
        self._committed_ms = -1
        self._heard: list[tuple[int, Muted]] = []

    def begin(self, fence: int) -> None:
        """Take over with this fencing number: know what the ticks so far were judged under."""
        self._fence = fence
        self._committed_ms = self._notes.committed_ms()
        self._heard = [(from_ms, Muted.of(words)) for from_ms, words in self._notes.heard()]

    def at(self, tick_ms: int) -> Muted:
        """For the tick that is judged next.

        Raises:
            FailStopError: another detector has taken over.
        """
        known = next((muted for from_ms, muted in reversed(self._heard) if from_ms <= tick_ms), NOTHING)
        if tick_ms <= self._committed_ms:
            return known
        muted = self._poll()
        if muted != known:
            self._notes.hear(self._fence, tick_ms, [sorted(words) for words in muted.words])
            self._heard.append((tick_ms, muted))
            log.info("mutes taken", extra={"event": "mutes.taken", "mutes": len(muted.words)})
        return muted
