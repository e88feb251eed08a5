"""What the answer of an HTTP server means before its body is read; and how its body is read."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from alerts.sending import Answer, Outcome, Refused, RetryAt

__all__ = ["SUCCESS", "by_status", "json_of", "unclear"]

SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)

_MOST_WAIT_S = 3600.0
_LEAST_WAIT_S = 1.0
_BAD_CHANNEL = frozenset({401, 403, 404, 410})


def by_status(answer: Answer, at_ms: int | None = None) -> Outcome | None:
    """What the status alone tells; None where the body has to be read: 2xx, and 400 with its words.

    Args:
        answer: of the server.
        at_ms: now, for a Retry-After that is a date; None = such a date is passed over.
    """
    status = answer.status
    if status in _BAD_CHANNEL:
        return Refused(f"HTTP {status}")
    if status in _REDIRECT:
        return Refused(f"it redirects (HTTP {status}); redirects are not followed, set the final address")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT):
        return RetryAt(f"HTTP {status}", after_s=_retry_after_s(answer, at_ms))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return RetryAt(f"HTTP {status}", after_s=_retry_after_s(answer, at_ms), may_have_arrived=True)
    return None


def _retry_after_s(answer: Answer, at_ms: int | None) -> float | None:
    given = answer.headers.get("retry-after", answer.headers.get("Retry-After", "")).strip()
    if given.isdecimal():
        return min(max(float(given), _LEAST_WAIT_S), _MOST_WAIT_S)
    if given and at_ms is not None:
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return None
        seconds = until.timestamp() - datetime.fromtimestamp(at_ms / 1000, tz=UTC).timestamp()
        return min(max(seconds, _LEAST_WAIT_S), _MOST_WAIT_S)
    return None


def json_of(answer: Answer) -> dict[str, Any] | None:
    """The body as a JSON object; None where it is none, or was cut."""
    if not answer.is_whole:
        return None
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def unclear(answer: Answer) -> RetryAt:
    """An answer that says neither yes nor no: the message may have arrived."""
    what = "its answer was cut" if not answer.is_whole else f"its answer (HTTP {answer.status}) cannot be understood"
    return RetryAt(what, may_have_arrived=True)
