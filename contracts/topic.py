"""Topic line (contract): what `topics.detected` and `backtest --out` carry, a JSON object per change."""

from typing import Literal

import msgspec

from contracts.told import Told

__all__ = [
    "FLAGS",
    "Action",
    "Asked",
    "Audience",
    "Balance",
    "Campaign",
    "Exposure",
    "Flag",
    "Ground",
    "Grounds",
    "Listed",
    "Reached",
    "Side",
    "Starter",
    "State",
    "Thread",
    "Tie",
    "TopicLine",
    "Turn",
    "Uptake",
    "Vanished",
    "encode_line",
]

State = Literal["emerging", "trending", "fading", "closed"]
Action = Literal["photograph", "stop", "join", "give", "report", "share"]
Starter = Literal["own", "public"]
Flag = Literal["asked", "minor-at-risk", "exposure", "vanishing", "campaign"]
# As they are shown: what the organisation is asked comes first, for only it can answer; then the most pressing
FLAGS: tuple[Flag, ...] = ("asked", "minor-at-risk", "exposure", "vanishing", "campaign")


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


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks what the organisation says.

    Attributes:
        authors: distinct ones of the last hour who ask.
        expected: how many of as many posts usually would.
        since: event time at which the topic was flagged first, ISO 8601 with zone.
    """

    authors: int
    expected: float
    since: str


class Balance(msgspec.Struct, frozen=True, array_like=True):
    """Distinct authors of the last hour who speak for a message, against it, and neither."""

    agree: int
    oppose: int
    neither: int


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """When a balance turned, most likely; `earliest` and `latest` bound it in 95 of 100 cases; ISO 8601 with zone."""

    to: Literal["for", "against"]
    at: str
    earliest: str
    latest: str


class Uptake(msgspec.Struct, frozen=True, kw_only=True):
    """How a message of the organisation fares in a topic (`detectors.uptake`).

    Attributes:
        message: its name in the settings.
        voices: of posts in people's own words.
        reposts: of posts that quote others; they turn nothing.
        low, high: 95 % interval of agree / (agree + oppose) among the voices.
        turn: of the last 24 hours, None where the balance did not turn.
    """

    message: Told
    voices: Balance
    reposts: Balance
    low: float
    high: float
    turn: Turn | None = None


class Reached(msgspec.Struct, frozen=True, array_like=True):
    """On one platform: distinct authors of 24 hours, and how many people they reach at most; None where none tells."""

    authors: int
    people: int | None


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A call to act that many make anew (`detectors.campaign`).

    Attributes:
        action: what is called for.
        name: its hashtag, "" where that may not be told.
        callers: people who called for it in the last hour; `before`: in the hour before that; `total`: in 24 hours,
            each once an hour.
        since: event time of the first call known, ISO 8601 with zone.
        starter: "own": one of the organisation's accounts; "public": an account that its platform has verified; None:
            anybody else, of whom nothing is told.
        exposed: share of the callers who show pictures or identities of vulnerable children.
    """

    action: Action
    name: Told
    callers: int
    before: int
    total: int
    since: str
    starter: Starter | None
    exposed: float


