"""Keep the alerts' settings as they stand on disk: edits count within two seconds, broken ones never."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import SecretStr

from alerts.channels import channel_of
from alerts.delivery import Setup
from alerts.http import Http
from alerts.sending import Channel
from alerts.texts import template_words
from alerts.words import Wording
from contracts.alert_settings import ChannelSettings
from contracts.errors import SettingsError
from contracts.settings import Settings
from streams.bounded_file import MAX_SECRET_BYTES, read_bounded, why_unread
from tongsheng.logs import escape
from tongsheng.wiring import SETTINGS_FILE, broadcast_guard, load_settings, recheck

__all__ = ["LiveAlerts", "has_listeners", "setup_of"]

LOOK_EVERY_S = 1.0  # wall time between two looks at the file
Stamp = tuple[int, int, int] | None  # modified at (ns), size, inode; None: no such file

_HAN = re.compile("[\u4e00-\u9fff]+")
_log = logging.getLogger(__name__)


class LiveAlerts:
    """Call it for what counts now; the same object until [alerts], [guidance] or feed.public_url changes."""

    def __init__(self, path: Path | None, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        """Read the settings.

        Args:
            path: of the settings file; None = ./tongsheng.toml, if there is one.
            clock_s: wall time in seconds that never steps back.

        Raises:
            SettingsError: a setting is wrong, or a secret cannot be read: at the start nothing is guessed.
        """
        self._path = path
        self._clock_s = clock_s
        self._stamp = self._changed = _stamp(path)
        self._settings = load_settings(path)
        self._setup = setup_of(self._settings)
        self._look_at_s = clock_s() + LOOK_EVERY_S

    def __call__(self) -> Setup:
        """The setup of at most two seconds ago. Cost: a stat once a second."""
        if self._clock_s() >= self._look_at_s:
            self._look_at_s = self._clock_s() + LOOK_EVERY_S
            stamp = _stamp(self._path)
            if stamp not in (self._stamp, self._changed):
                self._changed = stamp  # it may be half written: it counts once it has stayed the same for a look
            elif stamp != self._stamp:
                self._stamp = stamp
                self._reload()
        return self._setup

    def _reload(self) -> None:
        """Take the new settings, or say once what is wrong with them and keep the old ones."""
        try:
            settings = load_settings(self._path)
            if _relevant(settings) == _relevant(self._settings):
                return
            has_listeners(settings)
            self._setup = setup_of(settings)
        except SettingsError as error:
            _log.warning(escape(f"settings not taken, the last good ones stay: {error}"))
            return
        self._settings = settings
        _log.info("settings of alerts taken", extra={"event": "alerts.settings"})


def has_listeners(settings: Settings) -> None:
    """See that there is somebody to tell.

    Raises:
        SettingsError: there is no channel or no route.
    """
    if not settings.alerts.channel or not settings.alerts.route:
        raise SettingsError(
            "alerts", "there is no [[alerts.channel]] or no [[alerts.route]]; docs/alerts.md shows how to write them"
        )


def setup_of(settings: Settings) -> Setup:
    """Channels and wording as the settings say.

    Raises:
        SettingsError: a secret cannot be read or used.
    """
    http = Http(settings.alerts.allow_hosts)
    channels: Mapping[str, Channel] = {
        channel.name: channel_of(
            channel,
            settings.alerts,
            http,
            url=_secret(channel, "url", channel.url, channel.url_file),
            secret=_secret(channel, "secret", channel.secret, channel.secret_file),
        )
        for channel in settings.alerts.channel
    }
    console, own = settings.feed.public_url.rstrip("/"), settings.guidance.own()
    sources = [source.name for source in settings.source]
    wording = Wording(console=console, zone=settings.alerts.timezone, own=own, sources=sources)
    prefixes = [channel.prefix for channel in settings.alerts.channel if channel.prefix]
    guidance = _HAN.findall("".join(own.values()))
    messages = _HAN.findall(" ".join(message.name for message in settings.organisation.message))
    words = (*template_words(), *guidance, *messages, *prefixes)
    guard = broadcast_guard(console=console, words=words, names=sources)
    return Setup(settings.alerts, channels, wording, guard, recheck(settings))


def _relevant(settings: Settings) -> tuple[object, ...]:
    """What of the settings makes the alerts."""
    names = [named.name for named in (*settings.source, *settings.organisation.message)]
    return settings.alerts, settings.guidance, settings.feed.public_url, names


def _secret(channel: ChannelSettings, key: str, given: SecretStr | None, file: Path | None) -> str:
    if given is not None:
        return given.get_secret_value()
    if file is None:
        return ""
    try:
        return read_bounded(file, MAX_SECRET_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"alerts.channel.{key}_file", f"of {channel.name}: {file} cannot be read ({why_unread(error)})"
        ) from None


def _stamp(path: Path | None) -> Stamp:
    try:
        found = (path or SETTINGS_FILE).stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
