"""From an operator's form to the detector's next tick, over a real Valkey."""

import itertools
from collections.abc import Iterator

import pytest
import redis

from contracts.errors import FailStopError
from detectors.mutes import NOTHING, Muted
from feeds.desk import Desk
from feeds.feed_store import RedisFeedStore
from feeds.triage import Act
from streams.detect_store import DetectStore
from streams.mutes import MutePoll, TickMutes
from streams.window_store import connect
from tests.feed_lines import entry
from tests.feed_site import put
from tests.services import ValkeyServer
from tests.unit.detectors.test_detector import HOUR_MS, START_MS, TICK_MS, chatter, event, run

NOW_MS, MINUTE_MS = 1_772_380_800_000, 60_000
MUTED = Muted.of([["校车"]])


@pytest.fixture
def client(redis_url: str) -> Iterator["redis.Redis"]:
    made = connect(redis_url)
    yield made
    made.close()


@pytest.fixture
def desk(client: "redis.Redis") -> Desk:
    store = RedisFeedStore(client, key_prefix="test:")
    put(store, entry("a", keywords=["校车", "侧翻"]))
    return Desk(store, lambda: NOW_MS)


def poll(client: "redis.Redis", now_ms: int = NOW_MS) -> MutePoll:
    """One that asks whenever it is called."""
    return MutePoll(client, now_ms=lambda: now_ms, clock_s=itertools.count(0, 10).__next__, key_prefix="test:")


def detecting(client: "redis.Redis", owner: str = "one", now_ms: int = NOW_MS) -> TickMutes:
    store = DetectStore(client, key_prefix="test:")
    mutes = TickMutes(store, poll(client, now_ms))
    store.release("one")
    mutes.begin(store.lease(owner, 60_000))
    return mutes


def test_what_an_operator_mutes_raises_no_topic_from_the_next_tick_on(client: "redis.Redis", desk: Desk) -> None:
    """Until the time is up, or somebody ends it."""
    posts = [*chatter(8), *event(6, 12, "校车", "侧翻")]
    mutes = detecting(client)
    before = mutes.at(START_MS)

    mute = desk.mute_words("a", ["校车"], 60, "lin")
    muted = run(posts, hours=7, muted=mutes.at)
    desk.end_mute(mute.id, "wu")
    freed = run(posts, hours=7, muted=lambda _: poll(client)())

    assert (before, muted) == (NOTHING, [])
    assert {line.state for line in freed} >= {"emerging"}


def test_a_mute_ends_by_itself(client: "redis.Redis", desk: Desk) -> None:
    """By the wall clock, as the operator chose."""
    desk.mute_words("a", ["校车"], 60, "lin")

    assert poll(client, NOW_MS + 60 * MINUTE_MS - 1)() == MUTED
    assert poll(client, NOW_MS + 60 * MINUTE_MS)() == NOTHING


def test_a_dismissal_as_no_topic_mutes_its_words_together(client: "redis.Redis", desk: Desk) -> None:
    """What is left of it in the store goes with the reopening."""
    desk.act("a", Act(name="dismiss", reason="advertising"), "lin")
    muted = poll(client)()
    desk.act("a", Act(name="reopen"), "lin")

    assert (muted, poll(client)()) == (Muted.of([["校车", "侧翻"]]), NOTHING)


def test_a_tick_that_is_judged_again_is_judged_as_before(client: "redis.Redis", desk: Desk) -> None:
    """The detector died behind tick 3; another takes over from its state at tick 0, with other mutes in force."""
    first, store = detecting(client), DetectStore(client, key_prefix="test:")
    ticks = [START_MS + n * TICK_MS for n in range(5)]
    seen = [first.at(ticks[0])]
    mute = desk.mute_words("a", ["校车"], 60, "lin")
    seen += [first.at(ticks[1]), first.at(ticks[2])]
    desk.end_mute(mute.id, "lin")
    seen.append(first.at(ticks[3]))
    store.commit(1, ticks[3], [])
    desk.mute_words("a", ["侧翻"], 60, "lin")

    second = detecting(client, "two")

    assert seen == [NOTHING, MUTED, MUTED, NOTHING]
    assert [second.at(tick) for tick in ticks[:4]] == seen
    assert second.at(ticks[4]) == Muted.of([["侧翻"]])
    with pytest.raises(FailStopError):
        first.at(ticks[4] + HOUR_MS)


def test_rubbish_among_the_mutes_stops_nobody(client: "redis.Redis", desk: Desk) -> None:
    """The others are in force."""
    desk.mute_words("a", ["校车"], 60, "lin")
    client.hset("test:{feed}:mutes", "bad", b"\xc1")

    assert poll(client)() == MUTED


def test_while_the_store_is_away_what_was_muted_stays_so(own_valkey: ValkeyServer) -> None:
    """A detector that judges on must not forget it."""
    client = connect(own_valkey.url)
    store = RedisFeedStore(client, key_prefix="test:")
    put(store, entry("a", keywords=["校车", "侧翻"]))
    Desk(store, lambda: NOW_MS).mute_words("a", ["校车"], 60, "lin")
    asking = poll(client)
    before = asking()

    own_valkey.stop()

    assert (before, asking()) == (MUTED, MUTED)
    client.close()
