"""A feed for the tests: the real app on any store, in this process or served on a loopback port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.testclient import TestClient

from contracts.settings import Settings, read_settings
from feeds.app import build_app
from feeds.board import Entry
from feeds.feed_store import FeedStore
from feeds.health import Health
from feeds.site import Site
from tests.services import poll_until
from tongsheng.feeding import feed_site

__all__ = ["PORT", "TOKENS", "address", "browser", "put", "serving", "site"]

PORT = 8017
TOKENS = {
    "vera": ("viewer", "viewer-token-0123456789"),
    "lin": ("operator", "operator-token-0123456789"),
    "wu": ("operator", "operator-token-9876543210"),
    "ada": ("admin", "admin-token-0123456789"),
}


def settings(*, has_tokens: bool = False, **changes: object) -> Settings:
    lines = "\n".join(f"{name} {role} {token}" for name, (role, token) in TOKENS.items())
    return read_settings({"feed": ({"tokens": lines} if has_tokens else {}) | changes}, {})


def site(
    store: FeedStore,
    *,
    has_tokens: bool = False,
    port: int = PORT,
    health: Callable[[], Health] | None = None,
    **changes: object,
) -> Site:
    return feed_site(settings(has_tokens=has_tokens, **changes), store, port=port, health=health)


def put(store: FeedStore, *entries: Entry) -> None:
    place = store.next()
    assert store.put(place, place + 1, entries, [])


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def browser(made: Site) -> TestClient:
    """What a person's browser would get of this feed, without a server between."""
    headers = {"accept": "text/html", "accept-language": "en"}
    return TestClient(build_app(made), base_url=address(PORT), headers=headers, follow_redirects=False)


@contextmanager
def serving(made: Site, port: int) -> Iterator[str]:
    """The app behind a real server, on a thread; its address."""
    config = uvicorn.Config(
        build_app(made), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        poll_until(lambda: server.started and made.board.is_ready, what="the feed serves")
        yield address(port)
    finally:
        server.should_exit = True
        thread.join()
