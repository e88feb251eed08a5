"""Ticks: when event time may be judged, and that nothing is judged twice or left out."""

from streams.memory_store import MemoryWindowStore
from streams.ticks import Ticks
from streams.windows import Heard, PartitionState, PartitionWindows, WindowRules

START_MS = 1_772_380_800_000
RULES = WindowRules()


class Partition:
    """One partition's worker over a store: posts at seconds after START_MS."""

    def __init__(self, store: MemoryWindowStore, number: int) -> None:
        self.store, self.number, self.offset = store, number, 0
        store.create(number, 0)
        self.windows = PartitionWindows(PartitionState(next=0), RULES)

    def post(self, *seconds: float) -> None:
        for second in seconds:
            self.offset += 1
            key = (self.number * 1000 + self.offset).to_bytes(8, "big")
            self.windows.hear(Heard(key, START_MS + round(second * 1000)))
        self.store.apply(self.number, self.windows.state.next, self.windows.take(self.offset))

    def mark(self, second: int) -> None:
        self.offset += 1
        self.windows.mark(START_MS + second * 1000)
        self.store.apply(self.number, self.windows.state.next, self.windows.take(self.offset))


def judged(ticks: Ticks, idle: frozenset[int] = frozenset()) -> list[tuple[float, int]]:
    """(tick in seconds after START_MS, posts in it)."""
    return [((t.at_ms - START_MS) / 1000, sum(sum(d.posts.values()) for d in t.deltas)) for t in ticks.ready(idle)]


def test_a_tick_waits_for_every_partition() -> None:
    """Nothing is judged past the partition that has got least far."""
    store = MemoryWindowStore()
    one, two = Partition(store, 0), Partition(store, 1)
    ticks = Ticks(store, partitions=2, tick_ms=5000)

    one.post(1, 2, 11)
    assert judged(ticks) == []
    two.post(3, 6)
    assert judged(ticks) == [(5.0, 3)]
    two.mark(60)
    assert judged(ticks) == [(10.0, 1)]
    one.mark(60)
    assert judged(ticks) == [(15.0, 1), (60.0, 0)]


def test_an_idle_partition_holds_nobody_back_and_loses_nothing() -> None:
    """What an idle partition brings later is judged at the tick after."""
    store = MemoryWindowStore()
    one, two = Partition(store, 0), Partition(store, 1)
    ticks = Ticks(store, partitions=2, tick_ms=5000)
    one.post(1, 2, 21)

    assert judged(ticks, idle=frozenset({1})) == [(5.0, 2)]
    two.post(3)
    one.post(31)
    two.mark(40)
    assert sum(posts for _, posts in judged(ticks)) == 2


def test_ticks_are_the_same_however_often_they_are_read() -> None:
    """Reading after each write or once at the end gives the same ticks with the same posts."""

    def run(*, is_eager: bool) -> list[tuple[float, int]]:
        store = MemoryWindowStore()
        partitions = [Partition(store, number) for number in range(3)]
        ticks = Ticks(store, partitions=3, tick_ms=5000)
        found: list[tuple[float, int]] = []
        for second in range(0, 400, 7):
            partitions[second % 3].post(second, second + 0.5)
            if second % 20 == 0:
                for partition in partitions:
                    partition.mark(second)
            if is_eager:
                found += judged(ticks)
        return found + judged(ticks)

    assert run(is_eager=True) == run(is_eager=False)


def test_a_restart_goes_on_behind_its_tick() -> None:
    """Started behind a tick, it gives the later changes only."""
    store = MemoryWindowStore()
    one = Partition(store, 0)
    one.post(1, 2, 6, 7, 12, 20)

    assert judged(Ticks(store, partitions=1, tick_ms=5000, after_ms=START_MS + 5000)) == [(10.0, 2), (15.0, 1)]


def test_a_gap_of_years_is_one_step() -> None:
    """After seven hours without a change nothing is live, so no tick a minute is needed until the next change."""
    store = MemoryWindowStore()
    one = Partition(store, 0)
    ticks = Ticks(store, partitions=1, tick_ms=5000)
    years_s = 17 * 365 * 86_400

    one.post(1, years_s)
    one.mark(years_s + 60)
    found = judged(ticks)

    assert found[0] == (5.0, 1)
    assert [posts for _, posts in found if posts] == [1, 1]
    assert found[-2] == (years_s + 5.0, 1)
    assert len(found) < 10 * 60
