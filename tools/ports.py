"""Ports of the loopback address that nobody listens on: for servers of tests, tools and benchmarks."""

import random
import socket

__all__ = ["find_free_port", "is_free"]

HOST = "127.0.0.1"
FREE_PORTS = range(20_000, 32_000)  # below the ports that the kernel gives to outgoing connections


def find_free_port() -> int:
    """A port nobody listens on, out of a range from which no outgoing connection takes it meanwhile."""
    for port in random.SystemRandom().sample(FREE_PORTS, 100):
        if is_free(port):
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
