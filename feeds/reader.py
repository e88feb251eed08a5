"""Topic lines into the store: the fold of `board.py`, a batch at a time, each with the offset behind it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from contracts.topic import TopicLine
from feeds.board import Entry, absorb, outlived
from feeds.feed_store import FeedStore

__all__ = ["BoardWriter", "decode_line"]

log = logging.getLogger(__name__)

_DAY_MS = 24 * 3_600_000
_lines: "msgspec.json.Decoder[TopicLine]" = msgspec.json.Decoder(TopicLine)


def decode_line(value: bytes) -> TopicLine:
    """A topic line from Kafka.

    Raises:
        ValueError: it is none.
    """
    return _lines.decode(value)


@dataclass(slots=True)
class BoardWriter:
    """The one writer of topics; a second one that is behind writes nothing and reads on from where the first is.

    Attributes:
        store: to write to.
        keep_days: of event time without a line, after which a topic leaves.
        recheck: `detectors.recheck.Recheck`.
    """

    store: FeedStore
    keep_days: int
    recheck: Callable[[TopicLine], TopicLine]
    _entries: dict[str, Entry] | None = None
    _next: int = -1
    _newest_ms: int = 0

    def begin(self) -> int:
        """Read the store; offset to go on from, -1 = from the first."""
        self._next = self.store.next()
        self._entries = self.store.topics()
        self._newest_ms = max((entry.points[-1].at_ms for entry in self._entries.values()), default=0)
        return self._next

    def is_in_step(self) -> bool:
        """Whether the store is as this writer left it; False where it was emptied, or another one wrote."""
        return self.store.next() == self._next

    def write(self, lines: Iterable[TopicLine], next_offset: int) -> bool:
        """Fold lines, up to this offset; False where another writer was faster: `begin` again.

        An unusable line is logged and passed over. A topic may be lost to the store (emptied): then its next line
        begins it anew.
        """
        entries = self._entries if self._entries is not None else {}
        changed: dict[str, Entry] = {}
        for line in lines:
            before = changed.get(line.topic, entries.get(line.topic))
            try:
                after = absorb(before, self.recheck(line))
            except ValueError as error:  # which repeats nothing of the line
                log.warning("a line is unusable: %s", error, extra={"event": "feed.unusable"})
                continue
            if after is not before:
                changed[line.topic] = after
                self._newest_ms = max(self._newest_ms, after.points[-1].at_ms)
        together = entries | changed
        gone = outlived(together.values(), newest_ms=self._newest_ms, keep_ms=self.keep_days * _DAY_MS)
        kept = [entry for name, entry in changed.items() if name not in gone]
        if not self.store.put(self._next, next_offset, kept, gone):
            self._entries = None
            return False
        self._next = next_offset
        self._entries = {name: entry for name, entry in together.items() if name not in gone}
        return True
