"""From an operator's form to the detector's next tick, over a real Valkey."""

import itertools
from collections.abc import Iterator

import msgspec
import pytest
import redis

from contracts.errors import FailStopError
from detectors.mutes import Muted
from detectors.orders import NO_ORDERS, Orders
from feeds.desk import Desk
from feeds.feed_store import RedisFeedStore
from feeds.triage import Act
from streams.detect_store import DetectStore
from streams.orders import OrderPoll, TickOrders
from streams.window_store import connect
from tests.detections import HOUR_MS, START_MS, TICK_MS, chatter, event, raised, run, splinters
from tests.feed_lines import entry
from tests.feed_site import put
from tests.services import ValkeyServer
from tests.unit.detectors.test_splitting import AT_H, mixed, topic_of

NOW_MS, MINUTE_MS = 1_772_380_800_000, 60_000
MUTED = Orders(muted=Muted.of([["校车"]]))


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


def poll(client: "redis.Redis", now_ms: int = NOW_MS) -> OrderPoll:
    """One that asks whenever it is called."""
    return OrderPoll(client, now_ms=lambda: now_ms, clock_s=itertools.count(0, 10).__next__, key_prefix="test:")


def detecting(client: "redis.Redis", owner: str = "one", now_ms: int = NOW_MS) -> TickOrders:
    store = DetectStore(client, key_prefix="test:")
    orders = TickOrders(store, poll(client, now_ms))
    store.release("one")
    orders.begin(store.lease(owner, 60_000))
    return orders


def test_what_an_operator_mutes_raises_no_topic_from_the_next_tick_on(client: "redis.Redis", desk: Desk) -> None:
    """Until the time is up, or somebody ends it."""
    posts = [*chatter(8), *event(6, 12, "校车", "侧翻")]
    mutes = detecting(client)
    before = mutes.at(START_MS)

    mute = desk.mute_words("a", ["校车"], 60, "lin")
    muted = run(posts, hours=7, orders=mutes.at)
    desk.end_mute(mute.id, "wu")
    freed = run(posts, hours=7, orders=lambda _: poll(client)())

    assert (before, muted) == (NO_ORDERS, [])
    assert {line.state for line in freed} >= {"emerging"}


def test_a_mute_ends_by_itself(client: "redis.Redis", desk: Desk) -> None:
    """By the wall clock, as the operator chose."""
    desk.mute_words("a", ["校车"], 60, "lin")

    assert poll(client, NOW_MS + 60 * MINUTE_MS - 1)() == MUTED
    assert poll(client, NOW_MS + 60 * MINUTE_MS)() == NO_ORDERS


def test_a_dismissal_as_no_topic_mutes_its_words_together(client: "redis.Redis", desk: Desk) -> None:
    """What is left of it in the store goes with the reopening."""
    desk.act("a", Act(name="dismiss", reason="advertising"), "lin")
    muted = poll(client)()
    desk.act("a", Act(name="reopen"), "lin")

    assert (muted, poll(client)()) == (Orders(muted=Muted.of([["校车", "侧翻"]], ["a"])), NO_ORDERS)


def test_what_an_operator_splits_is_two_topics_from_the_next_tick_on(client: "redis.Redis") -> None:
    """The new one has the id that the form gave it; undone, it closes. A repeated tick is judged as before."""
    posts = mixed()
    topic = topic_of(posts)
    store = RedisFeedStore(client, key_prefix="test:")
    put(store, entry(topic, keywords=["校车", "疫苗"]))
    desk, orders = Desk(store, lambda: NOW_MS), detecting(client)
    split_ms, undone_ms = (START_MS + round(hour * HOUR_MS) for hour in (AT_H, AT_H + 0.2))

    def at(tick_ms: int) -> Orders:
        if tick_ms == split_ms:
            desk.act(topic, Act(name="divide", words=("疫苗",)), "lin")
        if tick_ms == undone_ms:
            desk.act(topic, Act(name="rejoin", into=desk.splits(topic)[0].id), "wu")
        return orders.at(tick_ms)

    lines = run(posts, hours=6.6, orders=at)
    [split] = store.splits()
    again = detecting(client, "two")
    DetectStore(client, key_prefix="test:").commit(2, START_MS + 7 * HOUR_MS, [])
    again.begin(2)

    assert {line.topic for line in lines} == {topic, split.id}
    assert [line.state for line in lines if line.topic == split.id][-1] == "closed"
    assert run(posts, hours=6.6, orders=again.at) == lines


def test_what_splinters_off_a_topic_that_an_operator_mutes_is_not_raised(client: "redis.Redis") -> None:
    """Until the operator ends it; other events are raised."""
    crash, told, other = splinters()
    posts = [*chatter(9), *crash, *told, *other]
    first = run(posts, hours=7)[0].topic
    store = RedisFeedStore(client, key_prefix="test:")
    put(store, entry(first, keywords=["校车"]))
    desk = Desk(store, lambda: NOW_MS)

    desk.act(first, Act(name="mute", minutes=480), "lin")
    orders = poll(client)()
    muted = run(posts, hours=9, orders=lambda at_ms: orders if at_ms - START_MS > 7 * HOUR_MS else NO_ORDERS)
    desk.act(first, Act(name="reopen"), "lin")

    assert orders == Orders(muted=Muted.of([], [first]))
    assert (len(raised(run(posts, hours=9))), len(raised(muted))) == (3, 2)
    assert poll(client)() == NO_ORDERS


def test_a_note_of_an_earlier_version_is_read(client: "redis.Redis") -> None:
    """It knew of words alone."""
    client.rpush("test:{detect}:muted", msgspec.msgpack.encode((START_MS, [["校车"]])))
    client.set("test:{detect}:tick", START_MS)

    assert detecting(client).at(START_MS) == MUTED


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

    assert seen == [NO_ORDERS, MUTED, MUTED, NO_ORDERS]
    assert [second.at(tick) for tick in ticks[:4]] == seen
    assert second.at(ticks[4]) == Orders(muted=Muted.of([["侧翻"]]))
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
