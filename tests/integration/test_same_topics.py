"""The same input gives the same topics: an archive run twice, a live run, and produce, worker and detect on Kafka."""

import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from contracts.frame import Mark, deal
from contracts.post import decode_post, encode_post
from producers.simulation import simulate_day
from streams.windows import Heard, WindowRules
from tests.deployment import Deployment
from tests.recount import recount
from tests.services import poll_until

RULES = WindowRules(keep_minutes=100_000)
POSTS = 14_000  # until after noon: several stories, repeats, late posts


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of posts, late and repeated ones among them."""
    path = tmp_path_factory.mktemp("day") / "day.jsonl"
    path.write_bytes(b"\n".join(encode_post(post) for post in islice(simulate_day(seed=8), POSTS)) + b"\n")
    return path


def tongsheng(folder: Path, environment: dict[str, str] | None, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tongsheng", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


def backtest(
    day: Path, folder: Path, *, command: str = "backtest", environment: dict[str, str] | None = None
) -> list[bytes]:
    tongsheng(folder, environment, command, str(day), "--out", "topics.jsonl")
    return (folder / "topics.jsonl").read_bytes().splitlines()


def published(deployment: Deployment) -> list[bytes]:
    """Lines on topics.detected in order, repeats left out."""
    partition = TopicPartition(f"{deployment.settings.kafka.topic_prefix}topics.detected", 0)
    consumer: Any = KafkaConsumer(
        bootstrap_servers=deployment.settings.kafka.brokers.split(","), enable_auto_commit=False
    )
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    lines: dict[bytes, None] = {}
    while consumer.position(partition) < end:
        lines.update(dict.fromkeys(record.value for record in consumer.poll(timeout_ms=1000).get(partition, [])))
    consumer.close()
    return list(lines)


def test_the_same_archive_gives_the_same_bytes(day: Path, tmp_path: Path) -> None:
    """Two backtests and a live run on an embedded Valkey write the same file, and it holds topics."""
    first = backtest(day, tmp_path)

    assert first
    assert first == backtest(day, tmp_path)
    assert first == backtest(day, tmp_path, command="run")


def test_kafka_gives_the_topics_of_the_backtest(day: Path, deployment: Deployment, tmp_path: Path) -> None:
    """Two workers and two detectors, one of them killed midway, publish line for line what the backtest wrote."""
    expected = backtest(day, tmp_path, environment=deployment.environment)  # ids of topics hang on the salt

    tongsheng(tmp_path, deployment.environment, "produce", str(day))
    deployment.start("worker")
    deployment.start("worker")
    active = deployment.start("detect")
    deployment.start("detect")
    poll_until(lambda: len(published(deployment)) > len(expected) // 4, what="a quarter of the lines")
    active.kill()
    poll_until(lambda: len(published(deployment)) >= len(expected), what="all lines published")

    assert expected == published(deployment)
    assert list(deployment.verdicts().values()) == ["OK"] * 4
    assert "guard.blocked" not in deployment.logs()  # an id of ours may look like a telephone number


def test_a_producer_killed_midway_goes_on_without_loss(day: Path, deployment: Deployment, tmp_path: Path) -> None:
    """Killed while it sends, produce resumes behind what Kafka has acknowledged, and every post is counted once."""
    arguments = [sys.executable, "-m", "tongsheng", "produce", str(day)]
    process = subprocess.Popen(arguments, cwd=tmp_path, env=deployment.environment, stderr=subprocess.DEVNULL)
    poll_until(lambda: process.poll() is not None or sum(ends_of(deployment)) > 200, what="posts sent")
    process.kill()
    process.wait()

    tongsheng(tmp_path, deployment.environment, "produce", str(day))
    deployment.start("worker")
    deployment.wait_until_folded()

    assert list(deployment.verdicts().values()) == ["OK"] * 4
    posts = sum(sum(minute.get("*", 0) for minute in minutes_of(deployment, p).values()) for p in range(4))
    assert posts == accepted(day)


def ends_of(deployment: Deployment) -> list[int]:
    try:
        return deployment.ends()
    except Exception:  # noqa: BLE001 - the topic may not exist yet, which the client says in several ways
        return [0]


def accepted(day: Path) -> int:
    """Posts of the file that are neither late nor repeats, by a plain loop over each partition."""
    posts = [decode_post(line) for line in day.read_bytes().splitlines()]
    items: dict[int, list[Heard | Mark]] = {partition: [] for partition in range(4)}
    for partition, item in deal(posts, partitions=4, mark_ms=60_000):
        items[partition].append(item if isinstance(item, Mark) else Heard(item.id.encode(), item.at_ms))
    return sum(minute["*"] for partition in items.values() for minute in recount(partition).values())


def minutes_of(deployment: Deployment, partition: int) -> dict[int, dict[str, int]]:
    state = deployment.store.load(partition, RULES)
    assert state is not None
    return {minute: deployment.store.minute(partition, minute) for minute in state.minutes}
