"""What the alerts keep in Redis: their place, the stories, the outbox, and which alerts were delivered.

| key               | type   | what                                                             | TTL     |
|-------------------|--------|------------------------------------------------------------------|---------|
| {alerts}:lease    | string | the active process (streams/lease.py)                            | seconds |
| {alerts}:fence    | string | its fencing number                                               | –       |
| {alerts}:next     | string | offset of topics.detected that is read next                      | –       |
| {alerts}:stories  | hash   | topic -> msgpack of its Story                                    | 8 days each |
| {alerts}:digests  | hash   | channel -> moment of its last digest                             | –       |
| {alerts}:sources  | hash   | source that operators know not to be well -> since when (ms)     | –       |
| {alerts}:known    | hash   | topic -> channel -> Known, as restored from alerts.raised        | 30 days |
| {alerts}:outbox   | hash   | alert id -> msgpack of its Entry, until it is delivered          | –       |
| {alerts}:sent     | zset   | alert id -> when it was delivered (ms): no id is sent twice      | 30 days each |
| {alerts}:place:CHANNEL/TOPIC | string | where the topic's thread begins in the app         | 30 days |
| {alerts}:raised   | stream | records that Kafka has not acknowledged yet                      | –       |

It reads what operators decided, {feed}:triage (contracts/triage.py).

Place, stories and new outbox entries are written by one script, so a crash leaves either all of a step or nothing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import redis

from alerts.plan import Step
from alerts.story import Story
from contracts.alert import Alert, Known, Raised
from contracts.errors import FailStopError
from contracts.store_errors import store_errors
from contracts.triage import Triage, decode_triage, triage_key

__all__ = ["AlertStore", "Entry", "Loaded", "Outboxed"]

log = logging.getLogger(__name__)

KEEP_SENT_MS = 30 * 24 * 3_600_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An alert in the outbox.

    Attributes:
        not_before_ms: wall clock; until then its channel waits (`courier.health_of`).
        attempts: begun so far.
        is_sending: an attempt has begun whose end is not noted; found so after a crash, it may have arrived.
        may_repeat: an earlier attempt may have arrived.
        is_minimal: only the shortest form is sent, because the app did not take the whole.
    """

    alert: Alert
    not_before_ms: int = 0
    attempts: int = 0
    is_sending: bool = False
    may_repeat: bool = False
    is_minimal: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """The state to go on from; `next` is None in an empty store."""

    next: int | None
    stories: dict[str, Story]
    digests: dict[str, int]
    known: dict[str, dict[str, Known]]
    sources: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outboxed:
    """A change of the outbox; see outbox.lua. `require` must be there, or nothing is changed."""

    require: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    replace: list[Entry] = field(default_factory=list)
    add: list[Entry] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    place: tuple[str, str, str] | None = None  # channel, topic, where its thread begins


_encode = msgspec.msgpack.Encoder().encode
_encode_record = msgspec.json.Encoder().encode
_story = msgspec.msgpack.Decoder(Story).decode
_known = msgspec.msgpack.Decoder(dict[str, Known]).decode
_entry = msgspec.msgpack.Decoder(Entry).decode


