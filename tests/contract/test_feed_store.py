"""One suite for both stores of the feed: in memory and on a real Valkey."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from contracts.errors import StoreAwayError
from contracts.mute import Mute
from contracts.split import Split
from contracts.triage import Triage
from feeds.feed_store import BEGINNING, Changes, FeedStore, MergeError, RedisFeedStore
from feeds.memory_store import MemoryFeedStore
from feeds.triage import AuditEvent
from streams.window_store import connect
from tests.feed_lines import entry
from tests.services import ValkeyServer

DAY_MS = 24 * 3_600_000


@pytest.fixture(params=["memory", "valkey"])
def store(request: pytest.FixtureRequest) -> Iterator[FeedStore]:
    if request.param == "memory":
        yield MemoryFeedStore()
        return
    client = connect(request.getfixturevalue("redis_url"))
    yield RedisFeedStore(client, key_prefix="test:")
    client.close()


def event(act: str = "confirm", topic: str = "a") -> AuditEvent:
    return AuditEvent(at_ms=1, who="lin", act=act, topic=topic)


def test_what_is_put_is_there_with_its_place(store: FeedStore) -> None:
    """Topics and the offset behind them are one write."""
    before = store.next()

    is_put = store.put(-1, 7, [entry("a"), entry("b")], [])

    assert (before, is_put, store.next()) == (-1, True, 7)
    assert store.topics() == {"a": entry("a"), "b": entry("b")}
    assert store.some(["b", "none"]) == {"b": (entry("b"), Triage())}
    assert store.some([]) == {}


def test_a_reader_that_was_overtaken_writes_nothing(store: FeedStore) -> None:
    """Of two readers one is ahead; the other sees it and reads on from there."""
    store.put(-1, 7, [entry("a")], [])

    assert store.put(-1, 3, [entry("late")], []) is False
    assert (store.next(), list(store.topics())) == (7, ["a"])


def test_a_topic_that_leaves_takes_its_triage_along(store: FeedStore) -> None:
    """What was decided about it stays in the audit log only."""
    store.put(-1, 1, [entry("a"), entry("b")], [])
    store.act("a", Triage(), Triage(status="confirmed", revision=1), event())

    store.put(1, 2, [], ["a"])

    assert (list(store.topics()), store.triages()) == (["b"], {})
    assert [found.act for found in store.audit("a", 10)] == ["confirm"]


def test_of_two_acts_on_one_state_the_first_counts(store: FeedStore) -> None:
    """The second is decided anew on what the first left."""
    store.put(-1, 1, [entry("a")], [])
    confirmed = Triage(status="confirmed", by="lin", revision=1)

    is_first = store.act("a", Triage(), confirmed, event())
    is_second = store.act("a", Triage(), Triage(status="dismissed", revision=1), event("dismiss"))

    assert (is_first, is_second) == (True, False)
    assert store.triages() == {"a": confirmed}
    assert store.some(["a"])["a"][1] == confirmed
    assert [found.act for found in store.audit(None, 10)] == ["confirm"]


def test_a_merge_is_written_where_there_is_something_to_merge_into(store: FeedStore) -> None:
    """Not into a topic that is none, nor into a part of itself, however long the chain; both trails tell it."""
    store.put(-1, 1, [entry("a"), entry("b"), entry("c")], [])
    for topic, into in (("a", "b"), ("b", "c")):
        merged = Triage(status="merged", into=into, revision=1)
        assert store.act(topic, Triage(), merged, AuditEvent(at_ms=1, who="lin", act="merge", topic=topic, detail=into))

    for into in ("none", "a", "b", "c"):
        with pytest.raises(MergeError):
            store.act("c", Triage(), Triage(status="merged", into=into, revision=1), event("merge", "c"))
    assert store.triages().keys() == {"a", "b"}
    assert [(found.topic, found.detail) for found in store.audit("b", 9)] == [("b", "c"), ("a", "b")]


def test_a_split_is_written_with_its_act_and_told_of_on_both_trails(store: FeedStore) -> None:
    """Of two operators at once one splits; an undone one takes its place, and what is over two weeks old goes."""
    store.put(-1, 1, [entry("a")], [])
    split = Split(id="b", topic="a", words=("校车",), by="lin", at_ms=DAY_MS)
    other = Split(id="c", topic="a", words=("校车",), by="wu", at_ms=DAY_MS)
    later = Split(id="d", topic="a", at_ms=15 * DAY_MS)
    told = AuditEvent(at_ms=1, who="lin", act="divide", topic="a", detail="b 校车")

    first = store.act("a", Triage(), Triage(revision=1), told, split=split)
    second = store.act("a", Triage(), Triage(revision=1), told, split=other)
    undone = msgspec.structs.replace(split, is_undone=True)
    store.act("a", Triage(revision=1), Triage(revision=2), split=undone)
    known = store.splits()
    store.act("a", Triage(revision=2), Triage(revision=3), split=later)

    assert (first, second, known, store.splits()) == (True, False, [undone], [later])
    assert store.audit("a", 9) == store.audit("b", 9) == [told]


def test_mutes_are_kept_with_their_audit_line(store: FeedStore) -> None:
    """Added, replaced and ended by id; a deciding act ends its topic's own."""
    store.put(-1, 1, [entry("a")], [])
    one, two = (Mute(id=name, words=("校车",), until_ms=5, by="lin", at_ms=1) for name in ("word:x", "topic:a"))
    store.change_mutes(event("mute-words"), add=[one])
    dismissed = Triage(status="dismissed", at_ms=1, revision=1)
    store.act("a", Triage(), dismissed, event("dismiss"), mute=two)
    both = sorted(mute.id for mute in store.mutes())
    store.act("a", dismissed, Triage(status="open", at_ms=2, revision=2), event("reopen"))

    assert (both, store.mutes()) == (["topic:a", "word:x"], [one])
    store.change_mutes(None, end=["word:x", "none"])
    assert store.mutes() == []
    assert [found.act for found in store.audit(None, 9)] == ["reopen", "dismiss", "mute-words"]


