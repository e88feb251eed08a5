"""Snapshots of a hot list, stepped through a detector: what the tests of lists share."""

from collections.abc import Sequence

import msgspec
import rjieba

from contracts.topic import TopicLine
from detectors.broadcast import Broadcast
from detectors.delta import Delta, Ranking, quantum_of
from detectors.detector import Detector
from detectors.rules import DetectRules
from detectors.state import DetectorState

__all__ = [
    "CASE", "COMMON", "FOLLOW_UP", "HOUR_MS", "LIST", "MINUTE_MS", "OTHER", "START_MS", "TICK_MS",
    "Snapshot", "decode", "delta_of", "detector", "encode", "evidence", "ranking", "run", "tag", "told_by",
    "topics",
]  # fmt: skip

START_MS = 1_772_380_800_000
HOUR_MS, MINUTE_MS, TICK_MS = 3_600_000, 60_000, 5000
LIST = "weibo_hot_search"
encode, decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(DetectorState).decode

Snapshot = dict[str, int]  # title -> heat, best rank first

CASE, FOLLOW_UP = "临湖县幼儿园校车侧翻多名幼儿受伤", "官方通报临湖县校车侧翻事故"
OTHER = "南岭中学食堂饭菜发霉家长质疑"
COMMON = "家长带孩子参加学校活动"


def tag(term: str) -> list[tuple[str, str]]:
    return [(word, kind if rjieba.has_word(word) else "x") for word, kind in rjieba.tag(term)]


def detector(state: DetectorState | None = None) -> Detector:
    return Detector(DetectRules(), Broadcast({"校车", "幼儿园"}, tag, str), state)


def ranking(title: str, at_ms: int, *, rank: int = 1, heat: int = 100_000, listed: str = LIST) -> Ranking:
    words = tuple(rjieba.cut(title))
    head = tuple(word for word in words if len(word) > 1)
    return Ranking(f"{listed}:{title}", at_ms, "weibo", listed, rank, heat, words, head, (), ("safety",))


def delta_of(snapshot: Snapshot, at_ms: int, *, listed: str = LIST) -> Delta:
    entries = [
        ranking(title, at_ms, rank=n, heat=heat, listed=listed) for n, (title, heat) in enumerate(snapshot.items(), 1)
    ]
    return Delta(quantum_of(at_ms), {}, {}, [], entries, {listed: at_ms})


def run(
    snapshots: Sequence[Snapshot | None], *, hours: float | None = None, restarts: frozenset[int] = frozenset()
) -> list[TopicLine]:
    """Step through hourly snapshots (None: the list was not read); at the ticks in `restarts` go on from a state."""
    judge, lines = detector(), []
    end_ms = START_MS + round((hours or len(snapshots)) * HOUR_MS)
    for number, tick_ms in enumerate(range(START_MS, end_ms, TICK_MS)):
        hour, past_ms = divmod(tick_ms - START_MS, HOUR_MS)
        snapshot = snapshots[hour] if hour < len(snapshots) else None
        is_read = past_ms == TICK_MS and snapshot is not None
        deltas = [delta_of(snapshot, tick_ms - TICK_MS)] if is_read and snapshot is not None else []
        if deltas or tick_ms % MINUTE_MS == 0:
            lines += judge.step(tick_ms, deltas)
        if number in restarts:
            judge = detector(decode(encode(judge.snapshot())))
    return lines


def topics(lines: Sequence[TopicLine]) -> list[str]:
    return list(dict.fromkeys(line.topic for line in lines))


def evidence(title: str) -> str:
    return f"{LIST}:{title}"


def told_by(line: TopicLine) -> str:
    """All words that a line tells: its title, keywords and entries."""
    return "".join((line.title, *line.keywords, *(found.title for found in line.listed)))
