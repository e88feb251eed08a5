"""tools/kafka.py's broker is a real one: it keeps what it acknowledged, also when it is killed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from tests.services import PATIENCE_S, ValkeyServer, poll_until
from tools.kafka import KafkaServer
from tools.kafka_kit import ROOT

TOOL = (sys.executable, "-m", "tools.kafka")


def make_topic(server: KafkaServer, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    try:
        admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    finally:
        admin.close()


def send(server: KafkaServer, topic: str, value: bytes) -> int:
    """Send one record and return the offset it was given."""
    with KafkaProducer(bootstrap_servers=server.bootstrap, acks="all") as producer:
        return int(producer.send(topic, value=value, partition=0).get(timeout=PATIENCE_S).offset)


def read_all(server: KafkaServer, topic: str, *, expected: int) -> list[bytes]:
    """Read from the beginning until that many records are there."""
    consumer = KafkaConsumer(bootstrap_servers=server.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    try:
        consumer.assign([TopicPartition(topic, 0)])
        values: list[bytes] = []

        def are_there() -> bool:
            values.extend(record.value for records in consumer.poll(timeout_ms=1000).values() for record in records)
            return len(values) >= expected

        poll_until(are_there, what=f"{expected} records")
        return values
    finally:
        consumer.close()


def tool(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TOOL, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, env=environment)


def test_a_record_sent_is_a_record_read(kafka: KafkaServer, topic_prefix: str) -> None:
    """Chinese text goes in and comes out byte for byte."""
    topic = f"{topic_prefix}posts"
    make_topic(kafka, topic)

    offset = send(kafka, topic, "六一儿童节快乐".encode())

    assert offset == 0
    assert [value.decode() for value in read_all(kafka, topic, expected=1)] == ["六一儿童节快乐"]


def test_a_topic_that_nobody_made_does_not_appear(kafka: KafkaServer, topic_prefix: str) -> None:
    """Topics are made by the program with stated partitions, never by a misspelt send."""
    with (
        KafkaProducer(bootstrap_servers=kafka.bootstrap, max_block_ms=1000) as producer,
        pytest.raises(Exception, match=r"(?i)metadata|timeout|unknown"),
    ):
        producer.send(f"{topic_prefix}misspelt", value=b"x").get(timeout=5)

    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        assert f"{topic_prefix}misspelt" not in admin.list_topics()
    finally:
        admin.close()


def test_what_was_acknowledged_survives_a_kill(own_kafka: KafkaServer, topic_prefix: str) -> None:
    """kill -9, then the same port and data: the record is there and the next offset follows."""
    topic = f"{topic_prefix}posts"
    make_topic(own_kafka, topic)
    send(own_kafka, topic, b"before")
    port = own_kafka.port

    own_kafka.kill()
    assert own_kafka.pid is None
    own_kafka.restart()

    assert port == own_kafka.port
    assert send(own_kafka, topic, b"after") == 1
    assert read_all(own_kafka, topic, expected=2) == [b"before", b"after"]


def test_the_command_line_starts_tells_and_stops(kafka: KafkaServer, tmp_path: Path) -> None:
    """start, status and stop work from separate processes, by the data directory alone."""
    data = ("--data", str(tmp_path / "kafka"))
    try:
        started = tool("start", "--port", "0", *data)
        server = KafkaServer(tmp_path / "kafka")
        running = tool("status", *data)

        assert (started.returncode, started.stderr) == (0, "")
        assert server.bootstrap in started.stdout
        assert running.returncode == 0
        assert str(server.pid) in running.stdout

        taken = tool("start", "--port", str(server.port), "--data", str(tmp_path / "other"))
        assert taken.returncode == 1
        assert taken.stderr.startswith(f"kafka: port {server.port} is taken by another process")
    finally:
        stopped = tool("stop", *data)
    assert "Kafka stopped" in stopped.stdout
    assert tool("status", *data).returncode == 1


@pytest.mark.parametrize("missing", ["java", "mvn"])
def test_a_missing_program_is_named_in_one_line(missing: str, tmp_path: Path) -> None:
    """Without Java or Maven: what is missing and what to install, no traceback."""
    tree, programs = tmp_path / "tree", tmp_path / "bin"
    for part in ("tools", "deploy/kafka"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    programs.mkdir()
    if missing == "mvn":
        (programs / "java").symlink_to("/bin/true")

    done = subprocess.run(
        [*TOOL, "start", "--port", "0"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(programs)},
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"kafka: {missing} is missing")
    assert "install" in done.stderr
    assert done.stderr.count("\n") == 1


def test_own_valkey_keeps_what_it_answered(own_valkey: ValkeyServer) -> None:
    """The fixture for restart tests: kill -9 loses no write that was answered."""
    with redis.Redis.from_url(own_valkey.url) as client:
        client.set("child", "童")

    own_valkey.kill()
    own_valkey.restart()

    with redis.Redis.from_url(own_valkey.url) as client:
        assert "童".encode() == client.get("child")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_redis_url_is_empty_at_first(redis_url: str, valkey: ValkeyServer) -> None:
    """What an earlier test wrote is gone."""
    with redis.Redis.from_url(redis_url) as client:
        client.set("left", "over")
        valkey.clear()
        assert client.dbsize() == 0


def test_a_stopped_server_can_be_stopped_again(tmp_path: Path) -> None:
    """stop() and kill() of what does not run do nothing."""
    server = KafkaServer(tmp_path / "kafka")

    server.stop()
    server.kill()

    assert server.pid is None
