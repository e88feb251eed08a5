"""Sending: the cursor stands only behind what has been sent."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from contracts.errors import SourceError
from contracts.post import Author, Post
from contracts.rejection import Reason, Rejected
from producers.cursor import Cursor
from producers.kafka import FrameRules, FrameSender, RejectedSender
from producers.produce import Sent, produce
from producers.source import Item, Place
from tests.dying_broker import Broker

AT_MS = 1_772_380_800_000
MINUTE_MS = 60_000


class Lines:
    """A source of lines that hold three posts each, a minute a line."""

    name = "lines"

    def items(self, start: Place = 0) -> Iterator[Item]:
        for place in range(int(start) + 1, 41):
            for part in range(3):
                yield Item(post(f"weibo:{place}-{part}", AT_MS + place * MINUTE_MS), place)


def post(name: str, at_ms: int) -> Post:
    return Post(id=name, platform="weibo", at_ms=at_ms, author=Author(key=name[6:]))


def produce_lines(
    broker: Broker,
    cursor: Cursor,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    clock_s: Callable[[], float] = lambda: 0.0,
) -> Sent:
    return produce(
        Lines(),
        sender=FrameSender(broker, "posts", partitions=2, rules=FrameRules(posts=1)),
        reject=RejectedSender(lambda: broker, "rejected"),
        cursor=cursor,
        partitions=2,
        mark_ms=MINUTE_MS,
        on_progress=lambda _: None,
        is_stopping=is_stopping,
        clock_s=clock_s,
    )


def send(broker: Broker, folder: Path) -> None:
    produce_lines(broker, Cursor(folder, "lines", topic="posts"))


@pytest.mark.parametrize("pieces_per_cursor", [1, 2, 3, 5, 7])
def test_a_stop_between_two_posts_of_one_line_loses_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces_per_cursor: int
) -> None:
    """Wherever it stops, sending again behind the cursor leaves no post out."""
    monkeypatch.setattr("producers.produce._ITEMS_PER_CURSOR", pieces_per_cursor)
    for records in range(1, 60):
        folder = tmp_path / str(records)
        first, second = Broker(dies_at=records), Broker()

        with pytest.raises(ConnectionResetError):
            send(first, folder)
        send(second, folder)

        delivered = set(first.ids) | set(second.ids)
        assert delivered == {item.what.id for item in Lines().items() if isinstance(item.what, Post)}


def test_a_place_that_cannot_be_kept_is_said_in_a_line(tmp_path: Path) -> None:
    """Reading, writing and forgetting say which setting is to be changed."""
    (tmp_path / "file").touch()
    cursor = Cursor(tmp_path / "file", "lines", topic="posts")

    for use in (cursor.read, lambda: cursor.write(1), cursor.forget):
        with pytest.raises(SourceError, match=r"file: no place can be kept there \(.*\); set produce\.cursor_folder"):
            use()


def test_a_stop_keeps_the_place_behind_what_was_acknowledged(tmp_path: Path) -> None:
    """However few items were sent; nothing of what follows was."""
    broker, cursor = Broker(), Cursor(tmp_path, "lines", topic="posts")

    sent = produce_lines(broker, cursor, is_stopping=lambda: len(broker.ids) >= 30)

    assert (cursor.read(), sent.place) == (10, 10)
    assert set(broker.ids) == {f"weibo:{place}-{part}" for place in range(1, 11) for part in range(3)}


def test_the_place_is_kept_every_few_seconds(tmp_path: Path) -> None:
    """A kill has no more sent again than that, however slow the source."""
    kept: list[Place] = []
    seconds = iter(range(10**6))

    class Watched(Cursor):
        def write(self, place: Place) -> None:
            kept.append(place)
            super().write(place)

    produce_lines(Broker(), Watched(tmp_path, "lines", topic="posts"), clock_s=lambda: 10.0 * next(seconds))

    assert len(kept) > 2
    assert kept == sorted(kept)
    assert kept[-1] == 40


class Rubbish:
    """A source of which every hundredth line is a post."""

    name = "lines"

    def items(self, start: Place = 0) -> Iterator[Item]:
        for place in range(int(start) + 1, 1501):
            piece = Rejected(raw=b"{", reason=Reason.NOT_JSON, detail="", source="lines", offset=place)
            yield Item(piece if place % 100 else post(f"weibo:{place}", AT_MS + place), place)


class Pieces(RejectedSender):
    """Notes the numbers of rejected lines, by the wait; goes away at one of them."""

    def __init__(self, dies_at: int = 0) -> None:
        super().__init__(lambda: None, "rejected")
        self.waits: list[list[int]] = []
        self._dies_at = dies_at

    def __call__(self, rejected: Sequence[Rejected]) -> None:
        if len(self.waits) + 1 == self._dies_at:
            raise ConnectionResetError
        self.waits.append([piece.offset for piece in rejected])


def send_rubbish(pieces: Pieces, broker: Broker, cursor: Cursor) -> None:
    produce(
        Rubbish(),
        sender=FrameSender(broker, "posts", partitions=2, rules=FrameRules(posts=1)),
        reject=pieces,
        cursor=cursor,
        partitions=2,
        mark_ms=MINUTE_MS,
        on_progress=lambda _: None,
        clock_s=lambda: 0.0,
    )


@pytest.mark.parametrize("dies_at", [0, 1, 2, 3])
def test_rejected_lines_are_sent_together_and_none_is_lost(tmp_path: Path, dies_at: int) -> None:
    """A file of bad lines waits for the brokers every 500 of them; its place stands behind what they have."""
    first, second, broker = Pieces(dies_at), Pieces(), Broker()
    cursor = Cursor(tmp_path, "lines", topic="posts")
    try:
        send_rubbish(first, broker, cursor)
    except ConnectionResetError:
        send_rubbish(second, broker, cursor)

    numbers = [number for wait in (*first.waits, *second.waits) for number in wait]
    assert set(numbers) == {place for place in range(1, 1501) if place % 100}
    assert len(numbers) - 1485 < 500
    assert max(map(len, (*first.waits, *second.waits))) == 500
    assert cursor.read() == 1500
    assert set(broker.ids) == {f"weibo:{place}" for place in range(100, 1501, 100)}
