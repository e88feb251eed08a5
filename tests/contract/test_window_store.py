"""One suite for both window stores: in memory and on a real Valkey."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.errors import FailStopError, StoreAwayError
from detectors.delta import Evidence
from streams.memory_store import MemoryWindowStore
from streams.window_store import Head, RedisWindowStore, WindowStore, connect
from streams.windows import Heard, PartitionState, PartitionWindows, WindowRules

START_MS = 1_772_380_800_000
MINUTE = START_MS // 60_000
RULES = WindowRules()


@pytest.fixture(params=["memory", "valkey"])
def store(request: pytest.FixtureRequest) -> Iterator[WindowStore]:
    if request.param == "memory":
        yield MemoryWindowStore()
        return
    client = connect(request.getfixturevalue("redis_url"))
    yield RedisWindowStore(client, key_prefix="test:")
    client.close()


def heard(number: int, at_ms: int, *terms: str, author: str = "a1") -> Heard:
    evidence = Evidence(f"weibo:{number}", author, at_ms, "weibo", 7, f"weibo:{number}", terms, ("safety",))
    return Heard(number.to_bytes(8, "big"), at_ms, evidence if terms else None)


def write(store: WindowStore, first: int, *posts: Heard) -> bool:
    """Fold posts at offsets from `first` on, from the stored state."""
    store.create(0, 0)
    windows = PartitionWindows(store.load(0, RULES) or PartitionState(next=first), RULES)
    for post in posts:
        windows.hear(post)
    return store.apply(0, first, windows.take(first + len(posts)))


def test_what_is_written_is_loaded_again(store: WindowStore) -> None:
    """Head, open keys, counts, uses and tallies come back as they were."""
    write(
        store,
        0,
        heard(1, START_MS, "校车", "疫苗"),
        heard(2, START_MS + 60_000, "校车", author="a2"),
        heard(3, START_MS),
    )

    state = store.load(0, RULES)

    assert state is not None
    assert (state.next, state.progress_ms, state.minutes) == (3, START_MS + 60_000, [MINUTE, MINUTE + 1])
    assert state.authors == {MINUTE: {"*": 2, "校车": 1, "疫苗": 1}, MINUTE + 1: {"*": 1, "校车": 1}}
    assert {
        MINUTE: {(1).to_bytes(8, "big"), (3).to_bytes(8, "big")},
        MINUTE + 1: {(2).to_bytes(8, "big")},
    } == state.keys
    assert state.tallies == {"posts": 3, "late": 0, "repeats": 0}
    assert {"a1", "a2"} == set(state.uses[MINUTE // 60])
    assert [Head(3, START_MS + 60_000), None] == store.heads(2)


def test_changes_are_read_once_and_trimmed(store: WindowStore) -> None:
    """The detector reads changes behind an entry, and trimming keeps later quanta."""
    write(store, 0, heard(1, START_MS, "校车"))
    write(store, 1, heard(2, START_MS + 5000, "疫苗"))

    (first, one), (_, two) = store.deltas(0, "0", 10)

    assert (one[0].quantum_ms, one[0].posts, one[0].authors) == (START_MS + 1000, {MINUTE: 1}, {MINUTE: {"校车": 1}})
    assert [evidence.post for evidence in two[0].evidence] == ["weibo:2"]
    assert [two] == [deltas for _, deltas in store.deltas(0, first, 10)]
    store.trim(0, START_MS + 1000)
    assert [two] == [deltas for _, deltas in store.deltas(0, "0", 10)]


def test_a_stale_writer_writes_nothing(store: WindowStore) -> None:
    """Where the stored offset is ahead, the batch is refused and the counts stay."""
    write(store, 0, heard(1, START_MS, "校车"), heard(2, START_MS, "校车", author="a2"))
    stale = PartitionWindows(PartitionState(next=0), RULES)
    stale.hear(heard(1, START_MS, "校车"))

    assert not store.apply(0, 0, stale.take(1))
    assert store.minute(0, MINUTE) == {"*": 2, "校车": 2}


@pytest.mark.parametrize("lost", ["behind", "empty"])
def test_a_store_that_lost_data_stops_the_writer(store: WindowStore, lost: str) -> None:
    """A writer never writes over a gap: the restart seeks to what the store has."""
    if lost == "behind":
        store.create(0, 3)
    ahead = PartitionWindows(PartitionState(next=10), RULES)
    ahead.hear(heard(1, START_MS, "校车"))

    with pytest.raises(FailStopError):
        store.apply(0, 10, ahead.take(11))


def test_ten_thousand_terms_fit_one_write(store: WindowStore) -> None:
    """A batch with more count changes than Lua can unpack at once is written whole."""
    terms = [f"词{number}" for number in range(10_000)]
    write(store, 0, heard(1, START_MS, *terms))

    assert len(terms) + 1 == len(store.minute(0, MINUTE))


def test_create_leaves_a_known_partition_alone(store: WindowStore) -> None:
    """Starting an unknown partition twice, or a known one, changes nothing."""
    write(store, 0, heard(1, START_MS))

    store.create(0, 99)

    assert [Head(1, START_MS)] == store.heads(1)


def test_a_full_server_takes_no_part_of_a_batch(redis_url: str) -> None:
    """Out of memory, the script is refused whole and said to be retried; nothing of the batch is in."""
    client: Any = connect(redis_url)
    store = RedisWindowStore(client)
    store.create(0, 0)
    before = client.config_get("maxmemory")["maxmemory"]
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreAwayError):
            write(store, 0, heard(1, START_MS, "校车"))
    finally:
        client.config_set("maxmemory", before)

    assert [Head(0, 0)] == store.heads(1)
    assert store.minute(0, MINUTE) == {}
    client.close()


def test_only_stated_keys_are_written_and_only_the_head_lives_for_ever(redis_url: str) -> None:
    """Every key but the head has a time to live, and all share the partition's hash tag."""
    client: Any = connect(redis_url)
    store = RedisWindowStore(client, key_prefix="ts:")
    write(store, 0, heard(1, START_MS, "校车"))

    lifetimes: dict[str, int] = {key.decode(): client.ttl(key) for key in client.keys("*")}

    assert {"ts:{posts:0}:" in key for key in lifetimes} == {True}
    assert [key for key, seconds in lifetimes.items() if seconds < 0] == ["ts:{posts:0}:head"]
    client.close()


_: Callable[..., WindowStore] = MemoryWindowStore  # both are what the pipeline asks for
__: Callable[..., WindowStore] = RedisWindowStore


def test_a_forgotten_post_is_taken_out_of_the_changes(store: WindowStore) -> None:
    """Its counts stay, the entries keep their ids and order, and what comes next is added behind them."""
    write(store, 0, heard(1, START_MS, "校车"), heard(2, START_MS + 2000, "疫苗", author="a2"))
    write(store, 2, heard(3, START_MS + 4000, "校车", author="a3"))
    before = store.deltas(0, "0", 10)

    store.scrub(0, {"weibo:1", "weibo:99"})

    after = store.deltas(0, "0", 10)
    assert [entry for entry, _ in after] == [entry for entry, _ in before]
    assert [post.post for _, deltas in after for delta in deltas for post in delta.evidence] == ["weibo:2", "weibo:3"]
    assert [delta.authors for _, deltas in after for delta in deltas] == [
        delta.authors for _, deltas in before for delta in deltas
    ]
    assert write(store, 3, heard(4, START_MS + 6000, "校车", author="a4"))
    assert len(store.deltas(0, "0", 10)) == len(before) + 1