class AlertStore:
    """The alerts' keys. Every method may raise StoreAwayError; may be used by several threads."""

    def __init__(self, client: "redis.Redis", *, key_prefix: str = "") -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._prefix = key_prefix
        here = Path(__file__).parent
        self._commit = self._client.register_script((here / "commit.lua").read_text())
        self._change = self._client.register_script((here / "outbox.lua").read_text())

    def key(self, name: str) -> str:
        """A key's full name; see the table above."""
        return f"{self._prefix}{{alerts}}:{name}"

    def load(self) -> Loaded:
        """The state last committed."""
        with store_errors():
            place = self._client.get(self.key("next"))
            stories = self._client.hgetall(self.key("stories"))
            digests = self._client.hgetall(self.key("digests"))
            known = self._client.hgetall(self.key("known"))
            sources = self._client.hgetall(self.key("sources"))
        return Loaded(
            next=None if place is None else int(place),
            stories={topic.decode(): _story(packed) for topic, packed in stories.items()},
            digests={channel.decode(): int(moment) for channel, moment in digests.items()},
            known={topic.decode(): _known(packed) for topic, packed in known.items()},
            sources={name.decode(): int(since_ms) for name, since_ms in sources.items()},
        )

    def commit(self, fence: int, expected: int | None, new_next: int, step: Step, now_ms: int) -> None:
        """Write a step.

        Raises:
            FailStopError: another process has taken over, or the store is not what we believed.
        """
        stories = [(topic, b"" if story is None else _encode(story)) for topic, story in step.stories.items()]
        entries = [(alert.id, _encode(Entry(alert=alert))) for alert in step.alerts]
        arguments = [fence, "" if expected is None else expected, new_next, now_ms - KEEP_SENT_MS]
        arguments += [*_pairs(stories), *_pairs(step.digests.items()), *_pairs(entries)]
        arguments += [int(step.sources is not None), *_pairs((step.sources or {}).items())]
        names = ("fence", "next", "stories", "digests", "outbox", "sent", "sources")
        keys = [self.key(name) for name in names]
        with store_errors():
            answer = self._commit(keys=keys, args=arguments)
        if answer < 0:
            raise FailStopError("another process sends the alerts, or the store was emptied")

    def restore(
        self,
        sent: Mapping[str, int],
        known: Mapping[str, Mapping[str, Known]],
        places: Mapping[tuple[str, str], str],
        new_next: int,
    ) -> None:
        """Fill an empty store with what alerts.raised tells; the place comes last."""
        with store_errors():
            pipeline = self._client.pipeline(transaction=True)
            if sent:
                pipeline.zadd(self.key("sent"), dict(sent))
            if known:
                pipeline.hset(self.key("known"), mapping={topic: _encode(told) for topic, told in known.items()})
                pipeline.pexpire(self.key("known"), KEEP_SENT_MS)
            for (channel, topic), place in places.items():
                pipeline.set(self._place_key(channel, topic), place, px=KEEP_SENT_MS)
            pipeline.set(self.key("next"), new_next)
            pipeline.execute()

    def decided(self) -> dict[str, Triage]:
        """What operators have decided on the feed, by topic; one that cannot be read decides nothing."""
        with store_errors():
            found = self._client.hgetall(triage_key(self._prefix))
        decided: dict[str, Triage] = {}
        for topic, packed in found.items():
            try:
                decided[topic.decode()] = decode_triage(packed)
            except msgspec.MsgspecError:
                log.warning("a decision is unusable", extra={"event": "alerts.triage_unusable"})
        return decided

    def outbox(self) -> list[Entry]:
        """All that waits."""
        with store_errors():
            return [_entry(packed) for packed in self._client.hvals(self.key("outbox"))]

    def change(self, fence: int, wanted: Outboxed, now_ms: int) -> bool:
        """Change the outbox; False where a required entry is gone.

        Raises:
            FailStopError: another process has taken over.
        """
        arguments: list[Any] = [fence, now_ms]
        for ids in (wanted.require, wanted.remove, wanted.delivered):
            arguments += [len(ids), *ids]
        for entries in (wanted.replace, wanted.add):
            arguments += _pairs([(entry.alert.id, _encode(entry)) for entry in entries])
        arguments += [len(wanted.raised), *map(_encode_record, wanted.raised)]
        keys = [self.key(name) for name in ("fence", "outbox", "sent", "raised")]
        if wanted.place is not None:
            channel, topic, place = wanted.place
            keys.append(self._place_key(channel, topic))
            arguments += [place, KEEP_SENT_MS]
        with store_errors():
            answer = self._change(keys=keys, args=arguments)
        if answer < 0:
            raise FailStopError("another process sends the alerts, or the store was emptied")
        return bool(answer)

    def place(self, channel: str, topic: str) -> str:
        """Where this topic's thread begins on this channel; "" = nowhere yet."""
        with store_errors():
            found = self._client.get(self._place_key(channel, topic))
        return "" if found is None else str(found.decode())

    def _place_key(self, channel: str, topic: str) -> str:
        return self.key(f"place:{channel}/{topic}")

    def raised(self, limit: int = 500) -> list[tuple[str, bytes]]:
        """(entry, record) that Kafka has not acknowledged yet, oldest first."""
        with store_errors():
            entries = self._client.xrange(self.key("raised"), count=limit)
        return [(entry.decode(), fields[b"record"]) for entry, fields in entries]

    def published(self, entries: Sequence[str]) -> None:
        """Forget records that Kafka has acknowledged."""
        if entries:
            with store_errors():
                self._client.xdel(self.key("raised"), *entries)


def _pairs(items: Iterable[tuple[Any, Any]]) -> list[Any]:
    pairs = list(items)
    return [len(pairs), *(value for pair in pairs for value in pair)]
