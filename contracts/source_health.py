"""How each live source is: written by the process that reads it, read by whoever shows or tells it.

    well       it gives what it is used to give
    learning   it has not been watched for two days yet, so that its silence says nothing
    silent     it has given nothing for longer than it ever does at this hour
    away       it is asked and does not answer, or refuses; `fault` says how
    stopped    nobody reads it: its process has ended, or cannot reach Redis

All that stands here may be told to operators: names of the settings, numbers, and words of a closed set.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal

import msgspec

from contracts.told import Told, compose

__all__ = [
    "STOPPED_MS",
    "Fault",
    "FaultKind",
    "Rhythm",
    "SourceHealth",
    "SourceNotice",
    "SourceState",
    "Verdict",
    "read_health",
    "source_notices",
    "write_health",
]

STOPPED_MS = 180_000  # without a sign of its process; it gives one every ten seconds
_KEPT_S = 30 * 86_400  # what is known of a source that nobody reads any more

SourceState = Literal["well", "learning", "silent", "away", "stopped"]


class FaultKind(StrEnum):
    """What a platform, or a caller of ours, said: the closed set."""

    LOGIN = "login"
    REFUSED = "refused"
    CRAWLER = "crawler"
    MISSING = "missing"
    QUOTA = "quota"
    BUDGET = "budget"
    SERVER = "server"
    NO_ANSWER = "no-answer"
    PRIVATE = "private"
    TOO_LONG = "too-long"
    UNREADABLE = "unreadable"
    SIGNATURE = "signature"
    BUSY = "busy"
    OTHER = "other"


_SAID: dict[FaultKind, tuple[Told, Told]] = {
    FaultKind.LOGIN: (compose("要求登录，或令牌已过期"), compose("it wants a login, or the token has expired")),
    FaultKind.REFUSED: (compose("拒绝访问，Cookie 可能已过期"), compose("it refuses; a cookie may have expired")),
    FaultKind.CRAWLER: (
        compose("无 Cookie 不予访问，或视为爬虫"),
        compose("it refuses without a cookie, or takes this program for a crawler"),
    ),
    FaultKind.MISSING: (compose("地址不存在"), compose("there is no such address")),
    FaultKind.QUOTA: (compose("配额用尽或请求过多"), compose("its quota is used up, or too many requests")),
    FaultKind.BUDGET: (compose("本小时请求预算已用完"), compose("the budget of requests an hour is spent")),
    FaultKind.SERVER: (compose("服务器出错"), compose("its server has a fault")),
    FaultKind.NO_ANSWER: (compose("没有应答"), compose("no answer")),
    FaultKind.PRIVATE: (
        compose("地址通向内网或不是网址"),
        compose("its address leads into a private network, or is no web address"),
    ),
    FaultKind.TOO_LONG: (compose("应答过长"), compose("its answer is too long")),
    FaultKind.UNREADABLE: (
        compose("应答无法识别，可能是登录页"),
        compose("its answer is in no known form; it may be the page of a login"),
    ),
    FaultKind.SIGNATURE: (compose("来信签名有误"), compose("a caller's signature is wrong")),
    FaultKind.BUSY: (compose("Kafka 太慢，来信被拒"), compose("callers are sent away: Kafka is slow")),
    FaultKind.OTHER: (compose("拒绝"), compose("it refuses")),
}


class Fault(msgspec.Struct, frozen=True):
    """What went wrong last.

    Attributes:
        kind: of the closed set.
        code: the platform's own number (403, 432, 10023), 0 where it gave none.
        at_ms: when.
    """

    kind: FaultKind
    code: int
    at_ms: int

    def said(self, language: Literal["zh", "en"]) -> Told:
        """In words, with the platform's number.

        >>> Fault(FaultKind.QUOTA, 429, 0).said("en")
        '429: its quota is used up, or too many requests'
        """
        words = _SAID[self.kind][language == "en"]
        return compose("{}: {}", self.code, words) if self.code else words


class Rhythm(msgspec.Struct):
    """What pauses a source makes, by the hour of the day (Beijing) in which they begin.

    Attributes:
        longest_s: the longest pause of each hour.
        longest_ms: when that was; it is held for fifteen days, then it fades.
        pauses: how many there were, fading.
        total_s, squares_s2: the sums of their lengths and of the squares of those, fading.
        faded_ms: up to when they have faded.
        watched_s: for how long it has been watched at all.

    producers/quiet.py learns it.
    """

    longest_s: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    longest_ms: list[int] = msgspec.field(default_factory=lambda: [0] * 24)
    pauses: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    total_s: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    squares_s2: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    faded_ms: int = 0
    watched_s: float = 0.0


class Verdict(msgspec.Struct, frozen=True):
    """How a source is, and since when (epoch ms)."""

    state: SourceState
    since_ms: int

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return self.state in ("well", "learning")


class SourceHealth(msgspec.Struct, kw_only=True):
    """One source; times are wall-clock epoch ms, 0 = never, but for `event_ms`.

    Attributes:
        name: as in the settings; of a file that is followed, "follow-" and a hash of its path.
        kind: of its [[source]], or "follow".
        started_ms: since when its process reads it.
        beat_ms: the last sign of that process.
        item_ms: when the last post or rejected piece came.
        event_ms: event time of the newest post.
        lag_ms: how long after it was written the last post came.
        answer_ms: when it last answered; of those that are not asked, as `item_ms`.
        fault: what went wrong last, also where it has answered since.
        faults: how often something went wrong.
        posts, rejected: since the source is known.
        quiet_ms: since when it has given nothing while it was watched.
        quiet_limit_s: how long it may be quiet at this hour, 0 while that is being learned.
        unanswered_ms: since when it has given no answer while it was asked.
        answer_limit_s: how long it may be without an answer, 0 where it is not asked.
        rhythm: what `quiet_limit_s` is learned from.
    """

    name: str
    kind: str
    started_ms: int
    beat_ms: int
    item_ms: int = 0
    event_ms: int = 0
    lag_ms: int = 0
    answer_ms: int = 0
    fault: Fault | None = None
    faults: int = 0
    posts: int = 0
    rejected: int = 0
    quiet_ms: int = 0
    quiet_limit_s: float = 0.0
    unanswered_ms: int = 0
    answer_limit_s: float = 0.0
    rhythm: Rhythm = msgspec.field(default_factory=Rhythm)

    def verdict(self, now_ms: int) -> Verdict:
        """How it is at a moment."""
        if now_ms - self.beat_ms > STOPPED_MS:
            return Verdict("stopped", self.beat_ms)
        has_only_failed = self.fault is not None and not self.answer_ms
        if self.answer_limit_s and (has_only_failed or now_ms - self.unanswered_ms > self.answer_limit_s * 1000):
            return Verdict("away", self.unanswered_ms)
        if self.quiet_limit_s and now_ms - self.quiet_ms > self.quiet_limit_s * 1000:
            return Verdict("silent", self.quiet_ms)
        return Verdict("well" if self.quiet_limit_s else "learning", self.started_ms)


class SourceNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What operators are told of a source: once when it is no longer well, and once when it is again.

    Attributes:
        name, kind: of the source.
        state: how it is now; "well" ends what an earlier notice began.
        since_ms: since when it has not been well; the same in both notices.
        at_ms: when this was seen.
        fault: what it said, where it is away.
    """

    name: str
    kind: str
    state: SourceState
    since_ms: int
    at_ms: int
    fault: Fault | None = None


