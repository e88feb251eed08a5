"""Topic line (contract): what `topics.detected` and `backtest --out` carry, a JSON object per change."""

from typing import Literal

import msgspec

from contracts.told import Told

__all__ = ["FLAGS", "Exposure", "Flag", "State", "TopicLine", "encode_line"]

State = Literal["emerging", "trending", "fading", "closed"]
Flag = Literal["minor-at-risk", "exposure"]
FLAGS: tuple[Flag, ...] = ("minor-at-risk", "exposure")  # the most pressing first


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """How far pictures or identities of vulnerable children are spread by a topic's posts.

    Attributes:
        posts, authors: of the last 60 minutes that spread them.
        reach: followers of these authors, summed; None where no post tells.
        since: event time at which the topic was flagged first, ISO 8601 with zone.
    """

    posts: int
    authors: int
    reach: int | None
    since: str


class TopicLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change of one topic; what is of type `Told` may leave the organisation, samples and evidence may not.

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
        flags: of FLAGS, in that order.
        exposure: how far, where `flags` say so.
        samples: up to 3 redacted texts, console only: nothing that leaves the organisation may hold them; none of a
            topic that is flagged `exposure`.
        reason: why now, one sentence.
        regions: province, or province and prefecture in one word -> distinct authors of the last hour; only those of
            at least 20, and each author once (`detectors.regions`).
    """

    at: str
    topic: str
    state: State
    title: Told
    keywords: list[Told]
    categories: list[str]
    posts: int
    authors: int
    expected: float
    score: float
    reach: int | None
    platforms: dict[str, int]
    since: str
    flags: list[Flag]
    evidence: list[str]
    samples: list[str]
    reason: Told
    exposure: Exposure | None = None
    regions: dict[Told, int] = {}


_encoder = msgspec.json.Encoder()


def encode_line(line: TopicLine) -> bytes:
    """One JSON line, without the newline."""
    return _encoder.encode(line)
