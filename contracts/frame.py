"""Frame (contract): a Kafka record's value is one or more posts, a JSON object a line.

Also the order in which one source's posts meet the partitions. It stands here because a replay from a
file and a replay over Kafka must deal the same posts to the same partitions between the same marks:
then both give the same topics, whatever the timing.

    source order   p1  p2 | p3  p4 | p5  p2'     | = event time crosses a mark
    partition 0    p1     m        m  p5         m = progress mark: the sender's event time
    partition 1        p2 m p3 p4  m     m p2'   p2' comes late: its partition first hears how late
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from contracts.post import Post

__all__ = ["PROGRESS_HEADER", "Mark", "deal", "frame_of", "lines_of", "murmur2", "partition_of"]

# Kafka header: event time (ms, decimal) that the sender had reached when it closed this record. Without
# it a partition that happens to hold no post of a quiet minute would hold back the watermark of all.
PROGRESS_HEADER = "progress_ms"

_SECOND_MS = 1000  # detectors.delta.QUANTUM_MS: finer than that, progress changes nothing
_MASK = 0xFFFFFFFF
_MIX = 0x5BD1E995
_SEED = 0x9747B28C


@dataclass(frozen=True, slots=True)
class Mark:
    """The sender's event time has reached `at_ms`; it goes to every partition."""

    at_ms: int


@overload
def deal(
    posts: Iterable[Post], *, partitions: int, mark_ms: int, pause_ms: int = ...
) -> Iterator[tuple[int, Post | Mark]]: ...
@overload
def deal(
    posts: Iterable[Post | None], *, partitions: int, mark_ms: int, pause_ms: int = ...
) -> Iterator[tuple[int, Post | Mark | None]]: ...
def deal(
    posts: Iterable[Post | None], *, partitions: int, mark_ms: int, pause_ms: int = 0
) -> Iterator[tuple[int, Post | Mark | None]]:
    """Deal one source's posts to partitions, with a mark to each whenever event time crosses `mark_ms`.

    A post that comes behind newer ones stands behind a mark of the newest time, unless its partition knows the
    second: so that what it changes is a change of the same second, however many partitions there are.

    Where a live source says that nothing is waiting, a mark closes the tick of its newest post: what came is judged
    now, and not once the next post comes, which of a hot list is a minute later.

    Args:
        posts: in the source's order; a little out of event-time order is fine. None says that nothing is waiting
            (of a live source), and is passed on as it is.
        partitions: how many, >= 1.
        mark_ms: spacing of marks in event time, > 0.
        pause_ms: spacing of those at a None, the detector's ticks; 0 = there are none.

    Yields:
        (partition, post or mark). The last marks close the mark interval of the newest post, so that
        everything before the end is judged.
    """
    newest_ms = -1
    boundary_ms = 0
    told_ms = [-1] * partitions
    for post in posts:
        if post is None:
            closed_ms = (newest_ms // pause_ms + 1) * pause_ms if pause_ms and newest_ms >= 0 else 0
            if closed_ms > max(0, *told_ms):
                told_ms = [closed_ms] * partitions
                yield from ((partition, Mark(closed_ms)) for partition in range(partitions))
            yield 0, None
            continue
        if post.at_ms > newest_ms:
            newest_ms = post.at_ms
            if newest_ms >= boundary_ms:
                if boundary_ms:
                    mark = Mark(newest_ms // mark_ms * mark_ms)
                    yield from ((partition, mark) for partition in range(partitions))
                boundary_ms = (newest_ms // mark_ms + 1) * mark_ms
        partition = partition_of(post.author.key, partitions) if partitions > 1 else 0
        told_ms[partition] = max(told_ms[partition], post.at_ms)
        if told_ms[partition] // _SECOND_MS < newest_ms // _SECOND_MS:
            told_ms[partition] = newest_ms
            yield partition, Mark(newest_ms)
        yield partition, post
    if boundary_ms:
        yield from ((partition, Mark(boundary_ms)) for partition in range(partitions))


def frame_of(lines: Iterable[bytes]) -> bytes:
    """Join encoded posts to one record value."""
    return b"\n".join(lines)


def lines_of(frame: bytes) -> list[bytes]:
    """The non-blank lines of a record value; empty for an empty frame."""
    return [line for line in frame.split(b"\n") if line and not line.isspace()]


def partition_of(author_key: str, partitions: int) -> int:
    """The author's partition: copies of a post meet, and distinct authors add up over partitions.

    >>> partition_of("a1b2c3d4e5f60718", 4) == partition_of("a1b2c3d4e5f60718", 4)
    True
    """
    return (_murmur2_of(author_key) & 0x7FFFFFFF) % partitions


@lru_cache(maxsize=1 << 16)
def _murmur2_of(author_key: str) -> int:
    return murmur2(author_key.encode())


def murmur2(data: bytes) -> int:
    """Kafka's default partitioner hash, as unsigned 32 bit (org.apache.kafka.common.utils.Utils.murmur2).

    Cost: about 2 microseconds for a 16-byte key.
    """
    length = len(data)
    value = _SEED ^ length
    whole = length & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start : start + 4], "little") * _MIX & _MASK
        word = (word ^ (word >> 24)) * _MIX & _MASK
        value = (value * _MIX & _MASK) ^ word
    if length > whole:
        value = (value ^ int.from_bytes(data[whole:], "little")) * _MIX & _MASK
    value = (value ^ (value >> 13)) * _MIX & _MASK
    return value ^ (value >> 15)