class Vanished(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a topic is gone, and not as it would go by itself.

    Attributes:
        cause: "deleted": its platforms no longer show posts of it (`detectors.deletions`); "off-list": its entries were
            taken off a hot list while they rose (`detectors.vanishing`).
        count: how many are gone, posts in 24 hours.
        of: how many there were.
        since: event time since which they are gone, ISO 8601 with zone.
        expected: how many of as many usually are.
        words: up to 5 that those that are gone shared more than those that stand.
    """

    cause: Literal["deleted", "off-list"]
    count: int
    of: int
    since: str
    expected: float | None = None
    words: list[Told] = []


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a topic has, and may reach, in 24 hours (`detectors.audience`).

    Attributes:
        authors: distinct ones: exact up to 256 a platform and hour, else estimated (2.3 %).
        people: they reach at most so many, who follows several counted once; None where no post tells followers.
        followers: summed over distinct authors, before that discount.
        told: share of the posts that tell their author's followers.
        posts: all of the 24 hours.
        own: own accounts that spoke, each once an hour; echoes: people who handed on what they said, likewise.
        platforms: platform -> what of it was there.
    """

    authors: int
    people: int | None
    followers: int | None
    told: float
    posts: int
    own: int = 0
    echoes: int = 0
    platforms: dict[str, Reached] = {}


class Ground(msgspec.Struct, frozen=True, array_like=True):
    """One term that a topic was raised on, as it stood then.

    Attributes:
        term: "" where it may not be told, or stands for a conversation.
        is_conversation: it stands for one original and all that quotes it.
        score: the highest it had had there, in bans.
        minutes: length of the window in which it surprised most.
        authors: distinct ones who used it in that window.
        expected: how many usually would have.
        posts: how many of the topic's posts held it.
    """

    term: Told
    is_conversation: bool
    score: float
    minutes: int
    authors: int
    expected: float
    posts: int


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """Why a topic was raised: its terms at that moment, so that they are the same whenever one looks.

    Attributes:
        at: event time of its raising, ISO 8601 with zone.
        alarm: score from which one term raised a topic then, in bans.
        posts, authors: its evidence then.
        terms: up to 12, the highest score first.
        others: how many more there were.
    """

    at: str
    alarm: float
    posts: int
    authors: int
    terms: list[Ground]
    others: int = 0


class Tie(msgspec.Struct, frozen=True, array_like=True):
    """What tied a headline to the entries before it.

    Attributes:
        odds: log odds (nats) that they are of one event.
        parts: what the evidence is about, of `detectors.list_grounds.KINDS` -> its part of the odds.
    """

    odds: float
    parts: dict[str, float]


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """One entry of a hot list that a topic rests on, console only.

    Attributes:
        title: "" where it may not be told.
        name: of the list.
        since: event time of the first snapshot that held it, ISO 8601 with zone.
        rank, heat: the best that it has had, None where the list does not tell.
        relevance: the judge's score in percent of what an entry of a list needs; 0 of entries that an earlier version
            heard.
        ties: to the topic that it joined first, then to those that it made one with that; none for an entry that raised
            a topic of its own.
    """

    title: Told
    name: str
    since: str
    rank: int | None
    heat: int | None
    relevance: int
    ties: list[Tie] = []


class Thread(msgspec.Struct, frozen=True, array_like=True):
    """One conversation within a topic, console only.

    Attributes:
        mark: keyed hash of the id of its original.
        posts, authors: of the last hour.
        words: up to 4 that it says and the rest of the topic hardly does.
    """

    mark: str
    posts: int
    authors: int
    words: list[Told] = []


class Side(msgspec.Struct, frozen=True, array_like=True):
    """One of the two sides that a topic parts into most easily, console only.

    Attributes:
        words: up to 4 that it says and the other one hardly does.
        conversations: marks of its largest ones.
        posts, authors: of the last hour.
    """

    words: list[Told]
    conversations: list[str]
    posts: int
    authors: int


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
        reach: people that the discussion reaches in 24 hours at most (`audience.people`); None where no post tells.
        platforms: platform -> posts in the window.
        since: event time of the topic's first post, ISO 8601 with zone.
        evidence: up to 20 post ids, most central first.
        flags: of FLAGS, in that order.
        exposure: how far, where `flags` say so.
        samples: up to 3 redacted texts, console only: nothing that leaves the organisation may hold them; none of a
            topic that is flagged `exposure`.
        reason: why now, one sentence; `reason_in`: language -> the same in the others ("en", or "zh").
        regions: province, or province and prefecture in one word -> distinct authors of the last hour; only those of
            at least 20, and each author once (`detectors.regions`).
        audience: of 24 hours, of topics of posts.
        asked: how many ask, where `flags` say so.
        campaign: what people are called on to do, where `flags` say so.
        vanishing: what is gone, a cause each, where `flags` say so.
        uptake: of the organisation's messages that the topic is about, in the order of the settings.
        archived: whether it is of posts or lists that are replayed from an archive: never alerted as now.
        grounds: why it was raised, term by term; None for one from hot lists.
        listed: why it was raised, entry by entry, and why these are one event; the first 12 in the order in which they
            joined, none of a topic that stands on no list.
        threads: its conversations of several posts, up to 8, the largest first; none where it is one conversation.
        usual: platform -> people of `expected` there, if they were on platforms as all posts about children are.
        seam: the two sides that it parts into most easily, the larger first; empty where both say the same.
        top_share: of the last hour's posts that are known one by one, the share of the three authors with most; None
            where none of them wrote two.
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
    reason_in: dict[str, Told] = {}
    exposure: Exposure | None = None
    regions: dict[Told, int] = {}
    audience: Audience | None = None
    asked: Asked | None = None
    uptake: list[Uptake] = []
    vanishing: list[Vanished] = []
    campaign: Campaign | None = None
    archived: bool = False
    grounds: Grounds | None = None
    listed: list[Listed] = []
    threads: list[Thread] = []
    seam: list[Side] = []
    usual: dict[str, float] = {}
    top_share: float | None = None


_encoder = msgspec.json.Encoder()


def encode_line(line: TopicLine) -> bytes:
    """One JSON line, without the newline."""
    return _encoder.encode(line)
