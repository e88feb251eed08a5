"""Send one source to Kafka from where it stopped: dealt, framed, acknowledged, then the cursor moves."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from contracts.frame import deal
from contracts.post import Post
from contracts.rejection import Rejected
from producers.cursor import Cursor, NoCursor
from producers.kafka import FrameSender, RejectedSender
from producers.source import PostSource

__all__ = ["Sent", "produce"]

_ITEMS_PER_CHECK = 64  # between two looks at the clock, for frames that have been open long enough
_ITEMS_PER_CURSOR = 20_000  # between two waits for all acknowledgements


@dataclass(slots=True)
class Sent:
    """What has been sent: posts, rejected pieces by reason, newest event time (ms), place in the source."""

    posts: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    event_ms: int = 0
    place: int = 0


def produce(
    source: PostSource,
    *,
    sender: FrameSender,
    reject: RejectedSender,
    cursor: Cursor | NoCursor,
    partitions: int,
    mark_ms: int,
    on_progress: Callable[[Sent], None],
) -> Sent:
    """Send everything behind the cursor.

    A kill at any moment loses nothing: what was sent behind the cursor is sent again, and counted once,
    since repeats are known by their ids.

    Raises:
        SourceError: the source cannot be read.
        BrokerAwayError: Kafka is away; run it again to go on.
    """
    sent = Sent(place=cursor.read())

    def posts() -> Iterator[Post]:
        newest = sent.place
        for item in source.items(sent.place):
            if item.place > newest:  # only now is all that stands at the place before it with the sender
                sent.place, newest = newest, item.place
            if isinstance(item.what, Rejected):
                sent.rejected[item.what.reason.value] += 1
                reject([item.what])
                continue
            sent.posts += 1
            sent.event_ms = max(sent.event_ms, item.what.at_ms)
            yield item.what
        sent.place = newest

    dealt = deal(posts(), partitions=partitions, mark_ms=mark_ms)
    for pieces, (partition, item) in enumerate(dealt, start=1):
        sender.send(partition, item)
        if pieces % _ITEMS_PER_CHECK == 0:
            sender.close_old()
            on_progress(sent)
        if pieces % _ITEMS_PER_CURSOR == 0:
            sender.flush()
            cursor.write(sent.place)
    sender.flush()
    cursor.write(sent.place)
    on_progress(sent)
    return sent
