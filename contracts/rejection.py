"""Why a piece of input was not used, and the record that keeps it.

A rejected piece keeps its original bytes and a reason from a small closed set, so that an
operator can count by reason, mend the source and send the piece again.
"""

from enum import Enum

import msgspec

__all__ = ["Reason", "Rejected"]


class Reason(Enum):
    """The closed set of reasons (contract: header `reason` of posts.rejected)."""

    NOT_UTF8 = "not_utf8"  # bytes that are no UTF-8
    NOT_JSON = "not_json"  # no JSON text
    TOO_DEEP = "too_deep"  # JSON nested past what any post needs
    WRONG_SHAPE = "wrong_shape"  # JSON of another kind, a field missing or of the wrong type
    EMPTY_FRAME = "empty_frame"  # a record without a single line
    LINE_TOO_LONG = "line_too_long"  # one line over MAX_LINE_BYTES
    TEXT_TOO_LONG = "text_too_long"  # text over MAX_TEXT_CHARS
    CONTROL_CHARACTERS = "control_characters"  # NUL and other controls in text or id
    TIME_ABSURD = "time_absurd"  # before the first microblog existed, or far ahead of the posts around it
    TIME_IN_FUTURE = "time_in_future"  # later than it was received, past the tolerance
    UNKNOWN_FORMAT = "unknown_format"  # a file whose content no reader recognises
    FILE_DAMAGED = "file_damaged"  # a compressed file that ends early or is corrupt


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """One unusable piece of input.

    Attributes:
        raw: the original bytes; whole, unless `detail` says how much was kept.
        reason: why, from the closed set.
        detail: what exactly, for a person; never holds content of the piece.
        source: file path or Kafka topic-partition the piece came from.
        offset: line number (files, from 1) or record offset (Kafka).
        lines: how many unusable lines of one record `raw` holds together, 1 for a piece by itself.
    """

    raw: bytes
    reason: Reason
    detail: str
    source: str
    offset: int
    lines: int = 1
