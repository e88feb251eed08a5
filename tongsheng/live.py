"""Live sources: built from their settings, each read on a thread of its own."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from pydantic import SecretStr

from contracts.errors import SettingsError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_settings import (
    FeedSource,
    FolderSource,
    HotListSource,
    SourceSettings,
    WebhookSource,
    WechatSource,
    WeiboApiSource,
)
from producers.author_key import AuthorKeys
from producers.fetching import Fetcher, FetchRules
from producers.followed import FollowedFile
from producers.live_feeds import FeedsPoll
from producers.live_folder import DropFolder
from producers.live_weibo import HotListPoll, TimelinePoll
from producers.monitor import Monitor, MonitoredSource
from producers.pauses import IDLE_S, Paused
from producers.polling import PolledSource
from producers.serving import Inbox, ServedSource
from producers.source import PostSource, Watch
from producers.webhook import webhook_app
from producers.wechat_callback import wechat_app
from producers.wechat_crypto import WechatCipher
from streams.bounded_file import MAX_SECRET_BYTES, read_bounded
from tongsheng import wiring

__all__ = ["Live", "followed", "live_source", "posts_of_live"]

_WAITING = 2000
_LEAST_ANSWER_S = 600.0
_POLLS = 3.5  # a poll that fails is made again after two intervals: two in a row have then failed


@dataclass(frozen=True, slots=True)
class Live:
    """A live source, and what is known of its health."""

    source: PostSource
    monitor: Monitor


def live_source(entry: SourceSettings, keys: AuthorKeys, stopping: threading.Event) -> Live:
    """The source of a [[source]] entry; it ends soon after `stopping` is set.

    Raises:
        SettingsError: a secret's file cannot be read, a key is none.
    """
    every_s = getattr(entry, "every_s", None)
    limit_s = 0.0 if every_s is None else max(_POLLS * every_s, _LEAST_ANSWER_S)
    monitor = Monitor(entry.name, entry.kind, clock=wiring.now_ms, answer_limit_s=limit_s)
    return Live(MonitoredSource(_source(entry, keys, stopping, monitor), monitor), monitor)


def _source(entry: SourceSettings, keys: AuthorKeys, stopping: threading.Event, watch: Watch) -> PostSource:
    clock = wiring.now_ms
    match entry:
        case HotListSource():
            poll = HotListPoll(entry.name, _fetcher(entry), entry.addresses, keys=keys, clock=clock)
            return PolledSource(entry.name, poll, every_s=entry.every_s, wait=stopping.wait, watch=watch)
        case FeedSource():
            feeds = FeedsPoll(
                entry.name,
                _fetcher(entry),
                entry.addresses,
                keys=keys,
                clock=clock,
                history_hours=entry.history_hours,
            )
            return PolledSource(entry.name, feeds, every_s=entry.every_s, wait=stopping.wait, watch=watch)
        case WeiboApiSource():
            token = {"Authorization": f"OAuth2 {_secret(entry, 'token')}"}
            address = entry.base.rstrip("/") + "/" + entry.path
            timeline = TimelinePoll(entry.name, _fetcher(entry, token), address, keys=keys, clock=clock)
            return PolledSource(entry.name, timeline, every_s=entry.every_s, wait=stopping.wait, watch=watch)
        case WechatSource() | WebhookSource():
            return _served(entry, keys, stopping, watch)
        case FolderSource():
            return DropFolder(
                entry.name,
                entry.folder.resolve(),
                keys=keys,
                clock=clock,
                settle_s=entry.settle_s,
                wait=stopping.wait,
            )


def followed(path: Path, keys: AuthorKeys, stopping: threading.Event) -> Live:
    """A file that grows, as a live source; told by a hash of its path, which may hold whatever was searched for."""
    name = f"follow-{blake2b(str(path.resolve()).encode(errors='surrogateescape'), digest_size=4).hexdigest()}"
    monitor = Monitor(name, "follow", clock=wiring.now_ms)
    source = Paused(FollowedFile(path.resolve(), keys, clock=wiring.now_ms, is_stopping=stopping.is_set))
    return Live(MonitoredSource(source, monitor), monitor)


def _served(
    entry: WechatSource | WebhookSource, keys: AuthorKeys, stopping: threading.Event, watch: Watch
) -> PostSource:
    inbox = Inbox(entry.waiting)
    if isinstance(entry, WebhookSource):
        app = webhook_app(
            entry.name,
            inbox,
            secret=_secret(entry, "secret").encode(),
            max_bytes=entry.max_kib << 10,
            keys=keys,
            clock=wiring.now_ms,
            watch=watch,
        )
    else:
        app = wechat_app(
            entry.name,
            inbox,
            path=entry.path,
            token=_secret(entry, "token"),
            cipher=_cipher(entry),
            keys=keys,
            clock=wiring.now_ms,
            watch=watch,
        )
    return ServedSource(entry.name, app, inbox, listen=entry.listen, is_stopping=stopping.is_set)


def _cipher(entry: WechatSource) -> WechatCipher | None:
    if entry.aes_key is None and entry.aes_key_file is None:
        return None
    try:
        return WechatCipher(_secret(entry, "aes_key"), entry.app_id)
    except ValueError as error:
        raise SettingsError(f"source {entry.name}.aes_key", str(error)) from None


def _fetcher(entry: HotListSource | FeedSource | WeiboApiSource, headers: Mapping[str, str] | None = None) -> Fetcher:
    sent = dict(headers or {})
    if entry.cookie is not None or entry.cookie_file is not None:
        sent["Cookie"] = _secret(entry, "cookie")
    rules = FetchRules(
        requests_per_hour=entry.requests_per_hour,
        timeout_s=entry.timeout_s,
        max_bytes=entry.max_kib << 10,
        allow_private=entry.allow_private,
    )
    return Fetcher(rules, clock=wiring.now_ms, headers=sent)


def _secret(entry: SourceSettings, key: str) -> str:
    """The secret, or what its file holds.

    Raises:
        SettingsError: the file cannot be read, or holds no line of printable ASCII.
    """
    given: SecretStr | None = getattr(entry, key)
    if given is not None:
        return given.get_secret_value()
    path: Path = getattr(entry, f"{key}_file")
    field = f"source {entry.name}.{key}_file"
    try:
        secret = read_bounded(path, MAX_SECRET_BYTES).decode().strip()
    except OSError as error:
        raise SettingsError(field, f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(field, f"{path} is no UTF-8; name a file of text") from None
    if not secret or not secret.isascii() or not secret.isprintable():
        raise SettingsError(field, f"{path} does not hold one line of printable ASCII")
    return secret


@dataclass(frozen=True, slots=True)
class _Silent:
    """A source has nothing waiting; `passed` is set once everything before this has been judged."""

    passed: threading.Event


@dataclass(frozen=True, slots=True)
class _Ended:
    """A source has ended, by its error where there is one."""

    error: BaseException | None


_Waiting = queue.Queue[Post | Rejected | _Silent | _Ended]


def posts_of_live(
    sources: Sequence[PostSource], stopping: threading.Event, count: Callable[[Rejected], None]
) -> Iterator[Post | None]:
    """The posts of several live sources as they come, with a None where nothing is waiting.

    Raises:
        whatever a source raises; the others then end too.
    """
    waiting: _Waiting = queue.Queue(maxsize=_WAITING)
    for source in sources:
        threading.Thread(target=_read, args=(source, waiting, stopping), name=source.name, daemon=True).start()
    running = len(sources)
    try:
        while running:
            match waiting.get():
                case Post() as post:
                    yield post
                case Rejected() as piece:
                    count(piece)
                case _Silent(passed):
                    yield None
                    passed.set()
                case _Ended(error):
                    running -= 1
                    if error is not None:
                        raise error
    finally:
        stopping.set()


def _read(source: PostSource, waiting: _Waiting, stopping: threading.Event) -> None:
    """Everything of one source into the queue; asks for more than a silence only once that has passed."""
    error: BaseException | None = None
    try:
        for item in source.items():
            if item is not None:
                waiting.put(item.what)
                continue
            passed = threading.Event()
            waiting.put(_Silent(passed))
            while not passed.wait(IDLE_S) and not stopping.is_set():
                pass
    except BaseException as raised:  # noqa: BLE001 - handed to the thread that reads all of them
        error = raised
    waiting.put(_Ended(error))
