"""Every behaviour of Faust 0.15.3 that the worker relies on, against a real broker: an upgrade fails here."""

import asyncio
import inspect
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faust
import pytest
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from faust.transport.consumer import Consumer as BaseConsumer
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from contracts.frame import PROGRESS_HEADER
from contracts.topics import TopicSpec
from producers.kafka import connect_producer, ensure_topics
from streams.app import StoreOffsetsConsumer, build_app
from streams.worker import Record
from tests.deployment import PARTITIONS, Deployment
from tests.services import PATIENCE_S, poll_until


class RecordingFolds:
    """Says where to read on and keeps what comes."""

    def __init__(self, start: dict[int, int]) -> None:
        self.start = start
        self.opened: list[tuple[int, int]] = []
        self.records: dict[int, list[Record]] = {}

    def open(self, partition: int, *, earliest: int) -> int:
        self.opened.append((partition, earliest))
        return self.start.get(partition, 0)

    def fold(self, partition: int, records: Sequence[Record]) -> int:
        self.records.setdefault(partition, []).extend(records)
        return len(records)


def send(deployment: Deployment, records: int) -> None:
    """So many records to each partition, with a progress mark each."""
    producer = connect_producer(deployment.settings.kafka.brokers)
    for number in range(records):
        for partition in range(PARTITIONS):
            headers = [(PROGRESS_HEADER, str(1000 + number).encode())]
            producer.send(deployment.topic, f"r{number}".encode(), headers=headers, partition=partition)
    producer.flush()
    producer.close()


def commit_in_kafka(deployment: Deployment, group: str, offset: int) -> None:
    consumer = KafkaConsumer(
        bootstrap_servers=deployment.settings.kafka.brokers.split(","), group_id=group, enable_auto_commit=False
    )
    partitions = [TopicPartition(deployment.topic, number) for number in range(PARTITIONS)]
    consumer.assign(partitions)
    consumer.commit({partition: OffsetAndMetadata(offset, "", -1) for partition in partitions})
    consumer.close()


async def run_until(app: Any, is_done: Any) -> None:
    await app.start()
    try:
        for _ in range(round(PATIENCE_S / 0.05)):
            if is_done():
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"not within {PATIENCE_S} s")
    finally:
        await app.stop()


def app_of(deployment: Deployment, folds: RecordingFolds, group: str, folder: Path) -> Any:
    return build_app(
        folds=folds,
        app_id=group,
        brokers=deployment.settings.kafka.brokers,
        topic=deployment.topic,
        session_timeout_s=6,
        data_folder=str(folder),
    )


@pytest.mark.filterwarnings("ignore")  # Faust's own, on Python 3.11: they are not ours to mend
def test_reading_starts_where_the_store_says_whatever_kafka_has_committed(
    deployment: Deployment, topic_prefix: str, tmp_path: Path
) -> None:
    """Our consumer's seek_to_committed has the last word, and records come raw, whole and in order."""
    send(deployment, 20)
    group = f"{topic_prefix}contract"
    commit_in_kafka(deployment, group, 15)
    folds = RecordingFolds(start={0: 0, 1: 5, 2: 19, 3: 10})
    app = app_of(deployment, folds, group, tmp_path)

    wanted = {0: 20, 1: 15, 2: 1, 3: 10}
    asyncio.run(run_until(app, lambda: {p: len(r) for p, r in folds.records.items()} == wanted))

    assert {(partition, 0) for partition in range(PARTITIONS)} == set(folds.opened)
    offsets = {partition: [record.offset for record in records] for partition, records in folds.records.items()}
    assert {p: list(range(20 - count, 20)) for p, count in wanted.items()} == offsets
    first = folds.records[0][0]
    assert (first.value, first.progress_ms) == (b"r0", 1000)
    assert first.received_ms > 1_700_000_000_000


@pytest.mark.filterwarnings("ignore")  # Faust's own, on Python 3.11: they are not ours to mend
def test_a_group_that_was_dealt_nothing_asks_again_soon(
    deployment: Deployment, topic_prefix: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A broker that is just starting may not know the topic: the worker reads as soon as it does, not minutes later."""
    topic, folds = f"{topic_prefix}late", RecordingFolds({})
    app = build_app(
        folds=folds,
        app_id=f"{topic_prefix}late",
        brokers=deployment.settings.kafka.brokers,
        topic=topic,
        session_timeout_s=6,
        data_folder=str(tmp_path),
    )
    spec = TopicSpec(name=topic, partitions=PARTITIONS, replication=1, config={})
    waiting = iter([lambda: ensure_topics(deployment.settings.kafka.brokers, [spec])])

    def is_dealt() -> bool:
        if "Ignoring missing topic" in caplog.text:
            next(waiting, lambda: None)()
        return {partition for partition, _ in folds.opened} == set(range(PARTITIONS))

    asyncio.run(run_until(app, is_dealt))

    assert next(waiting, None) is None  # it was dealt nothing at first


@pytest.mark.filterwarnings("ignore")  # Faust's own, on Python 3.11: they are not ours to mend
def test_a_worker_opens_no_port(deployment: Deployment, topic_prefix: str, tmp_path: Path) -> None:
    """Faust's unauthenticated web server stays off when the worker is run through its Worker class."""
    deployment.start("worker")
    poll_until(lambda: "worker.assigned" in deployment.logs(), what="the worker joined")

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", 6066)) != 0


def test_the_transport_hook_installs_our_consumer(tmp_path: Path) -> None:
    """App._new_transport is what Faust builds its transport with."""
    app = build_app(
        folds=RecordingFolds({}),
        app_id="hook",
        brokers="127.0.0.1:1",
        topic="posts.collected",
        session_timeout_s=6,
        data_folder=str(tmp_path),
    )

    assert StoreOffsetsConsumer is app.transport.Consumer


def test_perform_seek_takes_the_offsets_of_seek_to_committed() -> None:
    """The hook's place: Faust's own read offsets come from what it returns."""
    source = inspect.getsource(BaseConsumer.perform_seek)

    assert "await self.seek_to_committed()" in source
    assert "read_offset.update" in source


def test_without_tables_partitions_are_dealt_round_robin() -> None:
    """No Faust assignor, no changelogs, no table recovery."""
    source = inspect.getsource(faust.transport.drivers.aiokafka.AIOKafkaConsumerThread._create_worker_consumer)

    assert "RoundRobinPartitionAssignor" in source
    assert RoundRobinPartitionAssignor.name == "roundrobin"
