"""Take posts that are to be forgotten out of changes that the detector has read already, or has still to read.

Counts stay, for they lead to nobody; so does the request itself, which the detector needs. Reads and gives deltas; the
stores write them.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import redis

from detectors.delta import Delta

__all__ = ["scrub_stream", "without"]

_TRIES = 5  # the detector trims the same stream now and then

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Delta]).decode


def without(deltas: Sequence[Delta], names: Collection[str]) -> list[Delta]:
    """The changes without what tells of these posts."""
    return [
        msgspec.structs.replace(delta, evidence=[post for post in delta.evidence if post.post not in names])
        for delta in deltas
    ]


def scrub_stream(client: Any, key: str, names: Collection[str], seconds_to_live: int) -> None:
    """Rewrite a partition's stream of changes where it holds one of the posts; entries keep their ids.

    Called by its one writer, at most once a minute. Cost: reading an hour of changes, and writing them where one is
    touched. What somebody else changed meanwhile is read again; after some tries it is left to the stream's trimming.
    """
    searched = [name.encode() for name in names]
    for _ in range(_TRIES):
        with client.pipeline() as pipeline:
            pipeline.watch(key)
            entries = [(entry, fields[b"d"]) for entry, fields in pipeline.xrange(key)]
            touched = {entry for entry, packed in entries if any(name in packed for name in searched)}
            kept = [(e, _encode(without(_decode(packed), names)) if e in touched else packed) for e, packed in entries]
            if kept == entries:
                return
            pipeline.multi()
            pipeline.delete(key)
            for entry, packed in kept:
                pipeline.xadd(key, {"d": packed}, id=entry)
            pipeline.expire(key, seconds_to_live)
            try:
                pipeline.execute()
            except redis.WatchError:
                continue
            return
