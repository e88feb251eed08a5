"""The alerts stage as people run it: on Kafka, killed again and again; and the commands around it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from contracts.post import Author, Post, encode_post
from contracts.topic import encode_line
from tests.alert_lines import line
from tests.apps import SECRETS, AppServer, serving
from tests.deployment import Deployment, Process
from tests.integration.test_command_line import tongsheng
from tests.services import poll_until
from tools.kafka import KafkaServer

REPEAT = "可能重复"


@pytest.fixture
def server() -> Iterator[AppServer]:
    with serving("webhook") as made:
        yield made


def write_settings(folder: Path, server: AppServer, more: str = "", route: str = "") -> Path:
    path = folder / "tongsheng.toml"
    path.write_text(
        f"""
        [alerts]
        allow_hosts = ["127.0.0.1"]
        most_at_once = 50
        {more}
        [[alerts.channel]]
        name = "duty"
        kind = "webhook"
        url = "{server.url}"
        secret = "{SECRETS["webhook"]}"
        [[alerts.route]]
        name = "all"
        channels = ["duty"]
        {route}
        """,
        encoding="utf-8",
    )
    return path


def start(settings: Path, deployment: Deployment, *, lease_s: int) -> Process:
    deployment.environment["TONGSHENG_DETECT__LEASE_S"] = str(lease_s)
    return deployment.start("--settings", str(settings), "alert")


def send_topic(producer: Any, deployment: Deployment, topic: str, **fields: Any) -> None:
    made = encode_line(line(time.time_ns() // 1_000_000, topic=topic, **fields))
    producer.send(f"{deployment.settings.kafka.topic_prefix}topics.detected", made, key=topic.encode(), partition=0)
    producer.flush()


def test_killed_again_and_again_every_alert_arrives(
    kafka: KafkaServer, deployment: Deployment, server: AppServer, tmp_path: Path
) -> None:
    """SIGKILL at random moments while topics come: each is told, and what comes twice says that it may be a repeat."""
    settings = write_settings(tmp_path, server)
    producer: Any = KafkaProducer(bootstrap_servers=[kafka.bootstrap])
    chance = random.Random(7)
    process = start(settings, deployment, lease_s=3)
    names = [f"{number:010x}ab" for number in range(60)]

    def shown() -> Counter[str]:
        return Counter(taken.headers["webhook-id"] for taken in server.taken)

    def has_shown(least: int) -> bool:
        return len(shown()) >= least

    for number, name in enumerate(names):
        send_topic(producer, deployment, name)
        time.sleep(chance.uniform(0.0, 0.2))
        if number % 12 == 11:  # while it is sending
            poll_until(partial(has_shown, number - 9), what="it sends")
            process.kill()
    producer.close()
    poll_until(lambda: len(shown()) >= len(names), what="every topic told")
    process.stop()
    counted = shown()
    repeated = [taken for taken in server.taken if counted[taken.headers["webhook-id"]] > 1]
    assert set(counted) == {f"{name}/1/duty" for name in names}
    assert sum(REPEAT in taken.text for taken in repeated) == len(repeated) - sum(n > 1 for n in counted.values())
    assert process.exits.count(-signal.SIGKILL) == 5
    assert len(server.taken) <= len(names) + len(process.exits)  # one attempt may be open at each end
    assert "s3cret" not in deployment.logs()


def test_an_edit_of_the_routes_counts_without_a_restart(
    kafka: KafkaServer, deployment: Deployment, server: AppServer, tmp_path: Path
) -> None:
    """A broken edit changes nothing; a good one does within seconds."""
    settings = write_settings(tmp_path, server, route='flags = ["minor-at-risk"]')
    producer: Any = KafkaProducer(bootstrap_servers=[kafka.bootstrap])
    process = start(settings, deployment, lease_s=120)
    send_topic(producer, deployment, "0000000000a0", flags=["minor-at-risk"])
    poll_until(lambda: len(server.taken) == 1, what="the first topic told")
    write_settings(tmp_path, server, route="flag = 3")
    poll_until(lambda: "not taken" in deployment.logs(), what="refusal logged")
    write_settings(tmp_path, server)
    poll_until(lambda: "settings of alerts taken" in deployment.logs(), what="taken")
    send_topic(producer, deployment, "0000000000a1")
    poll_until(lambda: len(server.taken) == 2, what="the second topic told")
    producer.close()
    process.stop()

    shown = tongsheng(
        tmp_path, "--settings", str(settings), "alerts", "explain", "0000000000a1",
        environment=deployment.environment,
    )  # fmt: skip

    assert shown.returncode == 0, shown.stderr
    assert "✓ route all → duty" in shown.stdout
    assert "channel duty: told 1 times" in shown.stdout


def test_a_route_can_be_tried(server: AppServer, tmp_path: Path) -> None:
    """A sample goes to each of its channels and says that it is one."""
    settings = write_settings(tmp_path, server)

    shown = tongsheng(tmp_path, "--settings", str(settings), "alerts", "test", "all")

    assert (shown.returncode, shown.stdout) == (0, "✓ duty  delivered\n")
    assert "测试消息" in server.taken[0].text


def test_what_is_wrong_with_a_route_is_said(server: AppServer, tmp_path: Path) -> None:
    """A wrong name, and a channel that does not take the sample."""
    settings = write_settings(tmp_path, server)
    server.misbehave("redirect")

    unknown = tongsheng(tmp_path, "--settings", str(settings), "alerts", "test", "al")
    refused = tongsheng(tmp_path, "--settings", str(settings), "alerts", "test", "all")

    assert (unknown.returncode, unknown.stderr) == (2, "tongsheng: ROUTE: there is no route al; known: all\n")
    assert refused.returncode == 1
    assert "redirects are not followed" in refused.stdout
    assert "s3cret" not in refused.stdout + refused.stderr


def test_a_stage_without_channels_says_what_to_write(tmp_path: Path) -> None:
    """Rather than wait in silence."""
    shown = tongsheng(tmp_path, "alert")

    assert shown.returncode == 2
    assert "docs/alerts.md" in shown.stderr


def test_a_run_on_one_machine_tells_what_is_new(server: AppServer, tmp_path: Path) -> None:
    """What is piped in reaches the channel before the run ends; what is past, or from a file, is told to nobody."""
    settings = write_settings(tmp_path, server, "gather_s = 3600")  # how the topic goes on is told long after the run
    now_ms = time.time_ns() // 1_000_000
    new, old = (b"\n".join(posts_of_a_topic(end_ms)) for end_ms in (now_ms, now_ms - 30 * 24 * 3_600_000))
    (tmp_path / "new.jsonl").write_bytes(new)

    runs = [
        tongsheng(
            tmp_path, "--settings", str(settings), "run", *given, stdin=piped,
            environment={"TONGSHENG_DETECT__WARMUP_HOURS": "0", **pythonpath()},
        )
        for given, piped in ((["new.jsonl"], b""), (["-"], old), (["-"], new))
    ]  # fmt: skip

    assert [run.returncode for run in runs] == [0, 0, 0], runs[-1].stderr
    assert len(server.taken) == 1
    assert server.taken[0].body["type"] in ("alert.topic", "alert.summary")


def posts_of_a_topic(end_ms: int) -> Iterator[bytes]:
    """A quiet hour, and five minutes in which forty people speak of a school bus."""
    for number in range(300):
        author = Author(key=f"q{number}")
        at_ms = end_ms - 3_600_000 + number * 11_000
        yield encode_post(Post(id=f"weibo:{number}", platform="weibo", at_ms=at_ms, author=author, text="孩子今天上学"))
    for number in range(40):
        author = Author(key=f"b{number}")
        at_ms = end_ms - 300_000 + number * 7000
        text = "校车翻了，车上的学生受伤，家长赶到医院"
        yield encode_post(Post(id=f"weibo:9{number}", platform="weibo", at_ms=at_ms, author=author, text=text))


def pythonpath() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR")}
