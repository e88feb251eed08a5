"""The operators' feed as processes: `tongsheng feed`, and the one inside `tongsheng run`."""

import ipaddress
import logging
import multiprocessing
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import click
import uvicorn

from contracts import topics
from contracts.errors import SettingsError
from contracts.feed_settings import is_loopback
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.guard import Blocked, Guard
from feeds.access import Gate, LocalGate, Operator, TokenGate, read_tokens
from feeds.app import build_app
from feeds.desk import Desk
from feeds.feed_store import FeedStore, RedisFeedStore
from feeds.health import Health
from feeds.live import LiveBoard
from feeds.metrics import Metrics
from feeds.proxy import Proxies
from feeds.reader import BoardWriter
from feeds.site import Limiter, Site
from feeds.topic_reader import TopicReader
from feeds.wording import TEXTS
from producers.kafka import ensure_topics
from streams.bounded_file import MAX_SECRET_BYTES, read_bounded, why_unread
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.health import HealthReader
from tongsheng.logs import set_up_logging

__all__ = ["EmbeddedFeed", "embedded_feed", "feed_site", "operators_of", "serve_feed", "serve_site"]

log = logging.getLogger(__name__)

_ENDS_S = 5.0

_HAN = re.compile("[\u4e00-\u9fff]+")


def serve_feed(settings: Settings) -> None:
    """Read topics.detected into the store and serve the feed, until stopped.

    Raises:
        SettingsError: the tokens cannot be read, or the port is taken.
    """
    listening = _listen(settings, may_move=False)
    url = settings.redis.url.get_secret_value()
    store = _feed_store(settings, url)
    specs = wiring.specs(settings)
    health = HealthReader(settings, url, has_kafka=True)
    site = feed_site(settings, store, port=listening.getsockname()[1], health=health)
    ensure_topics(settings.kafka.brokers, specs.values())
    writer = BoardWriter(_feed_store(settings, url), settings.feed.keep_days, wiring.recheck(settings))
    reader = TopicReader(settings.kafka.brokers, specs[topics.TOPICS_DETECTED].name, writer)
    server = _server(site)
    click.echo(f"feed: {site.address}", err=True)
    with ThreadPoolExecutor(1, thread_name_prefix="topic-reader") as threads:
        reading = threads.submit(reader.run, lambda: server.should_exit)
        reading.add_done_callback(lambda _: setattr(server, "should_exit", True))
        try:
            server.run(sockets=[listening])
        finally:
            server.should_exit = True
    reading.result()


class EmbeddedFeed:
    """The feed of a run, as the run sees it: a process of its own beside it, and the store between them."""

    def __init__(self, writer: BoardWriter, address: str) -> None:
        self.address = address
        self._writer = writer
        self._next = writer.begin()

    def show(self, line: TopicLine) -> None:
        """One more line."""
        self._next += 1
        self._writer.write([line], self._next)

    def stay(self) -> None:
        """Keep the feed open after the end of the input, for whoever sits at the terminal."""
        if not sys.stderr.isatty():
            return
        click.echo(f"the input has ended; the feed stays at {self.address} until Ctrl-C", err=True)
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


@contextmanager
def embedded_feed(settings: Settings, url: str) -> Iterator[EmbeddedFeed]:
    """A feed on this store for as long as the block runs; its process ends with this one, whatever ends it.

    Raises:
        SettingsError: the tokens cannot be read, or no port is free.
    """
    listening = _listen(settings, may_move=True)
    store = _feed_store(settings, url)
    address = feed_site(settings, store, port=listening.getsockname()[1]).address
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=_serve_embedded, args=(listening, theirs, settings, url), name="feed", daemon=True)
    process.start()
    listening.close()
    theirs.close()
    click.echo(f"feed: {address}", err=True)
    try:
        yield EmbeddedFeed(BoardWriter(store, settings.feed.keep_days, wiring.recheck(settings)), address)
    finally:
        ours.close()
        process.terminate()
        process.join(_ENDS_S)
        if process.is_alive():
            process.kill()
            process.join()


def _serve_embedded(listening: socket.socket, parent: Connection, settings: Settings, url: str) -> None:
    """In its own process; ends when the run's end of the pipe is gone."""
    set_up_logging(settings.log, wiring.log_guard())
    health = HealthReader(settings, url, has_kafka=False)
    port = listening.getsockname()[1]
    site = feed_site(settings, _feed_store(settings, url), port=port, health=health)
    serve_site(site, listening, until=parent.recv)


