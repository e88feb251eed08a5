"""Send one source to Kafka from where it stopped: dealt, framed, acknowledged, then the cursor moves."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from contracts.frame import deal
from contracts.post import Post
from contracts.rejection import Rejected
from producers.cursor import Cursors
from producers.kafka import FrameSender, RejectedSender
from producers.source import Place, PostSource

__all__ = ["Sent", "produce"]

_ITEMS_PER_CHECK = 64  # between two looks at the clock, for frames that have been open long enough
_ITEMS_PER_CURSOR = 20_000  # between two waits for all acknowledgements, at most
_CURSOR_S = 3.0  # the same in time: what a kill has sent again at most
_PIECES = 500  # rejected pieces that are sent, and waited for, together
_PIECE_BYTES = 4 << 20  # of them


@dataclass(slots=True)
class Sent:
    """What has been sent: posts, rejected pieces by reason, newest event time (ms), place in the source."""

    posts: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    event_ms: int = 0
    place: Place = 0


def produce(
    source: PostSource,
    *,
    sender: FrameSender,
    reject: RejectedSender,
    cursor: Cursors,
    partitions: int,
    mark_ms: int,
    pause_ms: int = 0,
    on_progress: Callable[[Sent], None],
    clock_s: Callable[[], float],
    is_stopping: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send everything behind the cursor, until `is_stopping`: the cursor then stands where it has got to.

    A kill at any moment loses nothing: what was sent behind the cursor is sent again, and counted once,
    since repeats are known by their ids.

    Raises:
        SourceError: the source cannot be read.
        BrokerAwayError: Kafka is away; run it again to go on.
    """
    sent = Sent(place=cursor.read())
    rejects = _Rejects(reject)
    kept_s = clock_s()

    def keep() -> None:
        """Everything sent is acknowledged, then the cursor moves."""
        nonlocal kept_s
        rejects.flush()
        sender.flush()
        cursor.write(sent.place)
        kept_s = clock_s()
        on_progress(sent)

    dealt = deal(_posts(source, sent, rejects), partitions=partitions, mark_ms=mark_ms, pause_ms=pause_ms)
    for pieces, (partition, item) in enumerate(dealt, start=1):
        if is_stopping():
            break
        if item is None:
            keep()
            continue
        sender.send(partition, item)
        if pieces % _ITEMS_PER_CHECK == 0:
            sender.close_old()
            on_progress(sent)
        if pieces % _ITEMS_PER_CURSOR == 0 or (pieces % _ITEMS_PER_CHECK == 0 and clock_s() - kept_s >= _CURSOR_S):
            keep()
    keep()
    return sent


class _Rejects:
    """Gathers rejected pieces: one by one, each waits for the brokers' answer."""

    def __init__(self, send: RejectedSender) -> None:
        self._send = send
        self._pieces: list[Rejected] = []
        self._bytes = 0

    def add(self, piece: Rejected) -> bool:
        """Take one; true when there are as many as should be sent together."""
        self._pieces.append(piece)
        self._bytes += len(piece.raw)
        return len(self._pieces) >= _PIECES or self._bytes >= _PIECE_BYTES

    def flush(self) -> None:
        """Send them and wait until they are acknowledged."""
        if self._pieces:
            self._send(self._pieces)
            self._pieces, self._bytes = [], 0


def _posts(source: PostSource, sent: Sent, rejects: _Rejects) -> Iterator[Post | None]:
    """The posts behind `sent.place`, which goes on once all that stands at a place is with the sender.

    A None where nothing waits in the source, or where enough has been rejected to be sent.
    """
    newest = sent.place
    for item in source.items(sent.place):
        if item is None:
            sent.place = newest
            yield None
            continue
        if item.place != newest:
            sent.place, newest = newest, item.place
        if isinstance(item.what, Rejected):
            sent.rejected[item.what.reason.value] += 1
            if rejects.add(item.what):
                yield None
            continue
        sent.posts += 1
        sent.event_ms = max(sent.event_ms, item.what.at_ms)
        yield item.what
    sent.place = newest
