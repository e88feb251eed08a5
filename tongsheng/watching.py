"""`tongsheng watch`: the feed in a terminal."""

import os
from pathlib import Path

from contracts.errors import SettingsError
from contracts.settings import Settings
from feeds.client import FeedClient
from feeds.terminal import Wire
from feeds.texts import Catalogue, language_of
from streams.bounded_file import MAX_SECRET_BYTES, read_bounded, why_unread

__all__ = ["watch_feed"]


def watch_feed(settings: Settings, address: str | None, token_file: Path | None) -> None:
    """Until the operator leaves.

    Raises:
        SettingsError: the address is none, or the token cannot be read.
    """
    place = address or f"http://127.0.0.1:{settings.feed.port}"
    if not place.startswith(("http://", "https://")):
        raise SettingsError("ADDRESS", "this is no address; write for example http://127.0.0.1:8017")
    try:
        token = read_bounded(token_file, MAX_SECRET_BYTES).decode().strip() if token_file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("--token-file", f"it cannot be read ({why_unread(error)})") from None
    language = language_of("", os.environ.get("LC_ALL") or os.environ.get("LANG", ""))
    Wire(FeedClient(place, token=token, language=language), Catalogue(language)).run()
