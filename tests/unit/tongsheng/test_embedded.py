"""The Valkey of a run on one machine goes when the run goes."""

import signal
import subprocess
import sys

import pytest
import redis

from tests.services import PATIENCE_S, poll_until

HOLD = """
import time
from tongsheng.embedded import embedded_valkey
with embedded_valkey() as url:
    print(url, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=str)
def test_it_ends_with_its_process_whatever_ends_that(number: signal.Signals) -> None:
    """Else a killed run leaves a server with all that it counted behind, which nobody knows of."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        client = redis.Redis.from_url(url)
        assert client.ping()

        process.send_signal(number)
        process.wait(timeout=PATIENCE_S)

    def is_gone() -> bool:
        try:
            return not client.ping()
        except redis.ConnectionError:
            return True

    poll_until(is_gone, what="nobody answers there")
    client.close()
