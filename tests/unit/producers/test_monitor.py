"""A monitor hears what a source gives and says, and leaves out the time in which nobody asked it."""

from collections.abc import Iterator

import msgspec

from contracts.post import Author, Post
from contracts.rejection import Reason, Rejected
from contracts.source_health import Fault, FaultKind, SourceHealth
from producers.monitor import Monitor, MonitoredSource
from producers.source import Item, Place

START_MS = 1_772_416_800_000
PIECE = Rejected(raw=b"x", reason=Reason.NOT_JSON, detail="", source="x", offset=1)


class Clock:
    now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms

    def pass_s(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)


def post(at_ms: int) -> Post:
    return Post(id="web:1", platform="web", kind="post", at_ms=at_ms, text="x", author=Author(key="k"))


def monitor(clock: Clock, answer_limit_s: float = 0) -> Monitor:
    return Monitor("partner", "webhook", clock=clock, answer_limit_s=answer_limit_s)


def test_what_came_last_and_how_late_it_was() -> None:
    """Posts and rejected pieces, each counted."""
    clock = Clock()
    watched = monitor(clock)

    clock.pass_s(5)
    watched.item(post(START_MS - 55_000))
    clock.pass_s(5)
    watched.item(PIECE)
    health = watched.beat()

    assert (health.posts, health.rejected, health.lag_ms, health.event_ms) == (1, 1, 60_000, START_MS - 55_000)
    assert health.item_ms == health.answer_ms == health.quiet_ms == START_MS + 10_000


def test_answers_and_refusals_of_a_source_that_is_asked() -> None:
    """An answer that holds nothing new is an answer; a fault is kept with its number."""
    clock = Clock()
    watched = monitor(clock, answer_limit_s=600)

    watched.answered()
    clock.pass_s(500)
    watched.fault(FaultKind.QUOTA, 429)
    clock.pass_s(101)
    health = watched.beat()

    assert (health.answer_ms, health.fault, health.faults) == (
        START_MS,
        Fault(FaultKind.QUOTA, 429, START_MS + 500_000),
        1,
    )
    assert health.verdict(clock.now_ms).state == "away"


def kept(clock: Clock) -> SourceHealth:
    """What a process leaves that watched three days of a post each minute, and is then quiet for five minutes."""
    watched = monitor(clock)
    for _ in range(3 * 1440):
        clock.pass_s(60)
        watched.item(post(clock.now_ms))
        watched.beat()
    clock.pass_s(300)
    return watched.beat()


def test_a_silence_is_seen_against_its_rhythm() -> None:
    """Ten minutes at the least."""
    clock = Clock()
    before = kept(clock)

    assert before.verdict(clock.now_ms).state == "well"
    assert before.verdict(clock.now_ms + 100_000).state == "well"
    assert before.quiet_limit_s == 600
    late = msgspec.structs.replace(before, beat_ms=clock.now_ms + 301_000)
    assert late.verdict(late.beat_ms).state == "silent"


def test_the_time_between_two_processes_is_nobodys_silence() -> None:
    """What was known goes on, quiet as long as it had been; the pause across it teaches nothing."""
    clock = Clock()
    before = kept(clock)
    clock.pass_s(7200)
    after = monitor(clock)

    after.go_on_from(before)
    clock.pass_s(200)
    quiet = after.beat()
    after.item(post(clock.now_ms))
    health = after.beat()

    assert clock.now_ms - quiet.quiet_ms == 500_000
    assert quiet.verdict(clock.now_ms).state == "well"
    assert max(health.rhythm.longest_s) == 60
    assert health.posts == before.posts + 1


class Source:
    name = "partner"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        yield Item(post(self.clock.now_ms), int(start) + 1)
        yield None
        self.clock.pass_s(30)
        yield Item(post(self.clock.now_ms), 2)


def test_while_kafka_holds_everything_up_the_source_is_not_silent() -> None:
    """An item that waits to be taken for an hour is no pause of an hour."""
    clock = Clock()
    watched = monitor(clock)
    items = MonitoredSource(Source(clock), watched).items()

    next(items)
    clock.pass_s(1800)
    during = watched.beat()
    clock.pass_s(1800)
    next(items)
    next(items)
    health = watched.beat()

    assert clock.now_ms - 1_830_000 == during.quiet_ms
    assert health.rhythm.longest_s.count(30) == 1
    assert max(health.rhythm.longest_s) == 30
    assert during.rhythm.watched_s == 0
