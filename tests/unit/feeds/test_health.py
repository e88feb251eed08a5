"""The health page, and what Prometheus is told: what was looked up, and what of it needs somebody."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from contracts.source_health import Fault, FaultKind, SourceHealth
from feeds.health import (
    AlertsHealth,
    ChannelHealth,
    DetectorHealth,
    Health,
    PartitionHealth,
    WorkerHealth,
    troubles,
)
from feeds.memory_store import MemoryFeedStore
from tests.feed_lines import entry
from tests.feed_site import browser, put, settings, site
from tongsheng.health import HealthReader

NOW_MS, MINUTE_MS = 1_772_380_800_000, 60_000


def source(name: str = "hot", **changes: Any) -> SourceHealth:
    return SourceHealth(
        name=name,
        kind="hot-list",
        **({"started_ms": NOW_MS - MINUTE_MS, "beat_ms": NOW_MS, "item_ms": NOW_MS, "quiet_ms": NOW_MS} | changes),
    )


def partition(number: int = 0, *, behind_minutes: int = 0, waiting: int | None = 0) -> PartitionHealth:
    return PartitionHealth(number=number, progress_ms=NOW_MS - behind_minutes * MINUTE_MS, waiting=waiting)


def health(**changes: Any) -> Health:
    well: dict[str, Any] = {
        "at_ms": NOW_MS,
        "has_kafka": True,
        "sources": [source()],
        "partitions": [partition(0), partition(1, behind_minutes=60)],
        "workers": [WorkerHealth(name="8d77aa", host="10.0.0.7", partitions=(0, 1))],
        "rejected": 12,
        "late": 3,
        "detector": DetectorHealth(owner="vm-1", tick_ms=NOW_MS - 5000, outbox=0),
        "alerts": AlertsHealth(owner="vm-2", sent_ms=NOW_MS - MINUTE_MS),
        "channels": [ChannelHealth(name="duty", waiting=1, oldest_ms=NOW_MS - MINUTE_MS, attempts=2)],
    }
    return Health(**(well | changes))


TROUBLES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "none": ({}, []),
    "store": ({"has_store": False, "detector": None, "alerts": None}, [("store", "")]),
    "kafka": ({"has_kafka": False, "workers": None}, [("kafka", "")]),
    "no-worker": ({"workers": []}, [("workers", "")]),
    "posts-wait": ({"partitions": [partition(0), partition(3, behind_minutes=6, waiting=4)]}, [("behind", "3")]),
    "nothing-live": ({"sources": [], "partitions": [partition(0, behind_minutes=180)]}, [("silent", "3")]),
    "a-silence": ({"partitions": [partition(0, behind_minutes=60, waiting=0)]}, []),
    "no-detector": ({"detector": DetectorHealth(owner="", tick_ms=-1, outbox=0)}, [("detector", "")]),
    "slow-detector": (
        {"detector": DetectorHealth(owner="a", tick_ms=NOW_MS - 9 * MINUTE_MS, outbox=0)},
        [("judging", "9")],
    ),
    "no-sender": ({"alerts": AlertsHealth(owner="", sent_ms=0)}, [("alerts", "")]),
    "stuck-channel": (
        {"channels": [ChannelHealth(name="duty", waiting=1, oldest_ms=NOW_MS - 16 * MINUTE_MS, attempts=9)]},
        [("channel", "duty")],
    ),
    "stopped-source": ({"sources": [source(beat_ms=NOW_MS - 5 * MINUTE_MS)]}, [("source", "hot")]),
}


@pytest.mark.parametrize(("changes", "expected"), TROUBLES.values(), ids=TROUBLES)
def test_what_needs_somebody_is_named(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """And a partition without posts, or one on a quiet night, does not."""
    assert troubles(health(**changes)) == [(f"health.trouble.{key}", what) for key, what in expected]


def client_of(found: Health) -> TestClient:
    store = MemoryFeedStore()
    put(store, entry())
    return browser(site(store, health=lambda: found))


def test_the_page_tells_what_is_wrong_first_and_then_everything() -> None:
    """Sources with their last fault, partitions, workers, channels."""
    fault = Fault(FaultKind.CRAWLER, 432, NOW_MS - MINUTE_MS)
    bad = source("<b>list", answer_limit_s=30.0, unanswered_ms=NOW_MS - 5 * MINUTE_MS, fault=fault)
    with client_of(health(sources=[bad])) as client:
        page = client.get("/health").text
        chinese = client.get("/health", headers={"accept-language": "zh"}).text

    assert page.index("Source &lt;b&gt;list is not well") < page.index("<h2")
    assert "432: it refuses without a cookie" in page
    assert all(word in page for word in ("10.0.0.7", "partitions 0, 1", "duty", "rejected, last day"))
    assert "数据源 &lt;b&gt;list 不正常" in chinese
    with client_of(health()) as client:
        assert "All is well" in client.get("/health").text


def test_programs_are_told_the_same() -> None:
    """As JSON and as numbers; what Kafka does not say has no number."""
    away = health(has_kafka=False, workers=None, rejected=None, partitions=[partition(0, waiting=None)])
    with client_of(away) as client:
        told = client.get("/api/v1/health").json()
        numbers = client.get("/metrics").text

    assert told["troubles"] == [{"what": "kafka", "which": ""}]
    assert told["sources"][0]["state"] == "learning"
    assert "pipeline_kafka_up 0.0" in numbers
    assert 'pipeline_source_well{source="hot"} 1.0' in numbers
    assert 'pipeline_partition_progress_seconds{partition="0"} 1.7723808e+09' in numbers
    assert "pipeline_partition_waiting_records{" not in numbers


def test_without_a_store_the_page_says_so() -> None:
    """Whoever looks because something is wrong must not meet an error."""
    reader = HealthReader(settings(), "redis://127.0.0.1:1/0", has_kafka=False)

    found = reader()

    assert (found.has_store, troubles(found)) == (False, [("health.trouble.store", "")])
    assert reader() is found


def test_where_nobody_can_look_it_up_there_is_no_page(client: TestClient) -> None:
    """A feed that was built without it."""
    assert client.get("/health").status_code == 404
