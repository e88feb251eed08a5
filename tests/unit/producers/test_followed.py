"""Files that grow, and sources that fall silent."""

import gzip
import json
import lzma
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.errors import SourceError
from contracts.post import Author, Post
from producers.cursor import Cursor, RedisCursor
from producers.followed import FollowedFile
from producers.kafka import FrameRules, FrameSender, RejectedSender
from producers.pauses import with_pauses
from producers.produce import produce
from producers.source import Item, Place
from streams.window_store import connect
from tests.dying_broker import Broker
from tests.reading import KEYS
from tests.services import PATIENCE_S, poll_until

AT_MS = 1_772_380_818_000
NOW_MS = 1_800_000_000_000


def line(number: int) -> str:
    return json.dumps({
        "created_at": "Mon Mar 02 00:00:18 +0800 2026", "mid": str(number), "text": "孩子", "user": {"id": 1}
    }) + "\n"  # fmt: skip


class Following:
    """Reads a file that grows, on a thread."""

    def __init__(self, path: Path, start: Place = 0) -> None:
        self.items: list[Item] = []
        self.stopping = threading.Event()
        self._source = FollowedFile(path, KEYS, clock=lambda: NOW_MS, is_stopping=self.stopping.is_set)
        self._thread = threading.Thread(target=self._read, args=(start,))
        self._thread.start()

    def _read(self, start: Place) -> None:
        for item in self._source.items(start):
            self.items.append(item)

    def wait_for(self, *numbers: int) -> None:
        poll_until(lambda: self.ids() == [f"weibo:{n}" for n in numbers], what=f"{numbers}, got {self.ids()}")

    def ids(self) -> list[str]:
        return [item.what.id for item in self.items if isinstance(item.what, Post)]

    def stop(self) -> None:
        self.stopping.set()
        self._thread.join(PATIENCE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "grows.jsonl"
    path.write_text(line(1), encoding="utf-8")
    return path


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_lines_are_read_as_they_come(path: Path) -> None:
    """Half a line is waited for, not read as a damaged one; posts of a growing file are not archived."""
    following = Following(path)
    following.wait_for(1)
    append(path, line(2) + line(3)[:20])
    following.wait_for(1, 2)
    append(path, line(3)[20:])
    following.wait_for(1, 2, 3)
    following.stop()

    assert not any(item.what.archived for item in following.items if isinstance(item.what, Post))


def test_a_file_that_takes_its_place_is_begun_at_its_start(path: Path) -> None:
    """As log rotation does it; and one that was cut."""
    following = Following(path)
    following.wait_for(1)
    other = path.with_name("other")
    other.write_text(line(7), encoding="utf-8")
    other.replace(path)
    following.wait_for(1, 7)
    following.stop()


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
def test_a_packed_file_is_not_followed(path: Path, pack: Callable[[bytes], bytes]) -> None:
    """It says so instead of waiting for ever."""
    path.write_bytes(pack(line(1).encode()))

    with pytest.raises(SourceError, match="only plain files can be followed"):
        next(FollowedFile(path, KEYS, clock=lambda: 0, is_stopping=lambda: False).items())


def test_a_place_belongs_to_the_file_that_it_was_taken_in(path: Path) -> None:
    """After a restart the same file goes on behind it, another is read from its start."""
    append(path, line(2))
    following = Following(path)
    following.wait_for(1, 2)
    following.stop()
    place = following.items[0].place

    again = Following(path, place)
    again.wait_for(2)
    again.stop()
    path.rename(path.with_name("old"))
    path.write_text(line(8), encoding="utf-8")
    rotated = Following(path, place)
    rotated.wait_for(8)
    rotated.stop()


def item(number: int, place: Place) -> Item:
    return Item(Post(id=f"weibo:{number}", platform="weibo", at_ms=AT_MS, author=Author(key="a")), place)


def test_a_silence_is_told_once() -> None:
    """Then the next item comes as it always would."""
    go_on = threading.Event()

    def items() -> Iterator[Item]:
        yield item(1, 1)
        go_on.wait(PATIENCE_S)
        yield item(2, 2)

    read = with_pauses(items(), idle_s=0.05)
    first = next(found for found in read if found is not None)  # before it comes there may be a silence, too
    silence = next(read)
    go_on.set()
    second = next(read)

    assert (first, silence, second) == (item(1, 1), None, item(2, 2))
    with pytest.raises(StopIteration):
        next(read)


def test_what_a_source_raises_comes_through() -> None:
    """On the thread that reads."""

    def items() -> Iterator[Item]:
        yield item(1, 1)
        raise OSError("gone")

    read = with_pauses(items(), idle_s=PATIENCE_S)
    next(read)

    with pytest.raises(OSError, match="gone"):
        next(read)


class Polls:
    """A source of three polls of two posts, each ending with a None; notes what was safe when it was asked to go on."""

    name = "polls"

    def __init__(self, cursor: Cursor | RedisCursor) -> None:
        self.cursor = cursor
        self.safe: list[Place] = []

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        done = int(json.loads(start)["n"]) if isinstance(start, str) else 0
        for n in range(done + 1, 4):
            place = json.dumps({"n": n})
            yield from (item(10 * n + part, place) for part in range(2))
            yield None
            self.safe.append(self.cursor.read())


def send(source: Polls, broker: Broker) -> None:
    produce(
        source,
        sender=FrameSender(broker, "posts", partitions=2, rules=FrameRules(posts=500)),
        reject=RejectedSender(lambda: broker, "rejected"),
        cursor=source.cursor,
        partitions=2,
        mark_ms=60_000,
        on_progress=lambda _: None,
        clock_s=lambda: 0.0,
    )


@pytest.fixture(params=["file", "redis"])
def cursor(request: pytest.FixtureRequest, tmp_path: Path) -> Cursor | RedisCursor:
    if request.param == "file":
        return Cursor(tmp_path, "polls", topic="posts")
    return RedisCursor(connect(request.getfixturevalue("redis_url")), "polls", topic="posts", key_prefix="t:")


def test_the_cursor_of_a_poll_is_written_behind_its_acknowledgement(cursor: Cursor | RedisCursor) -> None:
    """When the source is asked to go on, everything before is sent and its place kept, in a file or in Redis."""
    source, broker = Polls(cursor), Broker()

    send(source, broker)

    assert broker.ids == [f"weibo:{n}" for n in (10, 11, 20, 21, 30, 31)]
    assert source.safe == [json.dumps({"n": n}) for n in (1, 2, 3)]


def test_a_kill_anywhere_loses_nothing(cursor: Cursor | RedisCursor) -> None:
    """Wherever it stops, sending again behind the cursor leaves no post out."""
    for records in range(1, 8):
        cursor.forget()
        first, second = Broker(dies_at=records), Broker()
        try:
            send(Polls(cursor), first)
        except ConnectionResetError:
            send(Polls(cursor), second)

        assert {*first.ids, *second.ids} == {f"weibo:{n}" for n in (10, 11, 20, 21, 30, 31)}
