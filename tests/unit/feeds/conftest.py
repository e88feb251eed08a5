"""The app in this process, on a store in memory."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from feeds.memory_store import MemoryFeedStore
from feeds.site import Site
from tests.alert_lines import AUDIENCE, CAMPAIGN
from tests.feed_lines import AT_MS, MINUTE_MS, entry
from tests.feed_site import browser, put, site


@pytest.fixture
def store() -> MemoryFeedStore:
    """Three topics: one with a child in danger, one of exposure, one plain."""
    made = MemoryFeedStore()
    put(
        made,
        entry("aa0000000001"),
        entry(
            "aa0000000002", flags=["minor-at-risk"], score=9, title="儿童安全：校车、学生、受伤", categories=["safety"]
        ),
        entry(
            "aa0000000003",
            at_ms=AT_MS + MINUTE_MS,
            flags=["asked", "exposure", "vanishing"],
            asked={"authors": 6, "expected": 0.21, "since": "2026-03-02T00:00:00+08:00"},
            audience=AUDIENCE,
            campaign=CAMPAIGN,
            vanishing=[
                {
                    "cause": "deleted",
                    "count": 12,
                    "of": 1400,
                    "since": "2026-03-02T00:00:00+08:00",
                    "expected": 0.8,
                    "words": ["校长"],
                },
                {"cause": "off-list", "count": 2, "of": 3, "since": "2026-03-01T09:00:00+08:00"},
            ],
            uptake=[
                {
                    "message": "不拍街头儿童",
                    "voices": [21, 9, 30],
                    "reposts": [3, 80, 100],
                    "low": 0.52,
                    "high": 0.83,
                    "turn": {
                        "to": "for",
                        "at": "2026-03-02T00:00:00+08:00",
                        "earliest": "2026-03-01T23:50:00+08:00",
                        "latest": "2026-03-02T00:10:00+08:00",
                    },
                }
            ],
            exposure={"posts": 12, "authors": 9, "reach": None, "since": "2026-03-02T00:00:00+08:00"},
            state="trending",
        ),
    )
    return made


@pytest.fixture
def open_site(store: MemoryFeedStore) -> Site:
    """As `tongsheng run` has it: nobody signs in."""
    return site(store)


@pytest.fixture
def client(open_site: Site) -> Iterator[TestClient]:
    """A browser on the same machine."""
    with browser(open_site) as made:
        yield made


@pytest.fixture
def guarded(store: MemoryFeedStore) -> Iterator[TestClient]:
    """A browser before a feed that wants tokens."""
    with browser(site(store, has_tokens=True)) as made:
        yield made
