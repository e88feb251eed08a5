"""The health of sources in a real Valkey: whole, expiring, of this deployment alone; without it, sending goes on."""

import logging

import pytest
import redis

from contracts.settings import Settings, read_settings
from contracts.source_health import Fault, FaultKind, SourceHealth, read_health, write_health
from producers.monitor import Monitor
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.source_health import HealthKeeper, health_said, kept_health, stored_health
from tools.ports import find_free_port


def settings(url: str, *names: str) -> Settings:
    sources = [{"name": name, "kind": "folder", "folder": "x"} for name in names]
    return read_settings({"redis": {"url": url, "key_prefix": "t:"}, "source": sources}, {})


def health(name: str, beat_ms: int, kind: str = "folder") -> SourceHealth:
    return SourceHealth(name=name, kind=kind, started_ms=1, beat_ms=beat_ms, fault=Fault(FaultKind.REFUSED, 403, 5))


def test_what_is_written_is_read_and_ends(redis_url: str) -> None:
    """By name; a month without a sign is the end, of the index as of the record; damage costs itself alone."""
    client = connect(redis_url)
    day_ms = 86_400_000
    b, a = health("b", 31 * day_ms), health("a", 31 * day_ms)

    write_health(client, "t:", [health("old", 0)])
    write_health(client, "t:", [b, a])
    write_health(client, "t:", [health("damaged", 31 * day_ms)])
    client.set("t:{sources}:health:damaged", b"{", keepttl=True)

    assert read_health(client, "t:") == [a, b]
    assert read_health(client, "other:") == []
    assert all(client.ttl(key) > 0 for key in client.keys("t:*"))


def test_a_source_that_the_settings_do_not_name_is_gone(redis_url: str) -> None:
    """One that nobody has read yet is there; a followed file is named for a day."""
    now_ms = 10 * 86_400_000
    found = [health("a", now_ms), health("gone", now_ms)]
    found += [health("follow-1", now_ms - 1, "follow"), health("follow-2", 1, "follow")]

    kept = kept_health(found, settings(redis_url, "a", "new"), now_ms)

    assert [(source.name, source.started_ms) for source in kept] == [("a", 1), ("follow-1", 1), ("new", 0)]
    assert "not read yet" in health_said(kept[2], now_ms)


def test_a_keeper_goes_on_where_the_last_one_ended(redis_url: str) -> None:
    """Counts and rhythm; written at the start and at the end of the block."""
    of = settings(redis_url, "a")
    for times in (1, 2):
        monitor = Monitor("a", "folder", clock=wiring.now_ms)
        with HealthKeeper([monitor], redis_url, "t:"):
            monitor.fault(FaultKind.BUSY, 429)
        (kept,) = stored_health(of)()
        assert kept.faults == times
    assert "429: callers are sent away" in health_said(kept, wiring.now_ms())


def test_without_redis_sources_go_on(caplog: pytest.LogCaptureFixture) -> None:
    """It is said, once."""
    url = f"redis://127.0.0.1:{find_free_port()}/0"
    with caplog.at_level(logging.WARNING), HealthKeeper([Monitor("a", "folder", clock=wiring.now_ms)], url, "t:"):
        pass

    assert [record.__dict__["event"] for record in caplog.records if "source" in record.message] == ["source.health"]
    with pytest.raises(redis.RedisError):
        stored_health(settings(url, "a"))()
