"""The feed as processes: from Kafka to a browser's request, and the one beside a run."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from contracts.post import Author, Post, encode_post
from contracts.topic import encode_line
from feeds.feed_store import RedisFeedStore
from producers.simulation import simulate_day
from streams.window_store import connect
from tests.deployment import PARTITIONS, Deployment
from tests.feed_lines import AT_MS, MINUTE_MS, line
from tests.services import PATIENCE_S, poll_until
from tools.ports import find_free_port

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"


def asked(address: str, path: str) -> Any:
    """What it answers; None while nobody does, or not to the end."""
    try:
        with urllib.request.urlopen(address + path, timeout=PATIENCE_S) as answer:
            return answer.read()
    except (OSError, HTTPException):
        return None


def topics(address: str) -> dict[str, int]:
    """Topic -> people, of all states; empty while nobody answers."""
    found = json.loads(asked(address, "/api/v1/topics?state=all&limit=500") or '{"topics": []}')
    return {topic["topic"]: topic["authors"] for topic in found["topics"]}


def health(address: str) -> dict[str, Any]:
    """What a health check reads; empty while nobody answers."""
    found: dict[str, Any] = json.loads(asked(address, "/api/v1/health") or "{}")
    if found:
        found["troubles"] = [trouble["what"] for trouble in found["troubles"]]
        found["waiting"] = [partition["waiting"] for partition in found["partitions"]]
    return found


def test_lines_on_kafka_reach_the_feed_whatever_is_killed_or_emptied(deployment: Deployment) -> None:
    """Each topic stands as its last line says; a bad line is passed over."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    deployment.environment["TONGSHENG_FEED__PORT"] = str(port)
    producer: Any = KafkaProducer(bootstrap_servers=deployment.settings.kafka.brokers.split(","))
    topic = f"{deployment.settings.kafka.topic_prefix}topics.detected"

    def send(name: str, minute: int, authors: int) -> None:
        value = encode_line(line(name, at_ms=AT_MS + minute * MINUTE_MS, authors=authors))
        producer.send(topic, value, key=name.encode(), partition=0).get(timeout=PATIENCE_S)

    send(A, 0, 10)
    producer.send(topic, b'{"at": 1', key=b"bad", partition=0).get(timeout=PATIENCE_S)
    feed = deployment.start("feed")
    poll_until(lambda: topics(address) == {A: 10}, what="the first topic is on the feed")

    nobody_counts = {
        "workers": [], "has_kafka": True, "has_store": True, "rejected": 0, "troubles": ["workers", "detector"],
        "waiting": [0] * PARTITIONS,
    }  # fmt: skip
    poll_until(lambda: nobody_counts.items() <= health(address).items(), what="Kafka says that nobody counts")

    feed.kill()
    send(A, 1, 20)
    send(B, 1, 5)
    poll_until(lambda: topics(address) == {A: 20, B: 5}, what="it goes on after a kill")

    client = connect(deployment.settings.redis.url.get_secret_value())
    client.flushall()
    poll_until(lambda: topics(address) == {A: 20, B: 5}, what="an emptied store is filled again")
    send(C, 2, 7)
    poll_until(lambda: topics(address) == {A: 20, B: 5, C: 7}, what="and goes on")
    store = RedisFeedStore(client, key_prefix=deployment.settings.redis.key_prefix)
    assert [len(entry.points) for _, entry in sorted(store.topics().items())] == [2, 1, 1]
    producer.close()
    client.close()


def test_a_run_shows_its_topics_in_a_browser_and_takes_the_feed_along_when_it_ends(tmp_path: Path) -> None:
    """It prints the address; the process is gone with the run, however that ends."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TONGSHENG_FEED__PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "tongsheng", "run", "-"],
        cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        assert run.stdin is not None
        assert run.stderr is not None
        for post in simulate_day(seed=1, posts_per_day=20_000):
            run.stdin.write(encode_post(post) + b"\n")
        run.stdin.flush()  # and stays open: the run goes on, however long the feed takes to start
        said = next(text for text in run.stderr if text.startswith(b"feed: "))
        address = said.decode().removeprefix("feed: ").strip()
        poll_until(lambda: asked(address, "/readyz") is not None and bool(topics(address)), what="a topic is shown")
        run.kill()
        run.stderr.read()

    poll_until(lambda: asked(address, "/readyz") is None, what="the feed ends with its run")


def test_a_run_without_a_feed_opens_no_port(tmp_path: Path) -> None:
    """`--no-feed`, for whoever wants the terminal only."""
    post = Post(id="weibo:1", platform="weibo", at_ms=AT_MS, author=Author(key="a1"), text="孩子")
    (tmp_path / "p.jsonl").write_bytes(encode_post(post) + b"\n")

    run = subprocess.run(
        [sys.executable, "-m", "tongsheng", "run", "--no-feed", "p.jsonl"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (run.returncode, "feed:" in run.stderr) == (0, False)


def test_a_port_that_is_taken_is_said_in_a_line(tmp_path: Path) -> None:
    """With the setting that would change it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = os.environ | {"TONGSHENG_FEED__PORT": str(taken.getsockname()[1])}
        feed = subprocess.run(
            [sys.executable, "-m", "tongsheng", "feed"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert feed.returncode == 2
    assert feed.stderr.startswith("tongsheng: feed.port: 127.0.0.1:")
    assert len(feed.stderr.splitlines()) == 1
