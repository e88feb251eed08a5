"""A small deployment for the tests: real Kafka, real Valkey, worker processes under a supervisor."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from contracts.errors import UnusablePostError
from contracts.frame import PROGRESS_HEADER, Mark, lines_of
from contracts.post import decode_post, vet
from contracts.settings import Settings, read_settings
from producers.kafka import ensure_topics
from streams.window_store import RedisWindowStore, connect
from streams.windows import Heard
from tests.recount import recount, verdict
from tests.services import poll_until
from tongsheng import wiring

__all__ = ["Deployment", "Process"]

PARTITIONS = 4


class Process:
    """One stage as a process; a supervisor starts it again when it dies, as docker or systemd would."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str], log_path: Path) -> None:
        self._arguments = [sys.executable, "-m", "tongsheng", *arguments]
        self._environment = environment
        self._log_path = log_path
        self._stopping = False
        self._starting = threading.Lock()  # else stop() might end the process before, and nobody the new one
        self.exits: list[int] = []
        self.process = self._start()
        self._supervisor = threading.Thread(target=self._supervise)
        self._supervisor.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log_path.open("ab") as log:
            return subprocess.Popen(self._arguments, env=self._environment, stderr=log, stdout=log)

    def _supervise(self) -> None:
        while True:
            code = self.process.wait()
            with self._starting:
                if self._stopping:
                    return
                self.exits.append(code)
                self.process = self._start()

    def kill(self) -> None:
        """SIGKILL; the supervisor starts it again."""
        self.process.kill()

    def stop(self) -> None:
        """End it for good."""
        with self._starting:
            self._stopping = True
            self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._supervisor.join()


class Deployment:
    """Settings, topics and processes of one test, told apart by its prefix."""

    def __init__(self, *, brokers: str, redis_url: str, prefix: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TONGSHENG_")},
            "TONGSHENG_KAFKA__BROKERS": brokers,
            "TONGSHENG_KAFKA__TOPIC_PREFIX": prefix,
            "TONGSHENG_KAFKA__PARTITIONS": str(PARTITIONS),
            "TONGSHENG_KAFKA__SESSION_TIMEOUT_S": "6",
            "TONGSHENG_REDIS__URL": redis_url,
            "TONGSHENG_REDIS__KEY_PREFIX": prefix,
            "TONGSHENG_WINDOWS__KEEP_MINUTES": "1440",  # the most there is, so that every minute can be recounted
            "TONGSHENG_PRIVACY__SALT": "a salt of the tests only",
            "TONGSHENG_PRODUCE__CURSOR_FOLDER": str(folder / "cursors"),
            "TONGSHENG_LOG__FORMAT": "json",
        }
        self.settings: Settings = read_settings({}, self.environment)
        self.topic = f"{prefix}posts.collected"
        self.store = RedisWindowStore(connect(redis_url), key_prefix=prefix)
        self.processes: list[Process] = []
        self._consumer: Any = KafkaConsumer(bootstrap_servers=brokers.split(","), enable_auto_commit=False)

    def create_topics(self) -> None:
        """As the first stage of a deployment does."""
        ensure_topics(self.settings.kafka.brokers, wiring.specs(self.settings).values())

    def start(self, *arguments: str) -> Process:
        """Start one more process of a stage, which is the last argument."""
        log_path = self.folder / f"{arguments[-1]}-{len(self.processes)}.log"
        self.processes.append(Process(arguments, self.environment, log_path))
        return self.processes[-1]

    def close(self) -> None:
        """End every process."""
        for process in self.processes:
            process.stop()
        self._consumer.close()

    def logs(self) -> str:
        """What all processes wrote."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def folded(self) -> int:
        """Records folded so far, over all partitions."""
        return sum(head.next for head in self.store.heads(PARTITIONS) if head is not None)

    def ends(self) -> list[int]:
        """Offsets behind the last records."""
        tps = [TopicPartition(self.topic, partition) for partition in range(PARTITIONS)]
        found = self._consumer.end_offsets(tps)
        return [found[tp] for tp in tps]

    def wait_until_folded(self) -> None:
        """Until every record is folded."""
        ends = self.ends()
        poll_until(
            lambda: [head.next if head else 0 for head in self.store.heads(PARTITIONS)] == ends,
            what=f"all records folded (ends {ends})",
        )

    def verdicts(self) -> dict[int, str]:
        """Partition -> OK, MISSING or DOUBLE, of every stored count against a plain recount of the log."""
        listener = wiring.listener(self.settings, wiring.deployment_veil(self.settings))
        found: dict[int, str] = {}
        for partition in range(PARTITIONS):
            items: list[Heard | Mark] = []
            for record in self.records(partition):
                for line in lines_of(record.value or b""):
                    try:
                        post = decode_post(line)
                        vet(post, received_ms=record.timestamp)
                    except UnusablePostError:
                        continue
                    items.append(listener.hear(post))
                items += [Mark(int(value)) for name, value in record.headers if name == PROGRESS_HEADER]
            expected = recount(items)
            stored = {minute: self.store.minute(partition, minute) for minute in expected}
            found[partition] = verdict(expected, stored)
        return found

    def posts_kept(self) -> int:
        """Posts on Kafka, repeats among them."""
        every = (record for partition in range(PARTITIONS) for record in self.records(partition))
        return sum(len(lines_of(record.value or b"")) for record in every)

    def records(self, partition: int) -> Iterator[Any]:
        """All records of a partition."""
        tp = TopicPartition(self.topic, partition)
        self._consumer.assign([tp])
        self._consumer.seek_to_beginning(tp)
        end = self._consumer.end_offsets([tp])[tp]
        while self._consumer.position(tp) < end:
            yield from self._consumer.poll(timeout_ms=2000).get(tp, [])


@contextmanager
def feeding(feed: Iterable[object]) -> Iterator[threading.Thread]:
    """Run a feed (an iterable whose items are sent as they are drawn) on a thread while the block runs."""
    thread = threading.Thread(target=lambda: [None for _ in feed])
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def pauses(seed: int, count: int, least_s: float, most_s: float) -> Iterator[None]:
    """Sleep for random times, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        time.sleep(chance.uniform(least_s, most_s))
        yield
