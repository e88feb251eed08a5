"""Where the feed keeps its board, what operators decided, and the audit log: Redis, and in memory for tests.

| key            | type   | what                                               | goes                   | writer |
|----------------|--------|----------------------------------------------------|------------------------|--------|
| {feed}:next    | string | offset on topics.detected behind the folded lines  | 14 days after the last | reader |
| {feed}:topics  | hash   | topic -> msgpack Entry, with redacted samples      | after feed.keep_days   | reader |
| {feed}:triage  | hash   | topic -> msgpack Triage                            | with its topic         | server |
| {feed}:mutes   | hash   | mute's id -> msgpack Mute (contracts/mute.py)       | when it has ended      | server |
| {feed}:splits  | hash   | new topic -> msgpack Split (contracts/split.py)    | 14 days after the last | server |
| {feed}:changes | stream | t = topic that changed; ids number the live events | the last 10 000        | both   |
| {feed}:audit   | stream | e = msgpack AuditEvent, of everybody               | never                  | server |
| {feed}:trail:T | stream | the same, of topic T                               | never                  | server |

They share the hash tag {feed}. Each function that writes does it in one script, so that a server that dies leaves
nothing half done; acts are compared with the triage that they were decided on, so that of two operators at once none
overwrites the other unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import redis

from contracts.mute import Mute, decode_mute, encode_mute, mute_of_topic, mutes_key
from contracts.split import Split, decode_split, encode_split, in_time, splits_key
from contracts.store_errors import store_errors
from contracts.triage import Triage, decode_triage, encode_triage
from feeds.board import Entry
from feeds.triage import AuditEvent

__all__ = ["BEGINNING", "Changes", "FeedStore", "MergeError", "RedisFeedStore", "oldest_split_ms"]

BEGINNING = "0-0"
_CHANGES_KEPT = 10_000
_TTL_S = 14 * 24 * 3600  # as long as topic lines stay on Kafka: what a dismantled deployment leaves behind goes

_encode = msgspec.msgpack.Encoder().encode
_entries: "msgspec.msgpack.Decoder[Entry]" = msgspec.msgpack.Decoder(Entry)
_events: "msgspec.msgpack.Decoder[AuditEvent]" = msgspec.msgpack.Decoder(AuditEvent)


class MergeError(ValueError):
    """There is no such topic to merge into, or it is a part of the one that is to be merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Which topics changed.

    Attributes:
        topics: (event id, topic), oldest first.
        is_whole: False where older ones were asked for than are kept: load everything anew.
    """

    topics: list[tuple[str, str]]
    is_whole: bool = True


class FeedStore(Protocol):
    """What the feed needs of the store. Every method may raise StoreAwayError."""

    def next(self) -> int:
        """Offset up to which lines are folded, -1 where none are."""
        ...

    def put(self, expected_next: int, new_next: int, entries: Iterable[Entry], gone: Sequence[str]) -> bool:
        """Write the topics of one batch of lines, if the stored `next` is the expected one; else change nothing."""
        ...

    def topics(self) -> dict[str, Entry]:
        """All of them, by id."""
        ...

    def some(self, names: Sequence[str]) -> dict[str, tuple[Entry, Triage]]:
        """These topics with what was decided; those that there are."""
        ...

    def triages(self) -> dict[str, Triage]:
        """What was decided, by topic; an untouched topic is not in it."""
        ...

    def act(
        self,
        topic: str,
        before: Triage,
        after: Triage,
        *events: AuditEvent,
        mute: Mute | None = None,
        split: Split | None = None,
    ) -> bool:
        """Write an act if the triage is still `before`; else change nothing.

        With a deciding act ends what was muted with the topic, and `mute` takes its place; `split` is asked for, or
        undone, and its new topic's trail tells of it, too; those of over 14 days before it are forgotten.

        Raises:
            MergeError: the topic that it is to be merged into is none, or is itself merged into this one.
        """
        ...

    def mutes(self) -> list[Mute]:
        """All of them, ended ones too."""
        ...

    def splits(self) -> list[Split]:
        """All of them, undone ones too, in order of time."""
        ...

    def change_mutes(self, event: AuditEvent | None, *, add: Sequence[Mute] = (), end: Sequence[str] = ()) -> None:
        """Mute, or end mutes by id, and have it in the audit log."""
        ...

    def note(self, event: AuditEvent) -> None:
        """Add to the audit log what changes no triage: a look, a sign-in, an export."""
        ...

    def audit(self, topic: str | None, limit: int) -> list[AuditEvent]:
        """The newest events of a topic, or of all (None), newest first."""
        ...

    def log(self, before: str, limit: int) -> list[tuple[str, AuditEvent]]:
        """(place, event) of the whole audit log behind the place `before`, "" = from the newest on; newest first."""
        ...

    def changes(self, after: str, limit: int) -> Changes:
        """What changed behind event id `after`."""
        ...

    def last_change(self) -> str:
        """Id of the newest change, BEGINNING where there is none."""
        ...


def oldest_split_ms(newest: Split) -> int:
    """Wall clock up to which splits are forgotten with a new one."""
    return newest.at_ms - _TTL_S * 1000


class RedisFeedStore:
    """The store on Redis >= 7 or Valkey."""

    def __init__(self, client: "redis.Redis", *, key_prefix: str = "") -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._prefix = key_prefix
        here = Path(__file__).parent
        self._put = self._client.register_script((here / "put.lua").read_text())
        self._act = self._client.register_script((here / "act.lua").read_text())

    def key(self, *parts: str) -> str:
        """The key's full name; see the table above."""
        return ":".join([f"{self._prefix}{{feed}}", *parts])

    def next(self) -> int:
        """See FeedStore.next."""
        with store_errors():
            found = self._client.get(self.key("next"))
        return int(found) if found is not None else -1

    def put(self, expected_next: int, new_next: int, entries: Iterable[Entry], gone: Sequence[str]) -> bool:
        """See FeedStore.put. One script call."""
        pairs = [part for entry in entries for part in (entry.line.topic, _encode(entry))]
        keys = [self.key(name) for name in ("next", "topics", "triage", "changes")]
        arguments = [expected_next, new_next, _TTL_S, _CHANGES_KEPT, len(pairs) // 2, *pairs, *gone]
        with store_errors():
            return bool(self._put(keys=keys, args=arguments))

    def topics(self) -> dict[str, Entry]:
        """See FeedStore.topics."""
        with store_errors():
            found = self._client.hgetall(self.key("topics"))
        return {name.decode(): _entries.decode(packed) for name, packed in found.items()}

    def some(self, names: Sequence[str]) -> dict[str, tuple[Entry, Triage]]:
        """See FeedStore.some. One round trip."""
        if not names:
            return {}
        with store_errors():
            pipeline = self._client.pipeline(transaction=True)
            pipeline.hmget(self.key("topics"), names)
            pipeline.hmget(self.key("triage"), names)
            topics, triages = pipeline.execute()
        return {
            name: (_entries.decode(topic), decode_triage(triage) if triage else Triage())
            for name, topic, triage in zip(names, topics, triages, strict=True)
            if topic is not None
        }

    def triages(self) -> dict[str, Triage]:
        """See FeedStore.triages."""
        with store_errors():
            found = self._client.hgetall(self.key("triage"))
        return {name.decode(): decode_triage(packed) for name, packed in found.items()}

    def act(
        self,
        topic: str,
        before: Triage,
        after: Triage,
        *events: AuditEvent,
        mute: Mute | None = None,
        split: Split | None = None,
    ) -> bool:
        """See FeedStore.act. One script call."""
        names = ("triage", "changes", "audit")
        inputs = (mutes_key(self._prefix), splits_key(self._prefix))
        keys = [*map(self.key, names), self.key("trail", topic), self.key("topics"), *inputs]
        arguments: list[Any] = [
            topic,
            encode_triage(before) if before.revision else b"",
            encode_triage(after),
            _CHANGES_KEPT,
            _TTL_S,
            after.into if after.into != before.into else "",
            int(not after.is_settled_like(before)),
            mute_of_topic(topic),
            b"" if mute is None else encode_mute(mute),
            "" if split is None else split.id,
            b"" if split is None else encode_split(split),
            *map(_encode, events),
        ]
        other = after.into or before.into if after.into != before.into else topic if split is None else split.id
        with store_errors():
            done = self._act(keys=[*keys, self.key("trail", other)], args=arguments)
        if done < 0:
            raise MergeError(after.into)
        if split is not None:
            self._forget_splits(oldest_split_ms(split))
        return bool(done)

    def mutes(self) -> list[Mute]:
        """See FeedStore.mutes."""
        with store_errors():
            found = self._client.hvals(mutes_key(self._prefix))
        return [decode_mute(packed) for packed in found]

    def splits(self) -> list[Split]:
        """See FeedStore.splits."""
        with store_errors():
            found = self._client.hvals(splits_key(self._prefix))
        return sorted(map(decode_split, found), key=in_time)

    def change_mutes(self, event: AuditEvent | None, *, add: Sequence[Mute] = (), end: Sequence[str] = ()) -> None:
        """See FeedStore.change_mutes. One transaction."""
        key = mutes_key(self._prefix)
        with store_errors():
            pipeline = self._client.pipeline(transaction=True)
            if end:
                pipeline.hdel(key, *end)
            for mute in add:
                pipeline.hset(key, mute.id, encode_mute(mute))
            pipeline.expire(key, _TTL_S)
            if event is not None:
                self._log(pipeline, event)
            pipeline.execute()

    def note(self, event: AuditEvent) -> None:
        """See FeedStore.note."""
        with store_errors():
            pipeline = self._client.pipeline(transaction=True)
            self._log(pipeline, event)
            pipeline.execute()

    def audit(self, topic: str | None, limit: int) -> list[AuditEvent]:
        """See FeedStore.audit."""
        key = self.key("audit") if topic is None else self.key("trail", topic)
        with store_errors():
            found = self._client.xrevrange(key, count=limit)
        return [_events.decode(fields[b"e"]) for _, fields in found]

    def log(self, before: str, limit: int) -> list[tuple[str, AuditEvent]]:
        """See FeedStore.log."""
        with store_errors():
            found = self._client.xrevrange(self.key("audit"), max=f"({before}" if before else "+", count=limit)
        return [(place.decode(), _events.decode(fields[b"e"])) for place, fields in found]

    def changes(self, after: str, limit: int) -> Changes:
        """See FeedStore.changes. Two short commands in one round trip."""
        key = self.key("changes")
        with store_errors():
            pipeline = self._client.pipeline(transaction=True)
            pipeline.xrange(key, min=after, count=1)  # is the place itself still there?
            pipeline.xrange(key, min=f"({after}", count=limit)
            place, found = pipeline.execute()
        is_known = after == BEGINNING or any(number.decode() == after for number, _ in place)
        return Changes(topics=[(number.decode(), fields[b"t"].decode()) for number, fields in found], is_whole=is_known)

    def last_change(self) -> str:
        """See FeedStore.last_change."""
        with store_errors():
            found = self._client.xrevrange(self.key("changes"), count=1)
        return found[0][0].decode() if found else BEGINNING

    def _forget_splits(self, before_ms: int) -> None:
        old = [split.id for split in self.splits() if split.at_ms <= before_ms]
        if old:
            with store_errors():
                self._client.hdel(splits_key(self._prefix), *old)

    def _log(self, pipeline: Any, event: AuditEvent) -> None:
        pipeline.xadd(self.key("audit"), {"e": _encode(event)})
        if event.topic:
            pipeline.xadd(self.key("trail", event.topic), {"e": _encode(event)})
