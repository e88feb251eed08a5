"""`tongsheng source test NAME`: the first posts of a source as they would be sent, and what it rejects."""

import threading
from collections.abc import Iterator

import click

from contracts.post import Post, encode_post
from contracts.settings import Settings
from producers.source import Item, PostSource
from tongsheng import wiring
from tongsheng.arguments import SourceName
from tongsheng.inputs import split
from tongsheng.live import live_source
from tongsheng.logs import escape

__all__ = ["source_lines", "try_source"]

_WITHHELD = "(a message: counted, never shown)"


def source_lines(settings: Settings) -> Iterator[str]:
    """Each [[source]] with its kind."""
    for entry in settings.source:
        yield f"{entry.name:<20} {entry.kind}"


def try_source(name: str, settings: Settings, *, posts: int, wait_s: float) -> bool:
    """Print up to so many posts; nothing is sent, and no cursor moves. True when one came within the time.

    Raises:
        SettingsError: there is no such source, or a secret of it cannot be read.
        SourceError: it cannot be read at all.
    """
    _, (entry,) = split([SourceName(name)], settings)
    keys = wiring.author_keys(settings)
    stopping = threading.Event()
    timer = threading.Timer(wait_s, stopping.set)
    timer.daemon = True
    timer.start()
    if entry.kind in ("webhook", "wechat-callback"):
        click.echo(
            f"listening at {entry.listen} for {wait_s:.0f} s; what comes gets no answer, so that it is sent again",
            err=True,
        )
    try:
        return _show(live_source(entry, keys, stopping).source, posts, stopping)
    finally:
        timer.cancel()
        stopping.set()


def _show(source: PostSource, posts: int, stopping: threading.Event) -> bool:
    shown = rejected = 0
    for item in source.items():
        if stopping.is_set() or shown >= posts:
            break
        if item is None:
            if shown or rejected:
                break
            continue
        shown, rejected = shown + isinstance(item.what, Post), rejected + (not isinstance(item.what, Post))
        click.echo(_said(item))
    click.echo(f"{shown} posts, {rejected} rejected; nothing was sent", err=True)
    return shown > 0


def _said(item: Item) -> str:
    if not isinstance(item.what, Post):
        return escape(f"rejected ({item.what.reason.value}): {item.what.detail}")
    post = item.what
    if post.kind == "message":
        return f"{post.id} {_WITHHELD}"
    return escape(encode_post(post).decode())