def source_notices(
    told: Mapping[str, int], sources: Iterable[SourceHealth], now_ms: int
) -> tuple[dict[str, int], list[SourceNotice]]:
    """What is to be told now, and what has been told then.

    Args:
        told: of each source that operators know not to be well, since when; kept by whoever tells.
        sources: all there are. One that is no longer among them is forgotten, and one that was never read not told.
        now_ms: wall clock.
    """
    after: dict[str, int] = {}
    notices = []
    for source in sources:
        if not source.started_ms:
            continue
        verdict = source.verdict(now_ms)
        began_ms = told.get(source.name)
        if not verdict.is_well:
            after[source.name] = verdict.since_ms if began_ms is None else began_ms
        if verdict.is_well == (began_ms is None):
            continue
        notices.append(
            SourceNotice(
                name=source.name,
                kind=source.kind,
                state="well" if verdict.is_well else verdict.state,
                since_ms=verdict.since_ms if began_ms is None else began_ms,
                at_ms=now_ms,
                fault=source.fault if verdict.state == "away" else None,
            )
        )
    return after, notices


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SourceHealth).decode


def write_health(client: Any, key_prefix: str, sources: Sequence[SourceHealth]) -> None:
    """Replace what is kept of these sources, all or none; a source is forgotten after 30 days without a sign.

        {sources}:seen           sorted set: name -> last sign, ms
        {sources}:health:<name>  SourceHealth as JSON, expires

    Args:
        client: redis-py's; its errors are raised as they are.
        key_prefix: of the deployment.
        sources: of one process.
    """
    seen = _seen_key(key_prefix)
    pipeline = client.pipeline(transaction=True)
    for source in sources:
        pipeline.set(_health_key(key_prefix, source.name), _encode(source), ex=_KEPT_S)
        pipeline.zadd(seen, {source.name: source.beat_ms})
    newest_ms = max((source.beat_ms for source in sources), default=0)
    pipeline.zremrangebyscore(seen, "-inf", newest_ms - _KEPT_S * 1000)
    pipeline.expire(seen, _KEPT_S)
    pipeline.execute()


def read_health(client: Any, key_prefix: str) -> list[SourceHealth]:
    """All that is kept, by name; what another version wrote and this one cannot read is left out.

    Args:
        client: redis-py's, synchronous; its errors are raised as they are.
        key_prefix: of the deployment.
    """
    names = [name.decode() if isinstance(name, bytes) else name for name in client.zrange(_seen_key(key_prefix), 0, -1)]
    if not names:
        return []
    found = []
    for value in client.mget([_health_key(key_prefix, name) for name in sorted(names)]):
        try:
            found += [] if value is None else [_decode(value)]
        except msgspec.MsgspecError:
            continue
    return found


def _seen_key(key_prefix: str) -> str:
    return f"{key_prefix}{{sources}}:seen"


def _health_key(key_prefix: str, name: str) -> str:
    return f"{key_prefix}{{sources}}:health:{name}"
