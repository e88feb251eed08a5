"""Ports of the loopback address that nobody listens on: for servers of tests, tools and benchmarks."""

import fcntl
import os
import random
import socket
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["find_free_port", "is_free", "is_ours"]

HOST = "127.0.0.1"
FREE_PORTS = range(20_000, 32_000)  # below the ports that the kernel gives to outgoing connections

_given: set[int] = set()  # to this process


def find_free_port() -> int:
    """A port nobody listens on, out of a range from which no outgoing connection takes it meanwhile.

    Until this process ends, nobody else is given it: a server may begin to listen later, and again after a restart.
    """
    for port in random.SystemRandom().sample(FREE_PORTS, 100):
        if is_ours(port) and is_free(port):
            return port
    raise OSError(f"no free port among 100 tried in {FREE_PORTS.start}-{FREE_PORTS.stop - 1}")


def is_free(port: int) -> bool:
    """Whether a server may listen there; connections that only linger from the last one do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def is_ours(port: int) -> bool:
    """Take a port; False where somebody was given it before.

    Each process locks the byte of a common file that has the port's number.
    """
    if port in _given:
        return False
    try:
        fcntl.lockf(_locks(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    _given.add(port)
    return True


@cache
def _locks() -> int:
    """The file, of this user, open until the process ends: to close it would give back all."""
    return os.open(Path(tempfile.gettempdir()) / f"tongsheng-ports-{os.getuid()}", os.O_RDWR | os.O_CREAT, 0o600)
