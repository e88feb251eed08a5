"""Topic line (contract): what `topics.detected` and `backtest --out` carry, a JSON object per change."""

from typing import Literal

import msgspec

__all__ = ["State", "TopicLine", "encode_line"]

State = Literal["emerging", "trending", "fading", "closed"]


class TopicLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one topic.

    Attributes:
        at: event time of the change, ISO 8601 with zone.
        topic: id, stable for the topic's life.
        title: a Chinese headline of 6-30 characters, of broadcastable terms only.
        keywords: up to 8 broadcastable terms, most telling first.
        categories: of docs/categories.md, most central first.
        posts, authors: in the last 60 minutes of event time.
        expected: authors the baseline predicted for those 60 minutes.
        score: -log10 of the chance bound of the most surprising term (bans).
        reach: followers of the authors seen, summed; None where no post tells.
        platforms: platform -> posts in the window.
        since: event time of the topic's first post, ISO 8601 with zone.
        evidence: up to 20 post ids, most central first.
        samples: up to 3 redacted texts, console only: nothing that leaves the organisation may hold them.
        reason: why now, one sentence.
    """

    at: str
    topic: str
    state: State
    title: str
    keywords: list[str]
    categories: list[str]
    posts: int
    authors: int
    expected: float
    score: float
    reach: int | None
    platforms: dict[str, int]
    since: str
    flags: list[str]
    evidence: list[str]
    samples: list[str]
    reason: str


_encoder = msgspec.json.Encoder()


def encode_line(line: TopicLine) -> bytes:
    """One JSON line, without the newline."""
    return _encoder.encode(line)
