"""An alerts process in this one: real Valkey, real HTTP, topic lines from a list, a clock that runs faster."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from alerts.agent import AlertLoop, Batch
from alerts.channels import channel_of
from alerts.delivery import Setup
from alerts.http import Http
from alerts.metrics import AlertMetrics
from alerts.sources import Heard
from alerts.store import AlertStore
from alerts.texts import template_words
from alerts.words import Wording
from contracts.alert_settings import AlertsSettings
from contracts.topic import TopicLine, encode_line
from streams.lease import Lease
from streams.window_store import connect
from tests.alert_lines import UPTAKE
from tests.apps import SECRETS, AppServer
from tests.services import PATIENCE_S, poll_until
from tongsheng.wiring import broadcast_guard

__all__ = ["FastClock", "ListedLines", "Process", "setup_for"]

CONSOLE = "https://console.example.org"


class FastClock:
    """Wall time that passes so many times as fast, from now on."""

    def __init__(self, speed: int = 20) -> None:
        self._speed = speed
        self._start_s, self._start_ms = time.monotonic(), time.time_ns() // 1_000_000

    def __call__(self) -> int:
        return self._start_ms + round((time.monotonic() - self._start_s) * 1000 * self._speed)


class ListedLines:
    """See alerts.agent.Lines: what was put in, and stays to be read again."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def put(self, *lines: TopicLine) -> None:
        self.lines += [encode_line(line) for line in lines]

    def begin(self) -> int:
        return 0

    def read(self, place: int, patience_s: float) -> Batch:
        if place >= len(self.lines):
            time.sleep(min(patience_s, 0.02))
        return Batch(self.lines[place:], len(self.lines), len(self.lines))


def setup_for(
    servers: Sequence[AppServer], settings: AlertsSettings, clock: Callable[[], int], *, whole_s: float = PATIENCE_S
) -> Setup:
    """Channels of these settings, in the order of the servers, who live by the same clock: they look at signatures.

    `whole_s` is how long an answer is waited for: as long as a slow machine may take, but where a server gives none.
    """
    http = Http(["127.0.0.1"], whole_s=whole_s)
    for server in servers:
        server.clock_s = lambda: clock() / 1000
    channels = {
        channel.name: channel_of(channel, settings, http, url=server.url, secret=SECRETS.get(server.app, ""))
        for channel, server in zip(settings.channel, servers, strict=True)
    }
    guard = broadcast_guard(console=CONSOLE, words=[*template_words(), str(UPTAKE["message"])])
    return Setup(settings, channels, Wording(console=CONSOLE, zone=settings.timezone), guard, lambda line: line)


class Process:
    """One alerts process; `run_until` runs it until the condition holds, and fails when time is up."""

    def __init__(
        self,
        redis_url: str,
        lines: ListedLines,
        setup: Setup,
        clock: Callable[[], int],
        store: AlertStore | None = None,
    ) -> None:
        client = connect(redis_url)
        client.delete("{alerts}:lease")  # that of a process that died, as if its time were over
        self.store = store or AlertStore(client)
        self._lines = lines
        self.raised: list[bytes] = []
        self.past: list[bytes] = []
        options: dict[str, Any] = {
            "owner": f"test-{time.monotonic_ns()}",
            "lease": Lease(client, "alerts"),
            "lease_ms": 600_000,
            "store": self.store,
            "lines": lines,
            "past": lambda: self.past,
            "publish": self.raised.extend,
            "setup": lambda: setup,
            "clock": clock,
            "heard": lambda: Heard(newest_ms=clock(), at_ms=clock()),
            "metrics": AlertMetrics(),
        }
        self.loop = AlertLoop(**options)

    def is_done(self) -> bool:
        """Nothing waits any longer."""
        is_read = self.store.load().next == len(self._lines.lines)
        return is_read and not self.store.outbox() and not self.store.raised()

    def run_until(self, is_true: Callable[[], bool]) -> None:
        stopping = threading.Event()
        ended: list[BaseException] = []

        def run() -> None:
            try:
                self.loop.run(stopping.is_set)
            except BaseException as error:  # noqa: BLE001 - handed to the test
                ended.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            poll_until(lambda: bool(ended) or is_true(), what="what the alerts were to bring about")
        finally:
            stopping.set()
            thread.join()
        if ended:
            raise ended[0]
