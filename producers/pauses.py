"""Tell the reader of a source that may fall silent that nothing is waiting, instead of letting it wait."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from producers.source import Item, Place, PostSource

__all__ = ["IDLE_S", "Paused", "with_pauses"]

IDLE_S = 1.0  # a silence that is told
_WAITING = 2000  # items at most; then the source waits (back-pressure)


@dataclass(frozen=True, slots=True)
class Paused:
    """A source that waits for more while it is read, with a None whenever it falls silent."""

    source: PostSource

    @property
    def name(self) -> str:
        """Of the source."""
        return self.source.name

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """See PostSource.items."""
        return with_pauses(item for item in self.source.items(start) if item is not None)


class _End:
    """After the last item."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def with_pauses(items: Iterator[Item], *, idle_s: float = IDLE_S) -> Iterator[Item | None]:
    """The items, and a None whenever none has come for `idle_s` since the last one: one None a silence.

    They are read on a thread of their own, which ends with the items, or with the process.

    Raises:
        whatever reading them raises.
    """
    waiting: queue.Queue[Item | _End] = queue.Queue(maxsize=_WAITING)

    def read() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                waiting.put(item)
        except BaseException as raised:  # noqa: BLE001 - handed to the thread that asked for the items
            error = raised
        waiting.put(_End(error))

    threading.Thread(target=read, name="source", daemon=True).start()
    is_silent = False
    while True:
        try:
            item = waiting.get(timeout=None if is_silent else idle_s)
        except queue.Empty:
            is_silent = True
            yield None
            continue
        is_silent = False
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            return
        yield item
