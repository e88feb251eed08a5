"""Times as platforms and crawlers write them -> epoch milliseconds.

"Fri Sep 16 08:26:05 +0800 2011"    Weibo's API, in English whatever the locale
"2026-03-02T10:00:00+08:00"         ISO 8601; without a zone, Beijing's
"2026-03-02 10:00[:00]", "2026-03-02", "2026年03月02日 10:00"    Beijing's wall clock
"Mon, 02 Mar 2026 10:00:00 GMT"     feeds; without a zone, Beijing's
1772416800, 1772416800000           epoch seconds or milliseconds, by magnitude
"3分钟前", "今天 12:01", "03-02"       only where it is known when they were read
"""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

__all__ = ["BEIJING", "api_time_ms", "time_ms"]

BEIJING = timezone(timedelta(hours=8))

_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_API_CHARS = 30
_SECONDS_MS = {f"{second:02}": second * 1000 for second in range(60)}
_MS_FROM = 10**11  # as seconds, the year 5138; as milliseconds, 1973
_LATEST_S = 4 * 10**9  # the year 2096
_WRITTEN = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?"
)
_AGO = re.compile(r"(\d{1,3}) ?(秒|分钟|小时|天)前")
_AGO_S = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86_400}
_DAY = re.compile(r"(今天|昨天|前天)? ?(?:(\d{1,2})[-月](\d{1,2})日?)? ?(?:(\d{1,2}):(\d{2}))?")
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}


def time_ms(value: object, *, read_ms: int | None = None) -> int:
    """Epoch ms of a time in any of the forms above.

    Args:
        value: text, or a number of seconds or milliseconds.
        read_ms: when it was read, None where that is unknown.

    Raises:
        ValueError: it is none of them, or hangs on when it was read and nobody knows that.

    >>> time_ms("2026-03-02 10:00"), time_ms(1772416800), time_ms("3分钟前", read_ms=1772416980000)
    (1772416800000, 1772416800000, 1772416800000)
    """
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit():
            return _epoch_ms(int(text))
        return _text_ms(text, read_ms)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch_ms(value)
    raise ValueError("no time")


def api_time_ms(text: str) -> int:
    """Epoch ms of "Fri Sep 16 08:26:05 +0800 2011"; the fast way, for half a million a minute.

    Raises:
        ValueError, KeyError: it is not of that form.

    >>> api_time_ms("Mon Mar 02 00:00:18 +0800 2026")
    1772380818000
    """
    if len(text) != _API_CHARS:
        raise ValueError("not like 'Fri Sep 16 08:26:05 +0800 2011'")
    return _minute_ms(text[4:17], text[20:]) + _SECONDS_MS[text[17:19]]


@lru_cache(maxsize=4096)
def _minute_ms(minute: str, zone: str) -> int:
    """Of "Sep 16 08:26:" and "+0800 2011": the posts of an archive stand in the order of time."""
    clock = time.fromisoformat(f"{minute[7:]}00")
    day = datetime(int(zone[6:]), _MONTHS[minute[:3]], int(minute[4:6]), clock.hour, clock.minute, tzinfo=UTC)
    ahead_minutes = (int(zone[1:3]) * 60 + int(zone[3:5])) * (-1 if zone[0] == "-" else 1)
    return (int(day.timestamp()) - ahead_minutes * 60) * 1000


def _epoch_ms(value: float) -> int:
    ms = value if value > _MS_FROM else value * 1000
    if not 0 < ms < _LATEST_S * 1000:
        raise ValueError("no time that a post can have")
    return int(ms)


def _text_ms(text: str, read_ms: int | None) -> int:
    found = _WRITTEN.fullmatch(text)
    if found is not None:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return _ms(datetime(year, month, day, hour, minute, second, tzinfo=BEIJING))
    if len(text) == _API_CHARS and text[:3].isalpha() and text[3] == " ":
        try:
            return api_time_ms(text)
        except KeyError as error:
            raise ValueError("no such month, or second") from error
    if text[:4].isdigit():
        moment = datetime.fromisoformat(text)
        return _ms(moment if moment.tzinfo else moment.replace(tzinfo=BEIJING))
    if text[:3].isascii() and text[:3].isalpha():
        moment = parsedate_to_datetime(text)
        return _ms(moment if moment.tzinfo else moment.replace(tzinfo=BEIJING))
    if read_ms is None:
        raise ValueError("it hangs on when it was read, which is not known")
    return _relative_ms(text, read_ms)


def _relative_ms(text: str, read_ms: int) -> int:
    if text == "刚刚":
        return read_ms
    found = _AGO.match(text)
    if found is not None:
        return read_ms - int(found[1]) * _AGO_S[found[2]] * 1000
    found = _DAY.match(text)
    if found is None or not found[0].strip():
        raise ValueError("no time")
    now = datetime.fromtimestamp(read_ms / 1000, BEIJING)
    day = now - timedelta(days=_DAYS_BACK.get(found[1] or "今天", 0))
    if found[2]:
        day = day.replace(month=int(found[2]), day=int(found[3]))
        if day > now:
            day = day.replace(year=day.year - 1)  # "12-31", read on the first of January
    return _ms(day.replace(hour=int(found[4] or 0), minute=int(found[5] or 0), second=0, microsecond=0))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000
