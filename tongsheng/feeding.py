"""The operators' feed as processes: `tongsheng feed`, and the one inside `tongsheng run`."""

import re
from pathlib import Path

from contracts.errors import SettingsError
from contracts.feed_settings import is_loopback
from contracts.settings import Settings
from detectors.guard import Guard
from feeds.access import Gate, LocalGate, TokenGate, read_tokens
from feeds.desk import Desk
from feeds.feed_store import FeedStore
from feeds.live import LiveBoard
from feeds.metrics import Metrics
from feeds.site import Limiter, Site
from feeds.texts import TEXTS
from tongsheng import wiring

__all__ = ["feed_site"]

_HAN = re.compile("[\u4e00-\u9fff]+")


def feed_site(settings: Settings, store: FeedStore, *, port: int) -> Site:
    """The feed's parts on this store, for a server that listens on this port.

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
    )


def _gate(settings: Settings) -> Gate:
    feed = settings.feed
    if feed.tokens is not None:
        operators = read_tokens(feed.tokens.get_secret_value(), "feed.tokens")
    elif feed.tokens_file is not None:
        operators = read_tokens(_read(feed.tokens_file), "feed.tokens_file")
    else:
        return LocalGate()
    return TokenGate(operators, session_s=feed.session_hours * 3600)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("feed.tokens_file", f"{path} cannot be read ({type(error).__name__})") from None


def _guard(settings: Settings, address: str) -> Guard:
    """The last guard of Atom, JSON Feed and CSV: it knows the words that the feed puts round a topic's own."""
    told = [zh for key, (zh, _) in TEXTS.items() if key.startswith(("state.", "flag.", "withheld"))]
    words = [run for text in (*told, *settings.guidance.own().values()) for run in _HAN.findall(text)]
    return wiring.broadcast_guard(console=address, words=words)
