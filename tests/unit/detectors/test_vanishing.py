"""A topic that was taken off its list while it rose is flagged; one that ends as topics end is not."""

from collections.abc import Sequence

import msgspec
import pytest
import rjieba

from contracts.topic import TopicLine, Vanished
from detectors.broadcast import Broadcast
from detectors.delta import Delta, Ranking, quantum_of
from detectors.detector import Detector
from detectors.rules import DetectRules
from detectors.state import DetectorState
from detectors.vanishing import Leaver, has_vanished, left

START_MS = 1_772_380_800_000  # 2026-03-02T00:00:00+08:00
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
PLACES = 50
LIST, CASE, LATER = "weibo_hot_search", "临湖县幼儿园校车侧翻多名幼儿受伤", "官方通报临湖县校车侧翻事故"
encode, decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(DetectorState).decode

Stand = tuple[int, int]  # rank, heat
Snapshots = list[dict[str, Stand]]
RISING: Snapshots = [{CASE: (40, 100_000)}, {CASE: (22, 200_000)}, {CASE: (9, 400_000)}]
GONE: Snapshots = [{}]


def tag(term: str) -> list[tuple[str, str]]:
    return [(word, kind if rjieba.has_word(word) else "x") for word, kind in rjieba.tag(term)]


def ranking(title: str, at_ms: int, stand: Stand) -> Ranking:
    words = tuple(rjieba.cut(title))
    head = tuple(word for word in words if len(word) > 1)
    return Ranking(f"{LIST}:{title}", at_ms, "weibo", LIST, *stand, words, head, (), ("safety",))


def run(snapshots: Snapshots, *, every_ms: int = HOUR_MS, restart: int = -1, places: int = PLACES) -> list[TopicLine]:
    """Step through snapshots, a tick a minute; at the snapshot `restart` go on from a saved state."""
    judge, lines = Detector(DetectRules(), Broadcast({"校车", "幼儿园"}, tag, str)), []
    for minute in range(len(snapshots) * every_ms // MINUTE_MS):
        tick_ms = START_MS + minute * MINUTE_MS
        place, past_ms = divmod(tick_ms - START_MS, every_ms)
        deltas = []
        if past_ms == 0:
            entries = [ranking(title, tick_ms - 1, stand) for title, stand in snapshots[place].items()]
            lists = {LIST: tick_ms - 1}
            deltas = [Delta(quantum_of(tick_ms), {}, {}, [], entries, lists, places={LIST: places})]
        if place == restart and past_ms == 0:
            judge = Detector(DetectRules(), Broadcast({"校车", "幼儿园"}, tag, str), decode(encode(judge.snapshot())))
        lines += judge.step(tick_ms, deltas)
    return lines


def flagged(lines: Sequence[TopicLine]) -> list[str]:
    return [line.at[5:16] for line in lines if "vanishing" in line.flags]


def test_what_rose_and_is_gone_for_a_day_is_flagged_once() -> None:
    """Its line is closed by then, and says where it stood; a state that was saved in between changes nothing."""
    snapshots = [*RISING, *GONE * 26]
    lines = run(snapshots)

    (line,) = [line for line in lines if line.flags]
    assert (line.at[5:16], line.state, line.flags) == ("03-03T02:01", "closed", ["vanishing"])
    assert line.reason == "从微博热搜第 9 位消失，热度 40 万，消失前仍在上升"
    assert line.vanishing == [Vanished(cause="off-list", count=1, of=1, since="2026-03-02T02:59:59+08:00")]
    assert run(snapshots, restart=12) == lines


ORDINARY: dict[str, Snapshots] = {
    "cooled": [*RISING, {CASE: (12, 300_000)}, *GONE * 26],
    "fell-while-all-heats-grew": [{CASE: (9, 100_000)}, {CASE: (20, 200_000)}, {CASE: (31, 400_000)}, *GONE * 26],
    "pinned": [{CASE: (3, 100_000)}, {CASE: (3, 200_000)}, {CASE: (3, 400_000)}, *GONE * 26],
    "new": [{CASE: (9, 400_000)}, *GONE * 26],
    "back-within-the-day": [*RISING, *GONE * 20, {CASE: (30, 50_000)}, *GONE * 6],
    "told-in-other-words": [*RISING, *GONE * 2, {LATER: (30, 50_000)}, *GONE * 26],
    "nobody-read-the-list": [*RISING, *GONE],
}


@pytest.mark.parametrize("snapshots", ORDINARY.values(), ids=ORDINARY.keys())
def test_what_ends_as_topics_end_is_not_flagged(snapshots: Snapshots) -> None:
    """Nor what returns, nor what stopped being watched."""
    assert flagged(run(snapshots)) == []


def test_what_returns_after_its_flag_loses_it() -> None:
    """With the line of its return."""
    lines = run([*RISING, *GONE * 26, {CASE: (9, 400_000)}])
    back = next(line for line in lines if line.at >= "2026-03-03T05:00")

    assert flagged(lines) == ["03-03T02:01"]
    assert (back.state, back.flags, back.vanishing) == ("emerging", [], [])


def leaver(
    rank: int | None,
    *,
    share: float = 1.0,
    hours: int = 3,
    ranks: tuple[int, int, int] = (9, 14, 12),
    places: int = PLACES,
) -> Leaver:
    marks = [(n * HOUR_MS, 1000, rank) for n, rank in enumerate(ranks)]
    return Leaver(rank, round(1000 * share), 1000, (3 - hours) * HOUR_MS, marks, places)


UPPER: dict[str, tuple[Leaver, int, int, bool]] = {
    "at-once": (leaver(12), 1, 30, True),
    "too-soon-to-tell": (leaver(12), 1, 20, False),
    "read-too-seldom": (leaver(12), 60, 120, False),
    "lower-half": (leaver(26), 1, 30, False),
    "lower-half-of-thirty": (leaver(16, places=30), 1, 30, False),
    "upper-half-of-thirty": (leaver(15, places=30), 1, 30, True),
    "length-unknown": (leaver(12, places=0), 1, 30, False),
    "no-rank": (leaver(None), 1, 30, False),
    "cooling": (leaver(12, share=0.7), 1, 30, False),
    "promoted-for-an-hour": (leaver(12, hours=1), 1, 30, False),
    "pinned": (leaver(3, ranks=(3, 3, 3)), 1, 30, False),
}


@pytest.mark.parametrize(("last", "apart_min", "read_min", "expected"), UPPER.values(), ids=UPPER.keys())
def test_a_list_read_often_shows_it_at_once(last: Leaver, apart_min: int, read_min: int, *, expected: bool) -> None:
    """Gone from one minute to the next out of the upper half, hot and established, and away for half an hour."""
    last_ms = 3 * HOUR_MS
    gone_ms = last_ms + apart_min * MINUTE_MS
    gone = left([last], last_ms, gone_ms)

    assert has_vanished(gone, gone_ms + read_min * MINUTE_MS) is expected


def test_the_upper_half_is_that_of_the_list_as_it_was_read() -> None:
    """A list of fifty, read every five minutes: place 12 is in its upper half, which it is not in one of twenty."""
    snapshots = [*[{CASE: (14 - n // 12, 100_000 + n)} for n in range(36)], *GONE * 12]

    assert flagged(run(snapshots, every_ms=5 * MINUTE_MS)) == ["03-02T03:31"]
    assert flagged(run(snapshots, every_ms=5 * MINUTE_MS, places=20)) == []
