"""A stage that is told to stop ends in time, whatever is away."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from streams.stopping import STOP_WITHIN_S
from tests.deployment import Deployment
from tests.services import PATIENCE_S, poll_until
from tools.kafka import KafkaServer

DOCKER_WAITS_S = 10.0  # then it kills


def test_a_worker_ends_in_time_and_without_a_traceback_while_kafka_is_away(
    own_kafka: KafkaServer, redis_url: str, topic_prefix: str, tmp_path: Path
) -> None:
    """A supervisor waits 30 s, docker 10. Redis owns the offset, so that nothing is lost."""
    made = Deployment(brokers=own_kafka.bootstrap, redis_url=redis_url, prefix=topic_prefix, folder=tmp_path)
    made.create_topics()
    log_path = tmp_path / "worker.log"
    with log_path.open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tongsheng", "worker"], env=made.environment, stdout=log, stderr=log
        )
    try:
        poll_until(lambda: "worker.assigned" in log_path.read_text(), what="partitions assigned")
        own_kafka.kill()
        time.sleep(3)  # the client notices, and tries to come back
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(timeout=PATIENCE_S)
    finally:
        worker.kill()
        made.close()

    assert code == 0
    assert STOP_WITHIN_S < DOCKER_WAITS_S
    assert "Traceback" not in log_path.read_text()
    assert "\x1b" not in log_path.read_text(), "a cursor's signs in a log file"
