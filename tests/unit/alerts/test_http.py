"""Requests go to public addresses over TLS, or to hosts allowed by name; what comes back is limited."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from alerts.http import MAX_ANSWER_BYTES, Http, RefusedAddressError, UnansweredError, checked_address
from alerts.sending import Request
from tests.apps import AppServer, serving
from tools.ports import find_free_port


@pytest.fixture
def server() -> Iterator[AppServer]:
    with serving("mattermost") as made:
        yield made


def request(url: str) -> Request:
    return Request(url=url, headers={}, content=b"{}")


def resolving(*addresses: str) -> Callable[..., list[tuple[object, ...]]]:
    """A resolver that gives these addresses for every name."""
    return lambda host, port, *_, **__: [  # noqa: ARG005 - getaddrinfo's signature
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in addresses
    ]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b:1::7f00:1",
    ],
)
def test_an_address_that_is_not_public_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Private, link-local, metadata, and IPv4 written as IPv6; also where another address of the name is public."""
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.216.34", address))

    with pytest.raises(RefusedAddressError, match="allow_hosts"):
        checked_address("hooks.example.org", 443, ())
    assert checked_address("hooks.example.org", 443, {"hooks.example.org"}) == "93.184.216.34"


OTHER_SPELLINGS = [
    "0x7f.1", "2130706433", "017700000001", "127.1", "[::ffff:127.0.0.1]", "[::]", "user:pass@127.0.0.1",
    "hooks.slack.com@127.0.0.1", "127.0.0.1:6379", "LOCALHOST", "１２７.0.0.1", "127。0。0。1",
]  # fmt: skip
NO_ADDRESS = ["a:99999", "a:b", "[::1", "x\nHost: y", "a" * 300 + ".org"]


@pytest.mark.parametrize("place", [*OTHER_SPELLINGS, *NO_ADDRESS])
def test_no_spelling_leads_inside(place: str) -> None:
    """Whatever the resolver makes of it is looked at; what is no address at all is refused the same way."""
    http = Http()

    with pytest.raises(RefusedAddressError, match=r"not a public one|no web address"):
        http.post(request(f"https://{place}/"))

    http.close()


def test_an_address_without_tls_is_refused(server: AppServer) -> None:
    """Before anything is sent."""
    http = Http()

    with pytest.raises(RefusedAddressError, match="https"):
        http.post(request(server.url))

    http.close()
    assert server.asked == 0


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, server: AppServer
) -> None:
    """A name that would stand for another address a moment later is not asked again; the host keeps its name."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return resolving("127.0.0.1")(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    http = Http(["chat.internal"])

    answer = http.post(request(server.url.replace("127.0.0.1", "chat.internal")))

    http.close()
    assert (answer.status, answer.body) == (200, b"ok")
    assert [host for host in asked if host == "chat.internal"] == ["chat.internal"]
    assert server.taken[0].headers["host"] == f"chat.internal:{server.port}"


def test_no_redirect_is_followed(server: AppServer) -> None:
    """It might lead inside."""
    server.misbehave("redirect")
    http = Http(["127.0.0.1"])

    answer = http.post(request(server.url))

    http.close()
    assert (answer.status, server.asked) == (302, 1)


def test_a_name_that_nobody_knows_leaves_no_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent."""

    def unknown(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    http = Http()

    with pytest.raises(UnansweredError) as caught:
        http.post(request("https://hooks.example.org/x"))

    http.close()
    assert not caught.value.may_have_arrived
    assert "its host is not found" in str(caught.value)


def test_a_closed_port_is_said_in_words() -> None:
    """With what to look at, and not where it leads: that is a secret."""
    http = Http(["127.0.0.1"])

    with pytest.raises(UnansweredError) as caught:
        http.post(request(f"http://127.0.0.1:{find_free_port()}/hidden"))

    http.close()
    assert str(caught.value) == "no connection; see its address, port, certificate and the firewall"


def test_an_endless_answer_is_cut(server: AppServer) -> None:
    """A server cannot fill the memory."""
    server.misdeeds.append(lambda handler, *_: handler.reply(200, {}, b"x" * (1 << 20)) or True)
    http = Http(["127.0.0.1"])

    answer = http.post(request(server.url))

    http.close()
    assert (len(answer.body), answer.is_whole) == (MAX_ANSWER_BYTES, False)


def slowly(part: str) -> Callable[..., bool]:
    """Answer byte by byte, without an end."""

    def answer(handler: Any, *_: object) -> bool:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n" + (b"\r\n" if part == "body" else b"X-Slow: ")
        )
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.01)
        handler.close_connection = True
        return True

    return answer


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_trickles_is_ended(server: AppServer, part: str) -> None:
    """Each byte comes in time; all of them together do not. It may have arrived."""
    server.misdeeds.append(slowly(part))
    http = Http(["127.0.0.1"], whole_s=0.3)

    try:
        is_whole = http.post(request(server.url)).is_whole
    except UnansweredError as error:
        is_whole = not error.may_have_arrived

    http.close()
    assert not is_whole


def test_the_address_is_not_logged(server: AppServer, caplog: pytest.LogCaptureFixture) -> None:
    """It is a secret; libraries log from WARNING on only, as `set_up_logging` sets them."""
    caplog.set_level(logging.WARNING)
    server.misbehave("drop")
    http = Http(["127.0.0.1"])

    with pytest.raises(UnansweredError) as caught:
        http.post(request(server.url))

    http.close()
    assert "s3cret" not in caplog.text
    assert "s3cret" not in str(caught.value)
