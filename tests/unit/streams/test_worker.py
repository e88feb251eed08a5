"""What a worker does with batches as Faust hands them over: in order, with repeats, with gaps."""

from collections.abc import Callable, Sequence

import msgspec
import pytest

from contracts.errors import FailStopError
from contracts.post import Author, Post, encode_post
from contracts.rejection import Reason, Rejected
from contracts.settings import Settings
from streams.listen import Listener
from streams.memory_store import MemoryWindowStore
from streams.refusals import MAX_SINGLE
from streams.window_store import Dump
from streams.windows import WindowRules
from streams.worker import Record, States, WorkerPartitions
from tongsheng import wiring

MINUTE_MS = 60_000
AT_MS = 1_772_380_800_000
RULES = WindowRules()


class NothingSaved:
    """No state was ever saved, and none is."""

    def save(self, name: str, state: bytes) -> None:
        raise AssertionError(f"{name} is not to be saved ({len(state)} bytes)")

    def load(self, name: str) -> bytes | None:  # noqa: ARG002 - States' word
        return None


@pytest.fixture(scope="module")
def listener() -> Listener:
    return wiring.listener(Settings(), wiring.local_veil(Settings()))


def record(offset: int) -> Record:
    """One post in a minute of its own."""
    at_ms = AT_MS + offset * MINUTE_MS
    post = Post(id=f"weibo:{offset}", platform="weibo", at_ms=at_ms, author=Author(key=f"a{offset}"), text="孩子发烧")
    return Record(offset=offset, received_ms=at_ms, progress_ms=None, value=encode_post(post))


def begin(
    listener: Listener,
    store: MemoryWindowStore,
    reject: Callable[[Sequence[Rejected]], None] = lambda _: None,
    saved: States | None = None,
) -> WorkerPartitions:
    """A worker that begins with partition 0."""
    worker = WorkerPartitions(
        store=store,
        listener=listener,
        rules=RULES,
        reject=reject,
        saved=saved or NothingSaved(),
        save_due=lambda _, __: saved is not None,
        source="posts.collected",
    )
    worker.open(0, earliest=0)
    return worker


class Saving:
    """Keeps what is saved."""

    def __init__(self) -> None:
        self.states: dict[str, bytes] = {}

    def save(self, name: str, state: bytes) -> None:
        self.states[name] = state

    def load(self, name: str) -> bytes | None:
        return self.states.get(name)


def fold(listener: Listener, store: MemoryWindowStore, offsets: Sequence[int]) -> None:
    """One batch with these records, in this order, by a worker that begins."""
    worker = begin(listener, store)
    worker.fold(0, [record(offset) for offset in offsets])


def seen_of(store: MemoryWindowStore) -> tuple[int, dict[str, int], list[int]]:
    """Next offset, tallies, and posts minute by minute."""
    state = store.load(0, RULES)
    assert state is not None
    return state.next, state.tallies, [store.minute(0, minute)["*"] for minute in state.minutes]


def test_a_batch_in_order_is_counted(listener: Listener) -> None:
    """The plain case."""
    store = MemoryWindowStore()

    fold(listener, store, range(6))

    assert seen_of(store) == (6, {"posts": 6, "late": 0, "repeats": 0}, [1] * 6)


@pytest.mark.parametrize("offsets", [(0, 1, 2, 0, 1, 2, 3), (0, 0, 1, 2, 3, 3), (0, 1, 2, 3, 1, 2)], ids=str)
def test_records_that_come_again_within_a_batch_are_folded_once(listener: Listener, offsets: Sequence[int]) -> None:
    """What was buffered before a rebalance, and again what is read behind the new place."""
    store = MemoryWindowStore()

    fold(listener, store, offsets)

    assert seen_of(store) == (4, {"posts": 4, "late": 0, "repeats": 0}, [1] * 4)


@pytest.mark.parametrize("offsets", [(1, 2), (0, 1, 3), (0, 1, 2, 0, 4)], ids=str)
def test_a_gap_anywhere_in_a_batch_stops_the_worker(listener: Listener, offsets: Sequence[int]) -> None:
    """Nothing of the batch is written, so that the restart reads the missing posts too."""
    store = MemoryWindowStore()

    with pytest.raises(FailStopError, match=r"partition 0: offset \d came where \d was due"):
        fold(listener, store, offsets)

    state = store.load(0, RULES)
    assert state is not None
    assert (state.next, state.minutes) == (0, [])


def test_a_record_of_rubbish_lines_is_rejected_in_few_pieces_and_its_posts_count(listener: Listener) -> None:
    """The first hundred by themselves, then those of a reason together with their number; the same when read again."""
    store = MemoryWindowStore()
    rejected: list[Rejected] = []
    rubbish = [b"x"] * 20_000 + [b"{}"] * 3
    value = b"\n".join([*rubbish, record(0).value, *rubbish])

    for where in (store, MemoryWindowStore()):
        begin(listener, where, rejected.extend).fold(0, [msgspec.structs.replace(record(0), value=value)])

    first, again = rejected[: len(rejected) // 2], rejected[len(rejected) // 2 :]
    assert first == again
    assert len(first) == MAX_SINGLE + 2
    assert sum(piece.lines for piece in first) == 2 * len(rubbish)
    together = {piece.reason: (piece.lines, piece.raw) for piece in first[MAX_SINGLE:]}
    assert together[Reason.WRONG_SHAPE] == (6, b"\n".join([b"{}"] * 6))
    assert together[Reason.NOT_JSON][0] == 40_000 - MAX_SINGLE
    assert seen_of(store)[1]["posts"] == 1


def test_progress_tells_what_was_rejected_by_reason_and_then_begins_anew(listener: Listener) -> None:
    """As the last line of a file run does."""
    worker = begin(listener, MemoryWindowStore())
    value = b"\n".join([b"x"] * 300 + [b"{}", record(0).value])

    worker.fold(0, [msgspec.structs.replace(record(0), value=value)])

    expected = {"posts": 1, "rejected": 301, "rejected_not_json": 300, "rejected_wrong_shape": 1, "next_0": 1}
    assert [worker.progress(), worker.progress()] == [expected, {"posts": 0, "rejected": 0, "next_0": 1}]


def test_what_is_saved_on_kafka_holds_no_text(listener: Listener) -> None:
    """Redis keeps the samples until the detector has read them; the saved state, which stays for days, has none."""
    store, saved = MemoryWindowStore(), Saving()

    begin(listener, store, saved=saved).fold(0, [record(offset) for offset in range(3)])

    dump = msgspec.msgpack.decode(saved.states["partition/0"], type=Dump)
    kept = [post.sample for _, deltas in store.deltas(0, "0", 100) for delta in deltas for post in delta.evidence]
    assert kept == ["孩子发烧"] * 3
    assert [post.sample for _, deltas in dump.deltas for delta in deltas for post in delta.evidence] == [""] * 3
