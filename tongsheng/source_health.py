"""Keep the health of live sources while they are read, and read what is kept.

A process that reads sources writes what it knows of them into Redis every ten seconds (contracts/source_health.py);
whoever shows or tells it reads it there. It is no part of a post's way: without Redis, sending goes on.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import redis

from contracts.settings import Settings
from contracts.source_health import SourceHealth, read_health, source_notices, write_health
from producers.monitor import Monitor
from streams.window_store import connect
from tongsheng import wiring

__all__ = ["HealthKeeper", "health_said", "kept_health", "stored_health"]

log = logging.getLogger(__name__)

_BEAT_S = 10.0
_FOLLOWED_MS = 86_400_000  # for how long a file that nobody follows any more is named


class HealthKeeper:
    """Writes it for as long as the block lasts, and logs when a source falls silent and when it speaks again."""

    def __init__(self, monitors: Sequence[Monitor], url: str, key_prefix: str) -> None:
        """Name what is watched, and where it is kept."""
        self._monitors = monitors
        self._prefix = key_prefix
        self._client: Any = connect(url)
        self._told: dict[str, int] = {}
        self._is_away = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._keep_on, name="source health", daemon=True)

    def __enter__(self) -> Self:
        """Take over what is known, and begin."""
        if not self._monitors:
            return self
        with self._without_redis():
            known = {kept.name: kept for kept in read_health(self._client, self._prefix)}
            for monitor in self._monitors:
                if monitor.name in known:
                    monitor.go_on_from(known[monitor.name])
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write it a last time."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep_on(self) -> None:
        self._keep()
        while not self._end.wait(_BEAT_S):
            self._keep()
        self._keep()

    def _keep(self) -> None:
        sources = [monitor.beat() for monitor in self._monitors]
        with self._without_redis():
            write_health(self._client, self._prefix, sources)
            self._is_away = False
        self._told, notices = source_notices(self._told, sources, wiring.now_ms())
        for notice in notices:
            extra = {"event": f"source.{notice.state}", "source": notice.name, "kind": notice.kind}
            if notice.fault is not None:
                extra["reason"] = notice.fault.said("en")
            words = "a source speaks again" if notice.state == "well" else "a source has fallen silent"
            log.warning(words, extra=extra)

    @contextmanager
    def _without_redis(self) -> Iterator[None]:
        """Go on while there is none; said once."""
        try:
            yield
        except redis.RedisError as error:
            if not self._is_away:
                told = {"event": "source.health", "reason": type(error).__name__}
                log.warning("Redis does not keep the health of sources; they go on", extra=told)
            self._is_away = True


def stored_health(settings: Settings, url: str | None = None) -> Callable[[], list[SourceHealth]]:
    """What reads the health of all sources from Redis, by name, whenever it is called.

    A [[source]] that nobody has read yet is there with `started_ms` 0; one that is no longer in the settings is not,
    nor is a followed file that nobody has read for a day. `url` is that of an embedded Valkey, where there is one.

    Raises (the reader):
        redis.RedisError: Redis does not answer.
    """
    client = connect(url or settings.redis.url.get_secret_value())
    return lambda: kept_health(read_health(client, settings.redis.key_prefix), settings, wiring.now_ms())


def kept_health(found: Sequence[SourceHealth], settings: Settings, now_ms: int) -> list[SourceHealth]:
    """Of all that is found, the sources that the settings know, and files that are followed; by name."""
    known = {source.name: source for source in found}
    named = [
        known.get(entry.name, SourceHealth(name=entry.name, kind=entry.kind, started_ms=0, beat_ms=0))
        for entry in settings.source
    ]
    names = {entry.name for entry in settings.source}
    followed = [
        source
        for source in found
        if source.kind == "follow" and source.name not in names and now_ms - source.beat_ms < _FOLLOWED_MS
    ]
    return sorted(named + followed, key=lambda source: source.name)


def health_said(source: SourceHealth, now_ms: int) -> str:
    """One line for a person at a terminal: how it is, since when, what came last and what it said."""
    if not source.started_ms:
        return f"not read yet: start `tongsheng produce {source.name}`"
    verdict = source.verdict(now_ms)
    since = _ago(now_ms - verdict.since_ms)
    said = {
        "well": "well",
        "learning": "well; its rhythm is known after two days",
        "silent": f"silent for {since}, longer than it ever is at this hour: look whether it still gives anything",
        "away": f"no answer for {since}",
        "stopped": f"nobody reads it since {since}: start `tongsheng produce {source.name}`",
    }[verdict.state]
    parts = [said, f"{source.posts} posts, {source.rejected} rejected"]
    if source.item_ms:
        parts.append(f"the last one {_ago(now_ms - source.item_ms)} ago, {_ago(source.lag_ms)} after it was written")
    if source.fault is not None:
        parts.append(f"{_ago(now_ms - source.fault.at_ms)} ago: {source.fault.said('en')} ({source.faults} in all)")
    return "; ".join(parts)


def _ago(passed_ms: int) -> str:
    seconds = max(passed_ms, 0) // 1000
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
