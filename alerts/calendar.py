"""When a channel is quiet, and when its digest is due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.alert_settings import ChannelSettings

__all__ = ["OFFSETS", "digest_due", "is_news", "is_quiet", "local", "offset"]

_SATURDAY = 5
_HOUR_MS = 3_600_000
_NEWS_MS = 24 * _HOUR_MS
_WEEKEND_MS = 48 * _HOUR_MS
_QUARTER_MINUTES = 15  # no clock of today stands anywhere between two quarters
_MOST_MINUTES = 14 * 60


def _offset(minutes: int) -> str:
    """With the minus sign of print: the last guard takes a hyphen between letters and digits for an account."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else "+"
    return f"{sign}{hours}:{rest:02}" if rest else f"{sign}{hours}"


OFFSETS = {minutes: _offset(minutes) for minutes in range(-_MOST_MINUTES, _MOST_MINUTES + 1, _QUARTER_MINUTES)}
"""Minutes east of Greenwich -> as a message tells them: "+8", "+5:30"."""


def local(at_ms: int, zone: str) -> datetime:
    """A moment on the clock of a time zone.

    >>> local(1_772_380_800_000, "Asia/Shanghai").isoformat()
    '2026-03-02T00:00:00+08:00'
    """
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone(ZoneInfo(zone))


def offset(at: datetime) -> str:
    """How far its clock is from UTC, one of OFFSETS.

    >>> offset(local(1_772_380_800_000, "Asia/Kolkata"))
    '+5:30'
    """
    minutes = (at.utcoffset() or timedelta()) // timedelta(minutes=_QUARTER_MINUTES) * _QUARTER_MINUTES
    return OFFSETS[minutes]


def is_quiet(channel: ChannelSettings, at_ms: int, zone: str) -> bool:
    """Whether it is a quiet hour, the start included and the end not, or a quiet weekend.

    ```
    "22:00-07:00"   ──────[22:00 ▒▒▒▒▒ 24:00 ▒▒▒▒▒ 07:00)──────
    ```
    """
    now = local(at_ms, zone)
    if channel.quiet_weekends and now.weekday() >= _SATURDAY:
        return True
    if not channel.quiet_hours:
        return False
    start, end = (time.fromisoformat(part) for part in channel.quiet_hours.split("-"))
    clock = now.time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def is_news(channel: ChannelSettings, at_ms: int, now_ms: int, zone: str) -> bool:
    """Whether something of event time `at_ms` is still news: a day old at most, a weekend on which it was held aside.

    ```
    Sat 12:00 ▒▒▒▒▒▒▒▒▒▒▒▒ Mon 00:00 ── 07:00   43 hours old, 7 of which count
    ```
    """
    age_ms = now_ms - at_ms
    if age_ms <= _NEWS_MS or not channel.quiet_weekends or age_ms > _NEWS_MS + _WEEKEND_MS:
        return age_ms <= _NEWS_MS
    hours = range(at_ms, now_ms, _HOUR_MS)
    return sum(local(hour_ms, zone).weekday() < _SATURDAY for hour_ms in hours) * _HOUR_MS <= _NEWS_MS


def digest_due(channel: ChannelSettings, at_ms: int, zone: str) -> int:
    """The last moment (epoch ms) at or before `at_ms` for which a digest is planned; 0 where there is none.

    Days are those of the clock: where it is put forward or back, a day has 23 or 25 hours.
    """
    if channel.digest == "none":
        return 0
    now = local(at_ms, zone)
    planned = now.replace(hour=int(channel.digest_at[:2]), minute=int(channel.digest_at[3:]), second=0, microsecond=0)
    if planned > now:
        planned -= timedelta(days=1)
    if channel.digest == "weekly":
        planned -= timedelta(days=planned.weekday())  # the Monday of that week
    return int(planned.timestamp() * 1000)
