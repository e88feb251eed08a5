"""How quick the feed is: `python -m benchmarks.feed [--listeners 1000]`; prints a JSON object.

first_paint_ms   Chromium's first contentful paint of the wire with 500 live topics, a new window each time
page_ms          the server's answer of the same page
event_ms         from a line's write into the store to the event at each of the listeners, 500 topics changing a second
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from feeds.board import Entry, absorb
from feeds.feed_store import RedisFeedStore
from streams.window_store import connect
from tests.feed_lines import AT_MS, MINUTE_MS, line, many
from tests.feed_site import put, serving, site
from tests.services import ValkeyServer
from tools.kafka import find_free_port

TOPICS = 500
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def quantiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p99": round(ordered[int(len(ordered) * 0.99) - 1], 1),
        "n": len(ordered),
    }


def first_paint(address: str, times: int) -> dict[str, float]:
    path = shutil.which("chromium")
    if path is None:
        return {}
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for _ in range(times):
            page = browser.new_context().new_page()
            page.goto(address)
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            found.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            page.context.close()
        browser.close()
    return quantiles(found)


def page_time(address: str, times: int) -> dict[str, float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        with urllib.request.urlopen(address) as answer:
            answer.read()
        found.append((time.perf_counter() - began) * 1000)
    return quantiles(found)


async def listen(port: int, written: dict[str, float], found: list[float], done: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode())
    while not done.is_set():
        try:
            text = await asyncio.wait_for(reader.readline(), 1)
        except TimeoutError:
            continue
        if text.startswith(b'data: {"id":"'):
            name = text[13:25].decode()
            if name in written:
                found.append((time.perf_counter() - written[name]) * 1000)
    writer.close()


async def events(port: int, store: RedisFeedStore, listeners: int, seconds: int) -> dict[str, float]:
    written: dict[str, float] = {}
    found: list[float] = []
    done = asyncio.Event()
    tasks = [asyncio.create_task(listen(port, written, found, done)) for _ in range(listeners)]
    await asyncio.sleep(3)
    entries = list(store.topics().values())
    for second in range(seconds):
        began = time.perf_counter()
        entries = [changed(entry, second) for entry in entries]
        for start in range(0, len(entries), 50):
            part = entries[start : start + 50]
            await asyncio.to_thread(put, store, *part)
            written.update(dict.fromkeys((entry.line.topic for entry in part), time.perf_counter()))
            await asyncio.sleep(max(0.0, began + (start + 50) / len(entries) - time.perf_counter()))
    await asyncio.sleep(3)
    done.set()
    await asyncio.gather(*tasks)
    return quantiles(found)


def changed(entry: Entry, second: int) -> Entry:
    at = line(at_ms=AT_MS + (200 + second) * MINUTE_MS).at
    told: dict[str, Any] = msgspec.to_builtins(entry.line) | {"at": at, "authors": entry.line.authors + 1}
    return absorb(entry, msgspec.convert(told, type(entry.line)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=5)
    given = parser.parse_args()
    server = ValkeyServer(Path(tempfile.mkdtemp(prefix="feed-bench-")))
    server.start()
    try:
        store = RedisFeedStore(connect(server.url))
        put(store, *many(TOPICS))
        port = find_free_port()
        with serving(site(store, port=port, requests_per_minute=100_000), port) as address:
            told = {
                "topics": TOPICS,
                "first_paint_ms": first_paint(address, 10),
                "page_ms": page_time(address, 30),
                "listeners": given.listeners,
                "event_ms": asyncio.run(events(port, store, given.listeners, given.seconds)),
            }
        print(json.dumps(told))
    finally:
        server.remove()


if __name__ == "__main__":
    main()
