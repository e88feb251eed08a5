"""An emptied store comes back exactly from windows.saved, even where Kafka no longer has the posts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.post import Author, Post, encode_post
from contracts.settings import Settings
from contracts.topics import WINDOWS_SAVED, topic_specs
from producers.kafka import connect_producer, ensure_topics
from streams.saved import CHUNK_BYTES, SavedStates
from streams.window_store import RedisWindowStore, connect
from streams.windows import PartitionState, PartitionWindows, WindowRules
from streams.worker import Record, States, WorkerPartitions
from tongsheng import wiring
from tools.kafka import KafkaServer

AT_MS = 1_772_380_800_000
RULES = WindowRules()


@pytest.fixture
def states(kafka: KafkaServer, topic_prefix: str) -> Iterator[SavedStates]:
    ensure_topics(kafka.bootstrap, topic_specs(prefix=topic_prefix, partitions=1, replication=1, retention_hours=1))
    producer = connect_producer(kafka.bootstrap)
    yield SavedStates(kafka.bootstrap, topic_prefix + WINDOWS_SAVED, lambda: producer)
    producer.close()


def test_what_was_saved_last_is_loaded(states: SavedStates) -> None:
    """States of any size, by name; an unknown name is None."""
    big = bytes(range(256)) * (3 * CHUNK_BYTES // 256)

    states.save("partition/1", b"one")
    states.save("partition/1", big)
    states.save("partition/10", b"ten")

    assert big == states.load("partition/1")
    assert states.load("partition/10") == b"ten"
    assert states.load("detector") is None


def record(offset: int) -> Record:
    posts = [
        Post(
            id=f"weibo:{offset}-{n}",
            platform="weibo",
            at_ms=AT_MS + offset * 7000 + n,
            author=Author(key=f"a{(offset + n) % 40}"),
            text=f"第{offset % 5}所幼儿园的孩子接种疫苗",
        )
        for n in range(5)
    ]
    return Record(
        offset=offset,
        received_ms=AT_MS + 10**9,
        progress_ms=None,
        value=b"\n".join(encode_post(post) for post in posts),
    )


def worker(url: str, states: States, *, is_due: bool) -> WorkerPartitions:
    return WorkerPartitions(
        store=RedisWindowStore(connect(url)),
        listener=wiring.listener(Settings(), wiring.local_veil(Settings())),
        rules=RULES,
        reject=lambda _: None,
        saved=states,
        save_due=lambda _, __: is_due,
        source="posts.collected",
    )


def test_an_emptied_store_is_brought_back_and_goes_on_exactly(
    states: SavedStates, redis_url: str, tmp_path: Path
) -> None:
    """Saved, emptied and continued, the store is what it would be had nothing happened."""
    client = connect(redis_url)
    first = worker(redis_url, states, is_due=True)
    first.open(0, earliest=0)
    first.fold(0, [record(offset) for offset in range(200)])
    client.flushall()

    second = worker(redis_url, states, is_due=False)
    next_offset = second.open(0, earliest=150)
    second.fold(0, [record(offset) for offset in range(next_offset, 300)])
    restored = RedisWindowStore(client).dump(0, RULES)

    client.flushall()
    whole = worker(redis_url, SavedNothing(), is_due=False)
    whole.open(0, earliest=0)
    whole.fold(0, [record(offset) for offset in range(300)])
    undisturbed = RedisWindowStore(client).dump(0, RULES)

    assert next_offset == 200
    assert restored is not None
    assert undisturbed is not None
    assert undisturbed.state == restored.state
    assert undisturbed.minutes == restored.minutes
    client.close()


class SavedNothing:
    """A deployment that has never saved."""

    def save(self, name: str, state: bytes) -> None:
        """Never called."""

    def load(self, name: str) -> bytes | None:  # noqa: ARG002 - the port's shape
        return None


def test_records_that_kafka_has_cut_are_skipped_and_said(
    states: SavedStates, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Where retention was shorter than an outage, the worker goes on with what there is and logs the loss."""
    store = RedisWindowStore(connect(redis_url))
    store.create(0, 10)
    windows = PartitionWindows(PartitionState(next=10), RULES)
    store.apply(0, 10, windows.take(12))

    next_offset = worker(redis_url, states, is_due=False).open(0, earliest=50)

    assert next_offset == 50
    assert [(r["event"], r["records"]) for r in map(vars, caplog.records) if "records" in r] == [("records.lost", 38)]
