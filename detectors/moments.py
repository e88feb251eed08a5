"""Event time as people in China read it."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

__all__ = ["BEIJING", "iso"]

BEIJING = timezone(timedelta(hours=8))


@lru_cache(maxsize=1 << 10)  # a line repeats when its topic began
def iso(at_ms: int) -> str:
    """Event time, ISO 8601 with zone.

    >>> iso(1_772_380_800_000)
    '2026-03-02T00:00:00+08:00'
    """
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone(BEIJING).isoformat(timespec="seconds")
