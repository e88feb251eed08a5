"""What the answer of an HTTP server means before its body is read; and how its body is read."""

import json
import math
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from alerts.sending import Answer, Outcome, Refused, RetryAt

__all__ = ["SUCCESS", "by_status", "code_of", "json_of", "unclear", "wait_s"]

SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)

_MOST_WAIT_S = 3600.0
_LEAST_WAIT_S = 1.0
_BAD_CHANNEL = frozenset({401, 403, 404, 410})


def by_status(answer: Answer) -> Outcome | None:
    """What the status alone tells; None where the body has to be read: 2xx, and 400 with its words."""
    status = answer.status
    if status in _BAD_CHANNEL:
        return Refused(f"HTTP {status}")
    if status in _REDIRECT:
        return Refused(f"it redirects (HTTP {status}); redirects are not followed, set the final address")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT):
        return RetryAt(f"HTTP {status}", after_s=_retry_after_s(answer))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return RetryAt(f"HTTP {status}", after_s=_retry_after_s(answer), may_have_arrived=True)
    return None


def wait_s(asked: object) -> float | None:
    """A wait in seconds that an app asks for, within reason; None where it is no number.

    >>> wait_s(1e308), wait_s(10**400), wait_s(-3), wait_s("soon"), wait_s(float("nan"))
    (3600.0, 3600.0, 1.0, None, None)
    """
    if not isinstance(asked, int | float) or (isinstance(asked, float) and math.isnan(asked)):
        return None
    return float(min(max(asked, _LEAST_WAIT_S), _MOST_WAIT_S))


def _retry_after_s(answer: Answer) -> float | None:
    """Of Retry-After: seconds, or a date, which is measured from the server's own."""
    headers = {name.lower(): value.strip() for name, value in answer.headers.items()}
    given = headers.get("retry-after", "")
    if given.isdecimal():
        return wait_s(float(given))
    try:
        until, now = (parsedate_to_datetime(headers[name]).timestamp() for name in ("retry-after", "date"))
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return None
    return wait_s(until - now)


def json_of(answer: Answer) -> dict[str, Any] | None:
    """The body as a JSON object; None where it is none, or was cut."""
    if not answer.is_whole:
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):  # also one that is nested a thousand times
        return None
    return found if isinstance(found, dict) else None


def code_of(answer: Answer, *keys: str) -> int | None:
    """The first of these numbers in its JSON; None where there is none, or a 0 under a status that says no."""
    found = json_of(answer) or {}
    code = next((found[key] for key in keys if type(found.get(key)) is int), None)  # `false` is no 0
    return None if code == 0 and answer.status != HTTPStatus.OK else code


def unclear(answer: Answer) -> RetryAt:
    """An answer that says neither yes nor no: the message may have arrived."""
    what = "its answer was cut" if not answer.is_whole else f"its answer (HTTP {answer.status}) cannot be understood"
    return RetryAt(what, may_have_arrived=True)
