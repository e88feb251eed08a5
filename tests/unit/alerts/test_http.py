"""Requests go to public addresses over TLS, or to hosts allowed by name; what comes back is limited."""

import logging
import socket
from collections.abc import Callable, Iterator

import pytest

from alerts.http import MAX_ANSWER_BYTES, Http, RefusedAddressError, UnansweredError, checked_address
from alerts.sending import Request
from tests.apps import AppServer, serving


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
    ],
)
def test_an_address_that_is_not_public_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Private, link-local, metadata, and IPv4 written as IPv6; also where another address of the name is public."""
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.216.34", address))

    with pytest.raises(RefusedAddressError, match="allow_hosts"):
        checked_address("hooks.example.org", 443, ())
    assert checked_address("hooks.example.org", 443, {"hooks.example.org"}) == "93.184.216.34"


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


def test_an_endless_answer_is_cut(server: AppServer) -> None:
    """A server cannot fill the memory."""
    server.misdeeds.append(lambda handler, *_: handler.reply(200, {}, b"x" * (1 << 20)) or True)
    http = Http(["127.0.0.1"])

    answer = http.post(request(server.url))

    http.close()
    assert (len(answer.body), answer.is_whole) == (MAX_ANSWER_BYTES, False)


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
