"""Whatever is killed, emptied or restarted, every window count equals a plain recount of what Kafka holds.

The input is the simulated day with its repeats, late and out-of-order posts, in frames of random size, some
frames sent twice and some with rubbish between the posts.
"""

import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from contracts.frame import PROGRESS_HEADER, Mark, deal, frame_of
from contracts.post import Post, encode_post
from producers.kafka import connect_producer
from producers.simulation import simulate_day
from tests.deployment import PARTITIONS, Deployment, feeding, pauses
from tests.services import PATIENCE_S, ValkeyServer, poll_until
from tools.kafka import KafkaServer

POSTS = 8000


@pytest.fixture
def deployment(
    own_kafka: KafkaServer, own_valkey: ValkeyServer, topic_prefix: str, tmp_path: Path
) -> Iterator[Deployment]:
    made = Deployment(brokers=own_kafka.bootstrap, redis_url=own_valkey.url, prefix=topic_prefix, folder=tmp_path)
    made.create_topics()
    try:
        yield made
    finally:
        made.close()


def feed(deployment: Deployment, *, seconds: float, seed: int) -> Iterator[Any]:
    """Send the day over so many seconds; yields after each frame."""
    producer = connect_producer(deployment.settings.kafka.brokers)
    try:
        frames = list(_frames(seed))
        for value, headers, partition in frames:
            future = producer.send(deployment.topic, value, headers=headers, partition=partition)
            time.sleep(seconds / len(frames))
            yield future.get(timeout=PATIENCE_S)
    finally:
        producer.close()


def _frames(seed: int) -> Iterator[tuple[bytes, list[tuple[str, bytes]], int]]:
    chance = random.Random(seed)
    lines: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
    posts = islice(simulate_day(seed=seed), 2000, 2000 + POSTS)
    for partition, item in deal(posts, partitions=PARTITIONS, mark_ms=600_000):
        if isinstance(item, Post):
            lines[partition].append(encode_post(item))
        if lines[partition] and (isinstance(item, Mark) or chance.random() < 0.1):
            if chance.random() < 0.1:
                lines[partition].insert(0, b'{"no": "post"}')
            marks = [(PROGRESS_HEADER, str(item.at_ms).encode())] if isinstance(item, Mark) else []
            frame = (frame_of(lines[partition]), marks, partition)
            yield frame
            if chance.random() < 0.05:
                yield frame
            lines[partition] = []


def assert_counted_once(deployment: Deployment) -> None:
    deployment.wait_until_folded()
    assert dict.fromkeys(range(PARTITIONS), "OK") == deployment.verdicts()


def test_killed_workers_count_every_post_once(deployment: Deployment) -> None:
    """Two workers, killed a dozen times at random moments while frames flow, leave every count right."""
    workers = [deployment.start("worker"), deployment.start("worker")]
    kills = 12

    with feeding(feed(deployment, seconds=70, seed=3)):
        for number, _ in enumerate(pauses(seed=3, count=kills, least_s=3.0, most_s=8.0)):
            workers[number % 2].kill()

    assert_counted_once(deployment)
    assert sum(process.exits.count(-9) for process in workers) >= 10


def test_an_emptied_store_is_filled_again(deployment: Deployment, own_valkey: ValkeyServer) -> None:
    """Emptied twice while frames flow, the store is rebuilt from Kafka, and every count is right."""
    worker = deployment.start("worker")

    with feeding(feed(deployment, seconds=25, seed=5)):
        for _ in pauses(seed=5, count=2, least_s=8.0, most_s=11.0):
            poll_until(lambda: deployment.folded() > 0, what="posts are counted")
            own_valkey.clear()

    assert_counted_once(deployment)
    assert 75 in worker.exits


def test_a_restarted_broker_loses_and_repeats_nothing(deployment: Deployment, own_kafka: KafkaServer) -> None:
    """The broker killed and restarted twice while frames flow, the work goes on and every count is right."""
    deployment.start("worker")

    with feeding(feed(deployment, seconds=25, seed=7)):
        for _ in pauses(seed=7, count=2, least_s=7.0, most_s=9.0):
            own_kafka.kill()
            own_kafka.restart()

    assert_counted_once(deployment)


def test_a_restarted_store_goes_on_where_it_was(deployment: Deployment, own_valkey: ValkeyServer) -> None:
    """Valkey killed and restarted with its data while frames flow, the workers wait and go on."""
    worker = deployment.start("worker")

    with feeding(feed(deployment, seconds=20, seed=11)):
        for _ in pauses(seed=11, count=2, least_s=6.0, most_s=8.0):
            own_valkey.kill()
            time.sleep(2)
            own_valkey.restart()

    assert_counted_once(deployment)
    assert [code for code in worker.exits if code != 75] == []
