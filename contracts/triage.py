"""What operators have decided about topics. Written by the feed, read by the alerts.

It stands in Redis as the hash `{feed}:triage`, topic -> msgpack of a Triage. A topic that somebody has dismissed or
muted comes back by itself when it is flagged more gravely than they saw. Of a merged one the topic that it was merged
into does, for that carries its flags (`feeds.merging`).
"""

from collections.abc import Collection
from typing import Literal

import msgspec

from contracts.topic import FLAGS

__all__ = ["Status", "Triage", "decode_triage", "encode_triage", "status_of", "triage_key"]

Status = Literal["open", "confirmed", "dismissed", "muted", "merged"]


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a topic.

    Attributes:
        status: as of the last deciding act; muting ends by itself (`status_of`).
        reason: for which it was dismissed.
        muted_until_ms: wall clock, 0 where it is not muted.
        into: id of the topic that it was merged into, "" where it was not.
        assignee: operator, "" where nobody is.
        by, at_ms: of the last deciding act, wall clock.
        flags: of the topic at that moment.
        notes: how many there are.
        revision: grows by one with each act.
    """

    status: Status = "open"
    reason: str = ""
    muted_until_ms: int = 0
    into: str = ""
    assignee: str = ""
    by: str = ""
    at_ms: int = 0
    flags: tuple[str, ...] = ()
    notes: int = 0
    revision: int = 0

    def is_settled_like(self, other: "Triage") -> bool:
        """Whether no decision lies between the two, only notes and assignments."""
        return (self.status, self.reason, self.by, self.at_ms) == (other.status, other.reason, other.by, other.at_ms)


encode_triage = msgspec.msgpack.Encoder().encode
decode_triage = msgspec.msgpack.Decoder(Triage).decode


def triage_key(key_prefix: str) -> str:
    """The hash's full name."""
    return f"{key_prefix}{{feed}}:triage"


def status_of(triage: Triage, flags: Collection[str], now_ms: int) -> Status:
    """What the topic is now: muting ends, and a graver flag than was seen reopens what was put aside.

    >>> status_of(Triage(status="dismissed"), ["minor-at-risk"], 0)
    'open'
    """
    if triage.status == "muted" and now_ms >= triage.muted_until_ms:
        return "open"
    if triage.status in ("dismissed", "muted") and any(flag in flags and flag not in triage.flags for flag in FLAGS):
        return "open"
    return triage.status
