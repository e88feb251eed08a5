"""Topics that operators split because two events were made one. Written by the feed, heard by the detector.

They stand in Redis as the hash `{feed}:splits`, id -> msgpack of a Split (docs/decisions/0038).
"""

import msgspec

__all__ = ["Split", "decode_split", "encode_split", "in_time", "splits_key"]


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """One split.

    Attributes:
        id: of the topic that begins with it, 12 hexadecimal digits.
        topic: of the one that it is split off from.
        words: keywords of that one whose posts are the other event.
        conversations: marks (`Veil.mark`) of the conversations that are, as its lines told them.
        by, at_ms: which operator, and when (wall clock).
        is_undone: whether both are to be one again; a split that is not known any more is not undone by that.
    """

    id: str
    topic: str
    words: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    by: str = ""
    at_ms: int = 0
    is_undone: bool = False


encode_split = msgspec.msgpack.Encoder().encode
decode_split = msgspec.msgpack.Decoder(Split).decode


def in_time(split: Split) -> tuple[int, str]:
    """Sorts by when it was asked for; ties by id."""
    return split.at_ms, split.id


def splits_key(key_prefix: str) -> str:
    """The hash's full name."""
    return f"{key_prefix}{{feed}}:splits"
