"""An end to requests whose answers trickle."""

import contextlib
import socket
import threading
from typing import Any, Self

__all__ = ["Deadline"]


class Deadline:
    """Ends the connection when the time of a request is up, however slowly bytes come: libraries limit only pauses."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket | None) -> None:
        """The connection as it is now: TLS makes another one of it."""
        self._socket = connection

    def see(self, event: str, info: dict[str, Any]) -> None:
        """The same, from httpcore's trace."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.watch(info["return_value"].get_extra_info("socket"))

    def _end(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)
