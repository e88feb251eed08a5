"""POST to addresses that settings name, and to nothing else.

A name is resolved once, every address it stands for must be public unless the host is allowed by name, and the
connection goes to the address that was checked. No redirect is followed, no proxy of the environment is used; size and
time of the answer are limited.
"""

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

import httpx
import stamina

from alerts.deadline import Deadline
from alerts.sending import Answer, Request

__all__ = ["MAX_ANSWER_BYTES", "Http", "RefusedAddressError", "UnansweredError", "checked_address"]

MAX_ANSWER_BYTES = 64 << 10
_CONNECT_S = 5.0
_WHOLE_S = 15.0
_CONNECT_ATTEMPTS = 3
# IPv4 in IPv6 that nobody needs any more: "compatible", translated, NAT64 of one's own network
_DISGUISES = tuple(map(ipaddress.ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))
_UNCONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_WHY: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "its host is not found; see the address and the name server"),
    (httpx.ConnectTimeout, "no connection in time; see its address and the firewall"),
    (httpx.ConnectError, "no connection; see its address, port, certificate and the firewall"),
    (httpx.TimeoutException, "no answer in time"),
    (httpx.RemoteProtocolError, "its answer was cut"),
)


class RefusedAddressError(Exception):
    """The host has an address that nothing may be sent to."""


class UnansweredError(Exception):
    """There is no answer.

    Attributes:
        may_have_arrived: the request had left before the connection broke.
    """

    def __init__(self, why: str, *, may_have_arrived: bool) -> None:
        super().__init__(why)
        self.may_have_arrived = may_have_arrived


def checked_address(host: str, port: int, allowed: Collection[str]) -> str:
    """The address to connect to.

    Args:
        host: name or address.
        port: of the service.
        allowed: hosts that may have a private address.

    Raises:
        RefusedAddressError: one of its addresses is private, link-local, or else not public.
        OSError: it cannot be resolved.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in allowed:
        for address in found:
            if not _is_public(address):
                raise RefusedAddressError("its address is not a public one; allow it by name in alerts.allow_hosts")
    return found[0]


def _is_public(address: str) -> bool:
    """Whether it is, looking through the ways to write an IPv4 address as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = (ip.ipv4_mapped or ip.sixtofour) if isinstance(ip, ipaddress.IPv6Address) else None
    if isinstance(ip, ipaddress.IPv6Address) and ip in ipaddress.ip_network("64:ff9b::/96"):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    is_disguised = any(ip in network for network in _DISGUISES)
    return ip.is_global and not ip.is_multicast and not is_disguised and (inner is None or inner.is_global)


class Http:
    """Sends requests; may be used by several threads."""

    def __init__(self, allowed: Collection[str] = (), *, whole_s: float = _WHOLE_S) -> None:
        """Name the hosts that may have private addresses and no TLS; an answer may take `whole_s` seconds in all."""
        self._allowed = frozenset(allowed)
        self._whole_s = whole_s
        timeout = httpx.Timeout(whole_s, connect=_CONNECT_S)
        # a connection for each request: its end is ours to set, and an alert is rare
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout, limits=limits)

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()

    def post(self, request: Request) -> Answer:
        """Send it once; only a connection that was never made is tried again, for then nothing can have arrived.

        Raises:
            RefusedAddressError: nothing was sent.
            UnansweredError: no answer, or none in time.
        """
        tries = stamina.retry_context(on=_UNCONNECTED, attempts=_CONNECT_ATTEMPTS, timeout=_WHOLE_S, wait_max=2.0)
        try:
            for attempt in tries:
                with attempt:
                    return self._once(request)
        except _UNCONNECTED as error:
            raise UnansweredError(_why(error), may_have_arrived=False) from None
        raise UnansweredError("no time left", may_have_arrived=False)

    def _once(self, request: Request) -> Answer:
        with Deadline(self._whole_s) as deadline:
            prepared = self._prepared(request, deadline)
            try:
                response = self._client.send(prepared, stream=True)
            except _UNCONNECTED:
                raise
            except httpx.HTTPError as error:
                raise UnansweredError(_why(error), may_have_arrived=True) from None
            try:
                body, is_whole = _read(response)
            finally:
                response.close()
        return Answer(status=response.status_code, headers=response.headers, body=body, is_whole=is_whole)

    def _prepared(self, request: Request, deadline: Deadline) -> httpx.Request:
        """The request to the checked address; name and certificate stay those of the host."""
        try:
            return self._to_checked(request, deadline)
        except (ValueError, httpx.InvalidURL):
            raise RefusedAddressError("its address is no web address") from None

    def _to_checked(self, request: Request, deadline: Deadline) -> httpx.Request:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (parts.scheme == "http" and host in self._allowed):
            raise RefusedAddressError("its address is not https; allow it by name in alerts.allow_hosts")
        try:
            address = checked_address(host, parts.port or (443 if parts.scheme == "https" else 80), self._allowed)
        except OSError as error:
            raise UnansweredError(_why(error), may_have_arrived=False) from None
        made = self._client.build_request(
            "POST",
            request.url,
            content=request.content,
            headers={**request.headers, "Accept-Encoding": "identity", "User-Agent": "tongsheng"},
            extensions={"sni_hostname": host, "trace": deadline.see},
        )
        made.url = made.url.copy_with(host=address)
        return made


def _why(error: Exception) -> str:
    """What an operator can do something about; never the words of the error, in which an address may stand."""
    return next((said for kind, said in _WHY if isinstance(error, kind)), type(error).__name__)


def _read(response: httpx.Response) -> tuple[bytes, bool]:
    """(body, whether it is whole): at most MAX_ANSWER_BYTES."""
    body = b""
    try:
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                return body[:MAX_ANSWER_BYTES], False
    except httpx.HTTPError:
        return body, False
    return body, True
