"""/metrics and /healthz of a stage that has no pages of its own."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from contracts.errors import SettingsError
from contracts.settings import MetricsSettings
from tongsheng import wiring

__all__ = ["serving_metrics"]

log = logging.getLogger(__name__)

LONGEST_ROUND_S = 60.0  # a loop that gave no sign for so long hangs: a supervisor starts it anew
_REQUEST_S = 5.0
_POLL_S = 0.2

Start = Callable[[str, list[tuple[str, str]]], object]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = _REQUEST_S  # of a client that says nothing

    def log_message(self, *_: object) -> None:
        """A line for each scrape would bury ours."""


@contextmanager
def serving_metrics(
    settings: MetricsSettings, registry: CollectorRegistry, last_round_s: Callable[[], float]
) -> Iterator[int]:
    """Serve them while the block runs; yields the port, 0 where none is set.

    Args:
        settings: address and port.
        registry: of the numbers.
        last_round_s: wall clock (epoch s) of the stage's last sign of life.

    Raises:
        SettingsError: nothing can be listened on there.
    """
    if not settings.port:
        yield 0
        return
    numbers = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            found: Iterable[bytes] = numbers(environ, start)
            return found
        if environ["PATH_INFO"] == "/healthz":
            return _health(start, wiring.now_ms() / 1000 - last_round_s())
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"see /metrics and /healthz\n"]

    try:
        server = make_server(settings.host, settings.port, answer, _Server, _Quiet)
    except OSError as error:
        raise SettingsError(
            "metrics.port", f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}); set another"
        ) from None
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name="metrics", daemon=True)
    thread.start()
    log.info("metrics served", extra={"event": "metrics.served", "port": server.server_port})
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _health(start: Start, silent_s: float) -> Iterable[bytes]:
    is_well = silent_s < LONGEST_ROUND_S
    start("200 OK" if is_well else "503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"ok\n" if is_well else b"no sign of life for a minute\n"]
