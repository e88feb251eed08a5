"""What comes through a pipe that stays open is counted, and sent, while nobody knows whether more will come."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.settings import Settings
from producers.cursor import NoCursor
from producers.files import FileSource
from producers.kafka import FrameRules, FrameSender, RejectedSender
from producers.pauses import Paused
from producers.produce import produce
from tests.dying_broker import Broker
from tests.reading import KEYS
from tests.services import poll_until
from tests.status_files import NOW_MS, names, status
from tongsheng import wiring
from tongsheng.display import Numbers
from tongsheng.sources import LiveSources, posts_of_sources

LINES = b"".join(status(number) + b"\n" for number in (1, 2, 3))


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """Three lines are in it, and somebody still has it open."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    opened = os.open(path, os.O_RDWR)
    os.write(opened, LINES)
    yield path
    os.close(opened)


def test_a_run_counts_what_has_come(pipe: Path) -> None:
    """In the windows, and in the numbers that are shown; else it would wait here for ever."""
    posts = posts_of_sources([pipe], LiveSources([], threading.Event(), []), is_sorted=False, has_pauses=True)
    batches = wiring.local_fold(Settings(), partitions=1).batches(posts(Numbers(), lambda _: None))

    counted = 0
    for batch in batches:
        counted += sum(sum(delta.posts.values()) for _, _, writes in batch.writes for delta in writes.deltas)
        if counted == 3:
            break

    assert batch.progress.posts == 3


def test_a_producer_sends_what_has_come(pipe: Path) -> None:
    """It used to wait until a frame was full."""
    broker = Broker()

    def send() -> None:
        produce(
            Paused(FileSource(pipe, KEYS, received_ms=NOW_MS)),
            sender=FrameSender(broker, "posts", partitions=1, rules=FrameRules()),
            reject=RejectedSender(lambda: broker, "rejected"),
            cursor=NoCursor(),
            partitions=1,
            mark_ms=60_000,
            on_progress=lambda _: None,
            clock_s=lambda: 0.0,
        )

    threading.Thread(target=send, daemon=True).start()

    poll_until(lambda: broker.ids == names((1, 2, 3)), what="the three posts are sent")