def serve_site(site: Site, listening: socket.socket, *, until: Callable[[], object]) -> None:
    """Serve it there; ends soon after `until`, which is called on a thread, returns or raises EOFError or OSError."""
    server = _server(site)

    def watch() -> None:
        with suppress(EOFError, OSError):
            until()
        server.should_exit = True

    threading.Thread(target=watch, name="until", daemon=True).start()
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Lets go of the live events before it waits for open answers to end."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], object]) -> None:
        super().__init__(config)
        self._let_go = let_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, behind that."""
        self._let_go()
        await super().shutdown(sockets)


def _server(site: Site) -> _Server:
    config = uvicorn.Config(
        build_app(site),
        log_config=None,
        log_level="warning",
        access_log=False,  # an address may hold what somebody searched for
        server_header=False,
        proxy_headers=False,  # it would believe X-Forwarded-For of whoever connects from this machine (feeds/proxy.py)
        timeout_graceful_shutdown=2,
    )
    return _Server(config, site.board.close)


def _listen(settings: Settings, *, may_move: bool) -> socket.socket:
    """The port of the settings; where that is taken and nobody was told of it, any that is free."""
    feed = settings.feed
    family = socket.AF_INET6 if ":" in feed.host else socket.AF_INET
    for port in (feed.port, 0) if may_move else (feed.port,):
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((feed.host, port))
        except OSError as error:
            made.close()
            why = error.strerror
            continue
        made.listen(128)
        made.set_inheritable(True)
        return made
    raise SettingsError("feed.port", f"{feed.host}:{feed.port} cannot be listened on ({why}); set another one")


def _feed_store(settings: Settings, url: str) -> RedisFeedStore:
    return RedisFeedStore(connect(url), key_prefix=settings.redis.key_prefix)


def feed_site(settings: Settings, store: FeedStore, *, port: int, health: Callable[[], Health] | None = None) -> Site:
    """The feed's parts on this store, for a server that listens on this port; `health` looks up how the pipeline is.

    Raises:
        SettingsError: the tokens cannot be read.
    """
    feed = settings.feed
    address = feed.public_url.rstrip("/") or f"http://127.0.0.1:{port}"
    hosts = {address.partition("://")[2].lower()}
    if is_loopback(feed.host):
        hosts |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return Site(
        board=LiveBoard(store, wiring.now_ms),
        desk=Desk(store, wiring.now_ms),
        gate=_gate(settings),
        guard=_guard(settings, address),
        limiter=Limiter(feed.requests_per_minute),
        metrics=Metrics(),
        clock=wiring.now_ms,
        address=address,
        hosts=frozenset(hosts),
        guidance=settings.guidance.own(),
        session_s=feed.session_hours * 3600,
        health=health,
        proxies=_proxies(settings),
    )


def _proxies(settings: Settings) -> Proxies:
    feed = settings.feed
    return Proxies(
        networks=[ipaddress.ip_network(address, strict=False) for address in feed.proxy_addresses],
        user_header=feed.proxy_user_header,
        groups_header=feed.proxy_groups_header,
        roles=feed.proxy_roles,
        key=wiring.feed_key(settings) if feed.proxy_addresses else b"",
    )


def operators_of(settings: Settings) -> list[Operator] | None:
    """Who has a token; None where nobody needs to sign in.

    Raises:
        SettingsError: the tokens cannot be read.
    """
    feed = settings.feed
    if feed.tokens is not None:
        return read_tokens(feed.tokens.get_secret_value(), "feed.tokens")
    if feed.tokens_file is not None:
        return read_tokens(_read(feed.tokens_file), "feed.tokens_file")
    return [] if feed.has_access_control else None


def _gate(settings: Settings) -> Gate:
    operators = operators_of(settings)
    return LocalGate() if operators is None else TokenGate(operators, session_s=settings.feed.session_hours * 3600)


def _read(path: Path) -> str:
    try:
        return read_bounded(path, MAX_SECRET_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "feed.tokens_file",
            f"{path} cannot be read ({why_unread(error)})",
        ) from None


def _guard(settings: Settings, address: str) -> Guard:
    """The last guard of Atom, JSON Feed and CSV: it knows the words that the feed puts round a topic's own."""
    told = [zh for key, (zh, _) in TEXTS.items() if key.startswith(("state.", "flag.", "site"))]
    words = [run for text in (*told, *settings.guidance.own().values()) for run in _HAN.findall(text)]
    return wiring.broadcast_guard(console=address, words=words, on_block=_tell)


def _tell(blocked: Blocked) -> None:
    extra = {"event": "guard.blocked", "place": blocked.place, "found": " ".join(blocked.faults)}
    log.error("what should not leave was kept in: please report it", extra=extra | {"blocked": blocked.count})
