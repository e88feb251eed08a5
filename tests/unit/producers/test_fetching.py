"""Fetching: limits hold, refusals are told in words, no private address, no secret where it does not belong."""

import gzip
from collections.abc import Iterator

import pytest
import stamina

from contracts.errors import SourceAwayError
from producers.fetching import Fetcher, FetchRules
from tests.services import PATIENCE_S
from tests.site import Reply, Site


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Three attempts, without the waits between them."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


class Clock:
    now_ms = 1_772_416_800_000

    def __call__(self) -> int:
        return self.now_ms


def fetcher(
    *, budget: int = 100, max_bytes: int = 10_000, is_private: bool = True, headers: dict[str, str] | None = None,
    clock: Clock | None = None, timeout_s: float = PATIENCE_S,
) -> Fetcher:  # fmt: skip
    rules = FetchRules(requests_per_hour=budget, timeout_s=timeout_s, max_bytes=max_bytes, allow_private=is_private)
    return Fetcher(rules, clock=clock or Clock(), headers=headers)


def test_an_answer_is_asked_for_again_only_if_it_has_changed(site: Site) -> None:
    """The marks of the last answer go along; 304 gives no body."""
    marks = {"ETag": '"a"', "Last-Modified": "Mon, 02 Mar 2026 02:00:00 GMT"}
    site.replies["/x"] = [Reply(b"one", headers=marks), Reply(status=304)]
    ask = fetcher()

    first = ask.get(site.address("/x"))
    second = ask.get(site.address("/x"), first.marks)

    assert (first.body, second.body) == (b"one", None)
    assert site.asked[1].headers["if-none-match"] == '"a"'
    assert site.asked[1].headers["if-modified-since"] == marks["Last-Modified"]


@pytest.mark.parametrize("status", [401, 403, 404, 418, 429, 432])
def test_a_refusal_is_told_in_words_and_not_asked_again_at_once(site: Site, status: int) -> None:
    """Nor is the address told, which may hold a key; how long to stay away is taken from the answer."""
    site.replies["/x"] = [Reply(status=status, headers={"Retry-After": "77"})]

    with pytest.raises(SourceAwayError, match=str(status)) as refused:
        fetcher().get(site.address("/x?key=hunter2"))

    assert len(site.asked) == 1
    assert refused.value.retry_after_s == 77
    assert "hunter2" not in str(refused.value)


def test_a_fault_of_the_server_is_asked_again(site: Site) -> None:
    """Twice at most."""
    site.replies["/x"] = [Reply(status=502), Reply(status=503), Reply(b"there")]
    site.replies["/y"] = [Reply(status=500)]

    assert fetcher().get(site.address("/x")).body == b"there"
    with pytest.raises(SourceAwayError, match="500"):
        fetcher().get(site.address("/y"))
    assert len(site.asked) == 6


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "bomb"])
def test_a_long_answer_is_given_up(site: Site, is_packed: bool) -> None:
    """Also one that is short only while it is packed."""
    body = b"x" * 5_000_000
    headers = {"Content-Encoding": "gzip"} if is_packed else {}
    site.replies["/x"] = [Reply(gzip.compress(body) if is_packed else body, headers=headers)]

    with pytest.raises(SourceAwayError, match="longer than"):
        fetcher().get(site.address("/x"))


def test_an_answer_that_trickles_is_given_up(site: Site) -> None:
    """A byte now and then would hold the source for days: the whole answer has its time, too."""

    class Slow(Clock):
        def __call__(self) -> int:
            self.now_ms += 3000
            return self.now_ms

    site.replies["/x"] = [Reply(b"x" * 5_000_000)]

    with pytest.raises(SourceAwayError, match="takes longer than 5 s"):
        fetcher(max_bytes=10_000_000, clock=Slow(), timeout_s=5).get(site.address("/x"))


def test_redirects_end_and_take_no_secret_to_another_host(site: Site) -> None:
    """Five at most; the cookie stays with the host that it is for."""
    with Site() as other:
        other.replies["/there"] = [Reply(b"there")]
        site.replies["/x"] = [
            Reply(status=302, headers={"Location": other.address("/there").replace("127.0.0.1", "localhost")})
        ]
        site.replies["/round"] = [Reply(status=301, headers={"Location": "/round"})]
        ask = fetcher(headers={"Cookie": "hunter2"})

        assert ask.get(site.address("/x")).body == b"there"
        assert "cookie" in site.asked[0].headers
        assert "cookie" not in other.asked[0].headers
    with pytest.raises(SourceAwayError, match="redirects"):
        ask.get(site.address("/round"))


def test_a_redirect_into_a_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    """A public address that leads inward gets no further than one that stands in the settings."""
    monkeypatch.setattr("producers.fetching._is_public", lambda address: address != "127.0.0.2")
    site.replies["/x"] = [Reply(status=302, headers={"Location": site.address("/y").replace("127.0.0.1", "127.0.0.2")})]

    with pytest.raises(SourceAwayError, match="private network"):
        fetcher(is_private=False).get(site.address("/x"))

    assert [asked.path for asked in site.asked] == ["/x"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]"]
)
def test_a_private_address_is_not_asked(site: Site, host: str) -> None:
    """Neither by number nor by name; it can be allowed in the settings."""
    with pytest.raises(SourceAwayError, match="private network"):
        fetcher(is_private=False).get(site.address("/x").replace("127.0.0.1", host))

    assert site.asked == []


@pytest.mark.parametrize("host", ["169.254.169.254", "100.100.100.200", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_where_a_cloud_keeps_its_keys_is_never_asked(site: Site, host: str) -> None:
    """Also where private addresses are allowed, and only a redirect leads there."""
    site.replies["/x"] = [Reply(status=302, headers={"Location": f"http://{host}/latest/meta-data"})]

    with pytest.raises(SourceAwayError, match="private network"):
        fetcher().get(site.address("/x"))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/x", "no address", "http://[x"])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(SourceAwayError):
        fetcher().get(address)


def test_a_budget_is_kept(site: Site) -> None:
    """Attempts and redirects are requests too; an hour later there is a new one."""
    site.replies["/x"] = [Reply(b"x")]
    clock = Clock()
    ask = fetcher(budget=2, clock=clock)
    ask.get(site.address("/x"))
    ask.get(site.address("/x"))

    with pytest.raises(SourceAwayError, match="budget of 2") as refused:
        ask.get(site.address("/x"))
    clock.now_ms += 3_600_001

    assert refused.value.retry_after_s == 3600
    assert ask.get(site.address("/x")).body == b"x"


def test_a_server_that_is_away_is_told() -> None:
    """A port where nobody listens."""
    with Site() as gone:
        address = gone.address("/x")

    with pytest.raises(SourceAwayError, match="no answer"):
        fetcher().get(address)