def test_the_audit_log_tells_the_newest_first_of_one_topic_or_all(store: FeedStore) -> None:
    """A sign-in belongs to no topic."""
    store.put(-1, 1, [entry("a"), entry("b")], [])
    store.note(AuditEvent(at_ms=1, who="lin", act="signed-in"))
    store.note(event("looked", "a"))
    store.act("b", Triage(), Triage(status="confirmed", revision=1), event("confirm", "b"))

    assert [found.act for found in store.audit(None, 10)] == ["confirm", "looked", "signed-in"]
    assert [found.act for found in store.audit("a", 10)] == ["looked"]
    assert [found.act for found in store.audit(None, 1)] == ["confirm"]


def test_the_audit_log_is_read_to_its_beginning_page_by_page(store: FeedStore) -> None:
    """Each event once, whatever is added meanwhile."""
    for number in range(5):
        store.note(AuditEvent(at_ms=number, who="lin", act="looked"))

    first = store.log("", 2)
    store.note(event())
    rest = store.log(first[-1][0], 9)

    assert [found.at_ms for _, found in (*first, *rest)] == [4, 3, 2, 1, 0]
    assert store.log(rest[-1][0], 9) == []


def test_changes_are_numbered_and_read_on_from_a_place(store: FeedStore) -> None:
    """A browser that was away gets what it missed, each change once and in order."""
    assert store.last_change() == BEGINNING
    store.put(-1, 1, [entry("a")], [])
    place = store.last_change()
    store.put(1, 2, [entry("b")], [])
    store.act("a", Triage(), Triage(status="confirmed", revision=1), event())
    store.put(2, 3, [], ["b"])

    missed = store.changes(place, 10)

    assert missed.is_whole
    assert [name for _, name in missed.topics] == ["b", "a", "b"]
    assert missed.topics[-1][0] == store.last_change()
    assert store.changes(store.last_change(), 10) == Changes(topics=[], is_whole=True)
    assert [name for _, name in store.changes(BEGINNING, 2).topics] == ["a", "b"]


def test_a_place_that_is_not_kept_any_more_is_said(store: FeedStore) -> None:
    """Then the browser loads the whole list instead of missing something."""
    store.put(-1, 1, [entry("a")], [])

    assert store.changes("99999999999999-0", 10).is_whole is False


CALLS: dict[str, Callable[[FeedStore], Any]] = {
    "next": lambda store: store.next(),
    "put": lambda store: store.put(-1, 1, [entry()], []),
    "topics": lambda store: store.topics(),
    "some": lambda store: store.some(["a"]),
    "triages": lambda store: store.triages(),
    "act": lambda store: store.act("a", Triage(), Triage(revision=1), event()),
    "mutes": lambda store: store.mutes(),
    "change_mutes": lambda store: store.change_mutes(event(), end=["a"]),
    "note": lambda store: store.note(event()),
    "audit": lambda store: store.audit(None, 1),
    "log": lambda store: store.log("", 1),
    "changes": lambda store: store.changes(BEGINNING, 1),
    "last_change": lambda store: store.last_change(),
}


def test_a_store_that_is_away_says_so(own_valkey: ValkeyServer) -> None:
    """Whatever is asked: the feed waits or says 503, it does not break."""
    client = connect(own_valkey.url)
    store = RedisFeedStore(client)
    own_valkey.stop()

    for call in CALLS.values():
        with pytest.raises(StoreAwayError):
            call(store)
    client.close()
