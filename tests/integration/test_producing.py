"""`tongsheng produce` of files over real Kafka: where it goes on, and what it says of that."""

import signal
import subprocess
import sys
from pathlib import Path

from contracts.post import Author, Post, encode_post
from tests.deployment import Deployment
from tests.services import PATIENCE_S, poll_until

AT_MS = 1_772_380_800_000


def lines(first: int, last: int) -> bytes:
    """Post lines of these numbers."""
    posts = (
        Post(id=f"weibo:{number}", platform="weibo", at_ms=AT_MS + number, author=Author(key=f"a{number}"), text="孩子")
        for number in range(first, last)
    )
    return b"".join(encode_post(post) + b"\n" for post in posts)


def produce(deployment: Deployment, path: Path, *arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "tongsheng", "produce", str(path), *arguments],
        env=deployment.environment,
        capture_output=True,
        check=True,
        timeout=2 * PATIENCE_S,
    )
    return answer.stderr.decode()


def test_another_file_of_the_same_name_is_sent_from_its_start(deployment: Deployment, tmp_path: Path) -> None:
    """And says so; one that has grown is gone on with; one that was sent already says how to send it again."""
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines(0, 100))
    first = produce(deployment, path)
    again = produce(deployment, path)
    path.write_bytes(lines(0, 130))
    grown = produce(deployment, path)
    path.write_bytes(lines(1000, 1120))
    other = produce(deployment, path)
    forced = produce(deployment, path, "--restart")

    told = ["sent before", "not what was sent"]
    assert [[what in answer for what in told] for answer in (first, again, grown, other, forced)] == [
        [False, False],
        [True, False],
        [False, False],
        [False, True],
        [False, False],
    ]
    assert "--restart" in again
    assert deployment.posts_kept() == 100 + 30 + 120 + 120


def test_a_stopped_producer_goes_on_where_it_was(deployment: Deployment, tmp_path: Path) -> None:
    """SIGTERM keeps its place, behind what Kafka has acknowledged; it ends as any stopped command, with 130."""
    path, count = tmp_path / "posts.jsonl", 100_000
    path.write_bytes(lines(0, count))
    one_by_one = {"TONGSHENG_PRODUCE__FRAME_POSTS": "1", "TONGSHENG_PRODUCE__IN_FLIGHT_FRAMES": "1"}  # takes minutes
    process = subprocess.Popen(
        [sys.executable, "-m", "tongsheng", "produce", str(path)],
        env=deployment.environment | one_by_one,
        stderr=subprocess.PIPE,
    )
    try:
        poll_until(lambda: sum(deployment.ends()) > 0, what="the first posts on Kafka")
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    stopped = deployment.posts_kept()
    produce(deployment, path)

    assert process.returncode == 130
    assert "produce.stopped" in told.decode()
    assert 0 < stopped < count
    assert count <= deployment.posts_kept() <= count + 1
