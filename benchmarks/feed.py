"""How quick the feed is: `python -m benchmarks.feed [--listeners 1000]`; prints a JSON object.

first_paint_ms   Chromium's first contentful paint of the wire with 500 live topics, a new window each time
page_ms          the server's answer of the same page
event_ms         from a line on its way into the store to its event at a browser, 500 topics changing each second

Server, writer and listeners are processes of their own, as they are in life. Of the listeners every twentieth unpacks
and reads all that it gets and tells when; the others take it off the wire, as a thousand browsers elsewhere would.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import shutil
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contracts.settings import read_settings
from contracts.topic import TopicLine
from feeds.feed_store import RedisFeedStore
from feeds.reader import BoardWriter
from streams.window_store import connect
from tests.feed_lines import AT_MS, MINUTE_MS, line, many
from tests.feed_site import address, put, site
from tests.services import ValkeyServer
from tongsheng import wiring
from tongsheng.feeding import serve_site
from tools.ports import find_free_port

TOPICS = 500
READING = 20  # every so manieth listener reads what it gets
TOGETHER = 50  # lines that the reader of Kafka takes at once
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")

_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"

Seen = list[tuple[str, str, float]]  # topic, people, monotonic seconds


def quantiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p99": round(ordered[int(len(ordered) * 0.99) - 1], 1),
        "n": len(ordered),
    }


def first_paint(place: str, times: int) -> dict[str, float]:
    path = shutil.which("chromium")
    if path is None:
        return {}
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for _ in range(times):
            page = browser.new_context().new_page()
            page.goto(place)
            while (paint := page.evaluate(_PAINT)) is None:  # wait_for_function would need eval, which the page forbids
                page.wait_for_timeout(20)
            found.append(paint)
            page.context.close()
        browser.close()
    return quantiles(found)


def page_time(place: str, times: int) -> dict[str, float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        with urllib.request.urlopen(place) as answer:
            answer.read()
        found.append((time.perf_counter() - began) * 1000)
    return quantiles(found)


def serve(url: str, port: int, told: Connection) -> None:
    """The feed, until asked to end; then the CPU seconds it took."""
    store = RedisFeedStore(connect(url))
    listening = socket.create_server(("127.0.0.1", port), backlog=2048)
    serve_site(site(store, port=port, requests_per_minute=100_000), listening, until=told.recv)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.send(used.ru_utime + used.ru_stime)


class Listener(asyncio.Protocol):
    """A browser that follows the wire."""

    def __init__(self, port: int, seen: Seen | None) -> None:
        self._port = port
        self._seen = seen
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._rest = b""
        self._chunk = -1  # bytes of it that are missing, -1 = its length comes next
        self._has_head = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        asked = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept-Encoding: gzip\r\n\r\n"
        transport.write(asked.encode())

    def data_received(self, data: bytes) -> None:
        if self._seen is None:
            return
        self._rest += data
        if not self._has_head:
            head, _, rest = self._rest.partition(b"\r\n\r\n")
            if not rest:
                return
            assert b"content-encoding: gzip" in head
            self._rest, self._has_head = rest, True
        now = time.monotonic()
        for text in self._chunks():
            for told in self._unpack.decompress(text).split(b"\ndata: ")[1:]:
                row = msgspec.json.decode(told.partition(b"\n")[0])
                if "people" in row:
                    self._seen.append((row["id"], row["people"], now))

    def _chunks(self) -> list[bytes]:
        """Whole chunks of the answer; the rest waits."""
        found = []
        while b"\r\n" in self._rest:
            length, _, rest = self._rest.partition(b"\r\n")
            size = int(length, 16)
            if len(rest) < size + 2:
                break
            found.append(rest[:size])
            self._rest = rest[size + 2 :]
        return found


def listen(port: int, listeners: int, told: Connection) -> None:
    """Follow with so many browsers until asked to end; then what was seen."""

    async def run() -> None:
        seen: Seen = []
        loop = asyncio.get_running_loop()
        for number in range(listeners):
            mine = None if number % READING else seen
            await loop.create_connection(partial(Listener, port, mine), "127.0.0.1", port)
        told.send(None)
        await asyncio.to_thread(told.recv)
        told.send(seen)

    asyncio.run(run())


def write(url: str, seconds: int) -> dict[tuple[str, str], float]:
    """Let every topic change each second; (topic, people) -> when its line was on its way."""
    writer = BoardWriter(RedisFeedStore(connect(url)), 7, wiring.recheck(read_settings({}, {})))
    place = writer.begin()
    lines = [entry.line for entry in writer.store.topics().values()]
    written: dict[tuple[str, str], float] = {}
    for second in range(seconds):
        began = time.monotonic()
        lines = [changed(each, second) for each in lines]
        for start in range(0, TOPICS, TOGETHER):
            part = lines[start : start + TOGETHER]
            written.update({(each.topic, f"{each.authors:,}"): time.monotonic() for each in part})
            place += TOGETHER
            assert writer.write(part, place)
            time.sleep(max(0.0, began + (start + TOGETHER) / TOPICS - time.monotonic()))
    return written


def changed(last: TopicLine, second: int) -> TopicLine:
    at = line(at_ms=AT_MS + (200 + second) * MINUTE_MS).at
    return msgspec.structs.replace(last, at=at, authors=last.authors + 1)


def events(url: str, port: int, listeners: int, seconds: int) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=listen, args=(port, listeners, theirs))
    process.start()
    ours.recv()
    time.sleep(3)
    written = write(url, seconds)
    time.sleep(3)
    ours.send(None)
    seen: Seen = ours.recv()
    process.join()
    took = [(at - written[topic, people]) * 1000 for topic, people, at in seen if (topic, people) in written]
    expected = TOPICS * seconds * -(-listeners // READING)
    return quantiles(took) | {"told": round(len(took) / expected, 3)}  # the rest was overtaken by a newer change


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--only-events", action="store_true", help="leave out what needs Chromium")
    given = parser.parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    server = ValkeyServer(Path(tempfile.mkdtemp(prefix="feed-bench-")))
    server.start()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    port = find_free_port()
    feed = context.Process(target=serve, args=(server.url, port, theirs))
    try:
        put(RedisFeedStore(connect(server.url)), *many(TOPICS))
        feed.start()
        wait_for(address(port))
        told: dict[str, Any] = {"topics": TOPICS}
        if not given.only_events:
            told |= {"first_paint_ms": first_paint(address(port), 10), "page_ms": page_time(address(port), 30)}
        told |= {
            "listeners": given.listeners,
            "event_ms": events(server.url, port, given.listeners, given.seconds),
        }
        ours.send(None)
        told["server_cpu_s"] = round(ours.recv(), 1)
        print(json.dumps(told))
    finally:
        feed.kill()
        server.remove()


def wait_for(place: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{place}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no feed at {place}")


if __name__ == "__main__":
    main()
