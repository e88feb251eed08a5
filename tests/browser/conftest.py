"""A real Chromium (Debian's), driven through the feed as it is served, on a real Valkey.

Where there is no Chromium these tests are skipped and say so; with REQUIRE_SERVICES or CI set they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from contracts.source_health import SourceHealth
from feeds.feed_store import RedisFeedStore
from feeds.health import Health, PartitionHealth, WorkerHealth
from streams.window_store import connect
from tests.feed_lines import AT_MS, many
from tests.feed_site import put, serving, site
from tests.services import PATIENCE_S
from tools.ports import find_free_port

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = PATIENCE_S * 1000

expect.set_options(timeout=PATIENCE_MS)  # of five seconds by default, which a machine may need for a page

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: Playwright's event loop, while it lives, keeps `asyncio.run` from every other test."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        reason = "no Chromium: install it (Debian: apt-get install chromium)"
        if os.environ.get("CI") or os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisFeedStore]:
    """Twelve topics: the first in order has a child in danger, the next two are exposures."""
    client = connect(redis_url)
    made = RedisFeedStore(client, key_prefix="browser:")
    put(made, *many(12))
    yield made
    client.close()


@pytest.fixture
def feed(store: RedisFeedStore) -> Iterator[str]:
    """Its address; nobody needs to sign in."""
    port = find_free_port()
    health = Health(
        at_ms=AT_MS,
        has_kafka=False,
        sources=[SourceHealth(name="hot", kind="hot-list", started_ms=AT_MS, beat_ms=AT_MS, quiet_ms=AT_MS)],
        partitions=[PartitionHealth(number=0, progress_ms=AT_MS - 600_000, waiting=9)],
        workers=[WorkerHealth(name="8d77aa", host="2001:db8::7", partitions=(0, 1, 2, 3, 4, 5, 6, 7))],
    )
    with serving(site(store, port=port, health=lambda: health), port) as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens an address in a window of its own; the test fails on a script's error, or a request to somewhere else."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(address: str, **options: Any) -> Page:
        context = chromium.new_context(**({"locale": "en-GB", "viewport": {"width": 1200, "height": 850}} | options))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        host = "/".join(address.split("/")[:3])
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("request", lambda asked: None if asked.url.startswith((host, "data:")) else wrong.append(asked.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
