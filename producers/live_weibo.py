"""Weibo, live: its hot search through three addresses, and timelines of the open API with an access token."""

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from contracts.clock import Clock
from contracts.errors import SourceAwayError, UnusablePostError
from contracts.post import UNDECODABLE, Post, read_whole
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.answers import read_answer
from producers.author_key import AuthorKeys
from producers.fetching import Fetcher
from producers.polling import State, all_away
from producers.source import Context
from producers.weibo_hot_search import rankings

__all__ = ["HotListPoll", "TimelinePoll"]

_COUNT = 100  # statuses a page; the API's most
_PAGES = 10  # a poll, lest one that was away for days spends its budget at once
_RATE_LIMITS = {10022, 10023, 10024}  # of the address, the user, the interface
_TOKEN_FAULTS = {21314, 21315, 21316, 21317, 21319, 21327, 21332}
_HOUR_MS = 3_600_000
_NOT_SIGNED_IN = -100  # `ok` of Weibo's own pages, with the address of the login
_EXPIRED = "it wants a login; there is no cookie, or it has expired"
_LOGIN_PAGE = "its answer is a page, most likely that of the login: there is no cookie, or it has expired"


class HotListPoll:
    """One snapshot; when an address fails, the next one is asked."""

    def __init__(
        self, name: str, fetcher: Fetcher, addresses: Sequence[str], *, keys: AuthorKeys, clock: Clock
    ) -> None:
        self._name = name
        self._fetcher = fetcher
        self._addresses = addresses
        self._keys = keys
        self._clock = clock

    def __call__(self, state: State) -> tuple[list[Post | Rejected], State]:
        """See Poll; the state holds each address's marks."""
        faults = []
        for place, address in enumerate(self._addresses, start=1):
            try:
                answer = self._fetcher.get(address, state.get(str(place)))
                if answer.body is None:
                    return [], state
                found = self._read(answer.body)
            except SourceAwayError as error:
                faults.append(error)
                continue
            return found, {str(place): dict(answer.marks)}
        raise all_away(list(enumerate(faults, start=1)))

    def _read(self, body: bytes) -> list[Post | Rejected]:
        at_ms = self._clock()  # all entries of a snapshot stand at one moment
        context = Context(keys=self._keys, is_archived=False, fetched=lambda: at_ms)
        try:
            answer = read_whole(msgspec.json.decode, body)
            parts = list(rankings(answer, context))
        except UNDECODABLE:
            if body.lstrip().startswith(b"<"):
                raise SourceAwayError(_LOGIN_PAGE, kind=FaultKind.LOGIN) from None
            raise SourceAwayError("its answer is no JSON", kind=FaultKind.UNREADABLE) from None
        if isinstance(answer, dict) and answer.get("ok") == _NOT_SIGNED_IN:
            raise SourceAwayError(f"error {_NOT_SIGNED_IN}: {_EXPIRED}", kind=FaultKind.LOGIN, code=_NOT_SIGNED_IN)
        if not any(isinstance(part, Post) for part in parts):
            raise SourceAwayError("its answer holds no entry", kind=FaultKind.UNREADABLE)
        return [part if isinstance(part, Post) else self._rejected(part) for part in parts]

    def _rejected(self, error: UnusablePostError) -> Rejected:
        return Rejected(raw=error.raw or b"", reason=error.reason, detail=error.detail, source=self._name, offset=0)


class TimelinePoll:
    """The statuses since the last one that was seen."""

    def __init__(self, name: str, fetcher: Fetcher, address: str, *, keys: AuthorKeys, clock: Clock) -> None:
        """`address` is the timeline's; the token is in the fetcher's headers, never in an address."""
        self._name = name
        self._fetcher = fetcher
        self._address = address
        self._keys = keys
        self._clock = clock

    def __call__(self, state: State) -> tuple[list[Post | Rejected], State]:
        """See Poll; the state is the highest id.

        Pages are newest first: only when all are there is the oldest of them next to what was seen, so the state moves
        once, behind all of them.
        """
        since = int(state.get("since_id", 0))
        found: list[Post | Rejected] = []
        newest = since
        for page in range(1, _PAGES + 1):
            query = urlencode({"since_id": since, "count": _COUNT, "page": page})
            body = self._fetcher.get(f"{self._address}?{query}", tells=_has_code).body or b""
            ids = self._checked(body)
            if not ids:
                break
            found += read_answer(body, name=self._name, keys=self._keys, fetched=self._clock)
            newest = max(newest, *ids)
            if (
                len(ids) < _COUNT // 2 or not since
            ):  # the API leaves out what is deleted or hidden; a new source begins now
                break
        found.sort(key=lambda what: what.at_ms if isinstance(what, Post) else 0)
        return found, {"since_id": newest}

    def _checked(self, body: bytes) -> list[int]:
        """The ids of the statuses.

        Raises:
            SourceAwayError: the platform refuses, in its own number.
        """
        try:
            answer = read_whole(msgspec.json.decode, body)
        except UNDECODABLE:
            raise SourceAwayError("its answer is no JSON", kind=FaultKind.UNREADABLE) from None
        statuses = answer.get("statuses") if isinstance(answer, dict) else answer
        if isinstance(statuses, list):
            return [
                int(status["id"]) for status in statuses if isinstance(status, dict) and str(status.get("id")).isdigit()
            ]
        code = str(answer.get("error_code", "")) if isinstance(answer, dict) else ""
        number = int(code) if code.isascii() and code.isdigit() else 0
        if number in _RATE_LIMITS:  # counted by the clock hour
            raise SourceAwayError(
                f"error {number}: its quota is used up",
                retry_after_s=(_HOUR_MS - self._clock() % _HOUR_MS) / 1000,
                kind=FaultKind.QUOTA,
                code=number,
            )
        if number in _TOKEN_FAULTS:
            raise SourceAwayError(
                f"error {number}: the access token is wrong or has expired",
                retry_after_s=3600,
                kind=FaultKind.LOGIN,
                code=number,
            )
        if number:
            raise SourceAwayError(f"error {number}", code=number)
        raise SourceAwayError("its answer holds no statuses", kind=FaultKind.UNREADABLE)


def _has_code(body: bytes) -> bool:
    """Whether it is an error of the API, which comes with status 400 or 403 as a rule."""
    try:
        answer = read_whole(msgspec.json.decode, body)
    except UNDECODABLE:
        return False
    return isinstance(answer, dict) and "error_code" in answer
