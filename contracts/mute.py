"""What operators have muted: words that for a time raise no topics. Written by the feed, read by the detector.

They stand in Redis as the hash `{feed}:mutes`, id -> msgpack of a Mute (docs/decisions/0024).
"""

from collections.abc import Iterable

import msgspec

__all__ = ["Mute", "decode_mute", "encode_mute", "in_force", "mutes_key"]


class Mute(msgspec.Struct, frozen=True, kw_only=True):
    """One mute.

    Attributes:
        id: "word:…" of a single word, "topic:…" of what a dismissed topic was about.
        words: 1 to 8 keywords that topics have shown; several are muted together (`detectors.mutes`).
        until_ms: wall clock, exclusive.
        by, at_ms: which operator, and when (wall clock).
        topic: id of the topic on whose page it was muted.
        reason: for which that topic was dismissed, "" where it was not.
    """

    id: str
    words: tuple[str, ...]
    until_ms: int
    by: str
    at_ms: int
    topic: str = ""
    reason: str = ""


encode_mute = msgspec.msgpack.Encoder().encode
decode_mute = msgspec.msgpack.Decoder(Mute).decode


def mutes_key(key_prefix: str) -> str:
    """The hash's full name."""
    return f"{key_prefix}{{feed}}:mutes"


def in_force(mutes: Iterable[Mute], now_ms: int) -> list[Mute]:
    """Those that have not ended, in order of their ids."""
    return sorted((mute for mute in mutes if now_ms < mute.until_ms), key=lambda mute: mute.id)
