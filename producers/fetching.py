"""Ask a live source over HTTP, within limits: a budget of requests, time, length, redirects, public addresses.

The address that is connected to is the one that was looked at, so that a name that answers otherwise the second time
gets nowhere. Proxies of the environment are not used. No address stands in a message: it may hold a key.
"""

import ipaddress
import socket
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpcore
import httpx
import stamina

from contracts.clock import Clock
from contracts.errors import SourceAwayError
from contracts.source_health import FaultKind

__all__ = ["Answer", "FetchRules", "Fetcher"]

_MOST_REDIRECTS = 5
_HOUR_MS = 3_600_000
_ATTEMPTS = 3
_LONGEST_WAIT_S = 3600.0
_CLOUD_KEYS = {"100.100.100.200", "fd00:ec2::254"}  # beside the link-local ones: Alibaba's and Amazon's
_OK, _NOT_MODIFIED, _SERVER_ERRORS = 200, 304, 500
_SAID = {
    401: (FaultKind.LOGIN, "it wants a login, or the token has expired"),
    403: (FaultKind.REFUSED, "it refuses; a cookie may have expired"),
    404: (FaultKind.MISSING, "there is no such thing"),
    414: (FaultKind.QUOTA, "too many requests"),
    418: (FaultKind.CRAWLER, "it takes this program for a crawler"),
    429: (FaultKind.QUOTA, "too many requests"),
    432: (FaultKind.CRAWLER, "it refuses without a cookie, or takes this program for a crawler"),
}
_PHRASES = {status.value: status.phrase for status in HTTPStatus}  # not the server's own, which may say anything


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """The limits; see contracts.source_settings."""

    requests_per_hour: int
    timeout_s: float
    max_bytes: int
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        body: None where it has not changed since the marks that were sent along.
        marks: to send along the next time ("etag", "modified"), as far as it gave them.
    """

    body: bytes | None
    marks: Mapping[str, str]


class _RetriedError(SourceAwayError):
    """Worth asking again at once: a lost connection, a fault of the server."""


class Fetcher:
    """Asks one source; not shared between threads."""

    def __init__(self, rules: FetchRules, *, clock: Clock, headers: Mapping[str, str] | None = None) -> None:
        """Wire it; `headers` may hold secrets, and are not sent along to where a redirect leads."""
        self._rules = rules
        self._clock = clock
        self._secret_headers = dict(headers or {})
        self._asked_ms: deque[int] = deque()
        self._client = httpx.Client(
            transport=_PublicTransport(is_private_allowed=rules.allow_private),
            timeout=rules.timeout_s,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "tongsheng", "Accept-Encoding": "gzip, deflate"},
        )

    def get(
        self, address: str, marks: Mapping[str, str] | None = None, *, tells: Callable[[bytes], bool] | None = None
    ) -> Answer:
        """The answer of an address.

        Args:
            address: http or https.
            marks: of the last answer.
            tells: whether the body of a refusal says in the platform's own words what is wrong; it is the answer then.

        Raises:
            SourceAwayError: none within three attempts, a refusal, a limit reached. It says so in a person's words.
        """
        headers = {}
        if marks and "etag" in marks:
            headers["If-None-Match"] = marks["etag"]
        if marks and "modified" in marks:
            headers["If-Modified-Since"] = marks["modified"]
        for attempt in stamina.retry_context(on=_RetriedError, attempts=_ATTEMPTS, timeout=self._rules.timeout_s * 4):
            with attempt:
                return self._get(address, headers, tells)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _get(self, address: str, headers: Mapping[str, str], tells: Callable[[bytes], bool] | None) -> Answer:
        try:
            here = first = httpx.URL(address)
        except httpx.InvalidURL:
            raise SourceAwayError("its address is none of http and https", kind=FaultKind.PRIVATE) from None
        for _ in range(_MOST_REDIRECTS + 1):
            self._spend()
            is_first_host = (here.scheme, here.host, here.port) == (first.scheme, first.host, first.port)
            sent = {**headers, **(self._secret_headers if is_first_host else {})}
            try:
                with self._client.stream("GET", here, headers=sent) as response:
                    if response.has_redirect_location:
                        here = here.join(response.headers["Location"])
                        continue
                    return self._read(response, tells)
            except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError) as error:
                if isinstance(error.__cause__, _PrivateAddressError) or isinstance(error, httpx.UnsupportedProtocol):
                    raise SourceAwayError(
                        "its address leads into a private network, or is none of http and https; "
                        "set allow_private = true where that is meant",
                        kind=FaultKind.PRIVATE,
                    ) from None
                raise _RetriedError(f"no answer ({type(error).__name__})", kind=FaultKind.NO_ANSWER) from None
        raise SourceAwayError(f"more than {_MOST_REDIRECTS} redirects")

    def _read(self, response: httpx.Response, tells: Callable[[bytes], bool] | None) -> Answer:
        status = response.status_code
        if status == _NOT_MODIFIED:
            return Answer(None, {})
        if status != _OK:
            if tells is not None and status < _SERVER_ERRORS and tells(body := self._body(response)):
                return Answer(body, {})
            other = FaultKind.SERVER if status >= _SERVER_ERRORS else FaultKind.OTHER
            kind, words = _SAID.get(status, (other, _PHRASES.get(status, "an answer that no standard knows")))
            fault = _RetriedError if status >= _SERVER_ERRORS else SourceAwayError
            again_s = _retry_after_s(response.headers.get("Retry-After", ""))
            raise fault(f"{status}: {words}", retry_after_s=again_s, kind=kind, code=status)
        body = self._body(response)
        known = {"etag": response.headers.get("ETag"), "modified": response.headers.get("Last-Modified")}
        return Answer(body, {name: value for name, value in known.items() if value})

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        latest_ms = self._clock() + round(self._rules.timeout_s * 1000)  # httpx's own limit is for each piece
        for chunk in response.iter_bytes():
            body += chunk
            if self._clock() > latest_ms:
                raise SourceAwayError(
                    f"its answer takes longer than {self._rules.timeout_s:g} s", kind=FaultKind.TOO_LONG
                )
            if len(body) > self._rules.max_bytes:
                raise SourceAwayError(
                    f"its answer is longer than {self._rules.max_bytes >> 10} KiB", kind=FaultKind.TOO_LONG
                )
        return bytes(body)

    def _spend(self) -> None:
        now_ms = self._clock()
        while self._asked_ms and self._asked_ms[0] <= now_ms - _HOUR_MS:
            self._asked_ms.popleft()
        if len(self._asked_ms) >= self._rules.requests_per_hour:
            wait_s = (self._asked_ms[0] + _HOUR_MS - now_ms) / 1000
            raise SourceAwayError(
                f"its budget of {self._rules.requests_per_hour} requests an hour is spent",
                retry_after_s=wait_s,
                kind=FaultKind.BUDGET,
            )
        self._asked_ms.append(now_ms)


def _retry_after_s(said: str) -> float:
    return min(float(said), _LONGEST_WAIT_S) if said.isascii() and said.isdigit() else 0.0


class _PrivateAddressError(httpcore.ConnectError):
    """The name leads into a private network."""


class _PublicBackend(httpcore.SyncBackend):
    """Connects to the very addresses that it has looked at."""

    def __init__(self, *, is_private_allowed: bool) -> None:
        self._is_private_allowed = is_private_allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError("no such host") from error
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        allowed = _is_no_cloud if self._is_private_allowed else _is_public
        if not all(map(allowed, addresses)):
            raise _PrivateAddressError("a private address")
        fault: httpcore.ConnectError | None = None
        for address in addresses:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                fault = error
        raise fault or httpcore.ConnectError("no such host")


class _PublicTransport(httpx.HTTPTransport):
    """httpx's transport over that backend; httpx has no argument for it."""

    def __init__(self, *, is_private_allowed: bool) -> None:
        super().__init__()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=_PublicBackend(is_private_allowed=is_private_allowed),
            max_connections=4,
        )


def _is_public(address: str) -> bool:
    found = _ip(address)
    return found.is_global and not found.is_multicast


def _is_no_cloud(address: str) -> bool:
    """Whether it is none at which a cloud gives its machines their keys: a bridge may be led there by whoever posts."""
    found = _ip(address)
    return not found.is_link_local and str(found) not in _CLOUD_KEYS


def _ip(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
