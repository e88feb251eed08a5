"""Over real Kafka: each unusable piece lands on posts.rejected with its bytes and reason, its neighbours count."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from contracts.frame import PROGRESS_HEADER
from contracts.post import MAX_LINE_BYTES, MAX_TEXT_CHARS, Author, Post, encode_post
from producers.kafka import connect_producer
from streams.refusals import MAX_SINGLE
from tests.deployment import Deployment
from tests.services import PATIENCE_S, poll_until

AT_MS = 1_772_380_800_000


def good(number: int, text: str = "孩子今天打疫苗") -> bytes:
    author = Author(key=f"a{number}")
    return encode_post(Post(id=f"weibo:{number}", platform="weibo", at_ms=AT_MS + number, author=author, text=text))


def bad(fields: bytes) -> bytes:
    return good(1)[:-1] + b"," + fields + b"}"


RUBBISH: dict[str, list[bytes]] = {
    "not_json": [b"hello", good(1)[:-1], bad(b'"likes":NaN'), bad(b'"text":"a\x00b"')],
    "not_utf8": ["孩子".encode("gbk"), "孩子".encode("utf-16")],
    "wrong_shape": [b"[1]", b"{}", b'"post"', bad(b'"likes":-3'), bad(b'"kind":"poem"'), b"[" * 10_000],
    "too_deep": [bad(b'"x":' + b"[" * 10_000 + b"]" * 10_000)],
    "line_too_long": [bad(b'"x":"' + b"a" * MAX_LINE_BYTES + b'"')],
    "text_too_long": [good(1, "长" * (MAX_TEXT_CHARS + 1))],
    "control_characters": [good(1, "孩\x00子"), good(1, "\x1b]0;title\x07")],
    "time_absurd": [good(1).replace(str(AT_MS + 1).encode(), b"0")],
    "time_in_future": [good(1).replace(str(AT_MS + 1).encode(), b"4102444800000")],
}


def rejected(deployment: Deployment) -> list[Any]:
    partition = TopicPartition(f"{deployment.settings.kafka.topic_prefix}posts.rejected", 0)
    consumer: Any = KafkaConsumer(bootstrap_servers=deployment.settings.kafka.brokers.split(","))
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    records: list[Any] = []
    while consumer.position(partition) < end:
        records += consumer.poll(timeout_ms=1000).get(partition, [])
    consumer.close()
    return records


def test_produce_sends_what_comes_through_a_pipe(deployment: Deployment, tmp_path: Path) -> None:
    """All of it each time, without a cursor, which it says; the summary counts the reasons and names the topic."""
    content = b"\n".join([b"hello", *[good(number) for number in range(1, 301)], b"{}"])
    answers = [
        subprocess.run(
            [sys.executable, "-m", "tongsheng", "produce", "-"],
            input=content,
            cwd=tmp_path,
            env=deployment.environment,
            capture_output=True,
            check=True,
        ).stderr.decode()
        for _ in range(2)
    ]

    for answer in answers:
        assert "300 posts" in answer
        assert f"2 rejected (not_json 1, wrong_shape 1): see {deployment.settings.kafka.topic_prefix}posts" in answer
        assert "standard input: a stream has no cursor" in answer
    assert len(rejected(deployment)) == 4
    assert not (tmp_path / ".state").exists()


def test_rubbish_is_kept_with_its_reason_and_its_neighbours_count(deployment: Deployment) -> None:
    """Every kind of rubbish between two good posts; an empty frame; rubbish marks; a frame of 1.5 MB."""
    frames: list[tuple[bytes, list[tuple[str, bytes]]]] = []
    number = 10
    for pieces in RUBBISH.values():
        for piece in pieces:
            frames.append((b"\n".join([good(number), piece, good(number + 1)]), []))
            number += 2
    frames.append((b"", []))
    frames.append((good(number), [(PROGRESS_HEADER, b"soon")]))
    frames.append((good(number + 1), [(PROGRESS_HEADER, b"4102444800000")]))  # the year 2100 moves no watermark
    many = [good(number + 2 + n, "孩子" * 200) for n in range(1000)]
    frames.append((b"\n".join(many), []))
    posts = number - 10 + 2 + len(many)

    producer = connect_producer(deployment.settings.kafka.brokers)
    for value, headers in frames:
        producer.send(deployment.topic, value, headers=headers, partition=0).get(timeout=PATIENCE_S)
    producer.close()
    deployment.start("worker")
    expected = sorted([reason for reason, pieces in RUBBISH.items() for _ in pieces] + ["empty_frame"])
    poll_until(lambda: len(rejected(deployment)) >= len(expected), what="all rubbish rejected")
    deployment.wait_until_folded()

    found = rejected(deployment)
    kept_headers = [dict(record.headers) for record in found]
    assert expected == sorted(header["reason"].decode() for header in kept_headers)
    assert {f"{deployment.topic}-0"} == {header["source"].decode() for header in kept_headers}
    assert all(header["offset"].isdigit() for header in kept_headers)
    originals = {piece for pieces in RUBBISH.values() for piece in pieces} | {b""}
    kept = {record.value for record in found}
    assert {piece for piece in originals if len(piece) < MAX_LINE_BYTES} <= kept
    minute = AT_MS // 60_000
    assert posts == deployment.store.minute(0, minute)["*"]


def test_a_megabyte_of_unusable_lines_neither_stalls_a_worker_nor_floods_the_rejected(deployment: Deployment) -> None:
    """Half a million bad lines in one record: some go one by one, the rest together; what follows is counted."""
    producer = connect_producer(deployment.settings.kafka.brokers)
    for value in (b"\n".join([b"x"] * 500_000), good(1)):
        producer.send(deployment.topic, value, partition=0).get(timeout=PATIENCE_S)
    producer.close()
    deployment.start("worker")
    deployment.wait_until_folded()

    found = rejected(deployment)
    assert len(found) == MAX_SINGLE + 1
    assert sum(int(dict(record.headers)["lines"]) for record in found) == 500_000
    assert deployment.store.minute(0, AT_MS // 60_000)["*"] == 1
