"""What operators have muted: words that for a time raise no topics. Written by the feed, read by the detector.

They stand in Redis as the hash `{feed}:mutes`, id -> msgpack of a Mute (docs/decisions/0024).
"""

from collections.abc import Iterable

import msgspec

__all__ = ["Mute", "decode_mute", "encode_mute", "in_force", "mute_of_topic", "mutes_key"]

_OF_TOPIC = "topic:"


class Mute(msgspec.Struct, frozen=True, kw_only=True):
    """One mute.

    Attributes:
        id: "word:…" of words, "topic:…" of a topic that was muted, or dismissed as none.
        words: up to 8 keywords that topics have shown; several are muted together (`detectors.mutes`).
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

    @property
    def of_topic(self) -> str:
        """The topic whose splinters are muted with it, "" where only words are."""
        return self.topic if self.id.startswith(_OF_TOPIC) else ""


encode_mute = msgspec.msgpack.Encoder().encode
decode_mute = msgspec.msgpack.Decoder(Mute).decode


def mute_of_topic(topic: str) -> str:
    """Id of what muting or dismissing a topic mutes."""
    return f"{_OF_TOPIC}{topic}"


def mutes_key(key_prefix: str) -> str:
    """The hash's full name."""
    return f"{key_prefix}{{feed}}:mutes"


def in_force(mutes: Iterable[Mute], now_ms: int) -> list[Mute]:
    """Those that have not ended, in order of their ids."""
    return sorted((mute for mute in mutes if now_ms < mute.until_ms), key=lambda mute: mute.id)
