"""`make bench-detect`: our score and its peers at equal false alerts, on real cascades or a simulated week.

The stream is read, judged and counted once; each score then goes through it behind the same detector, at alarms
between which the number of false topics a day is sought. For all of them the first day is for learning: nothing is
raised in it and its stories do not count.
"""

import argparse
import json
import multiprocessing
import platform
import statistics
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.hard_stream import hardened
from benchmarks.peers import PEERS
from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.delta import Delta
from detectors.detector import Detector, DetectorState, DetectRules
from detectors.mutes import NOTHING, Muted
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from producers.simulation import simulate_day, story_of_posts, story_plans
from streams.local import LocalPipeline
from streams.memory_store import MemoryWindowStore
from tongsheng import wiring

__all__ = ["Marks", "Story", "Stream", "archive", "marks_of", "simulated_week"]

TARGETS = (10.0, 5.0, 2.0)  # false topics a day
TICK_MS = 30_000
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
MANY = 30  # authors in an hour from which a story is worth an alert, as the scorer of the archive has it
GRACE_MS = 30 * 60_000  # after that moment, by when it must have been alerted
RESULTS = Path(__file__).parent / "results"
_GRID, _HALVINGS = 6, 3
_COLUMNS = 120

Ticks = list[tuple[int, list[Delta]]]


@dataclass(frozen=True, slots=True)
class Story:
    """`many_ms`: when it reached MANY authors in an hour, None if never."""

    starts_ms: int
    many_ms: int | None
    about_children: bool
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Posts, and what is known of them: post id -> story, story -> what it was."""

    name: str
    posts: Callable[[], Iterable[Post]]
    story_of: Callable[[str], str | None]
    stories: Mapping[str, Story]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a run of one score at one alarm was worth; `lead_minutes` before MANY authors, of the stories heard."""

    alarm: float
    recall: float
    precision: float
    fragments: float
    lead_minutes: float
    false_per_day: float


def archive(folder: Path, *, is_hard: bool) -> Stream:
    """Real cascades, with their labels: cascades_dev.jsonl.gz and truth_dev.json in the folder.

    Made harder (benchmarks/hard_stream.py) they tell scores apart: as recorded, what one original and its reposts
    share is so clear that nearly any score raises the same topics.
    """
    truth = json.loads((folder / "truth_dev.json").read_text(encoding="utf-8"))
    truth.pop("_ids", None)
    stories: dict[str, Story] = {}
    for event in truth.values():
        name, many_s = str(event["story"]), event["cross"]
        old = stories.get(name)
        crossed = [at for at in (old and old.many_ms, many_s and round(many_s * 1000)) if at]
        stories[name] = Story(
            min(round(event["start"] * 1000), old.starts_ms if old else 1 << 62),
            min(crossed, default=None),
            bool(event["child"]) or bool(old and old.about_children),
            bool(event.get("unsure")) or bool(old and old.is_unsure),
        )

    def posts() -> Iterable[Post]:
        source = FileSource(
            folder / "cascades_dev.jsonl.gz", AuthorKeys(ARCHIVE_SALT), received_ms=wiring.now_ms(), clock=wiring.now_ms
        )
        recorded = (item.what for item in source.items() if isinstance(item.what, Post))
        return hardened(recorded) if is_hard else recorded

    def story_of(post: str) -> str | None:
        event = truth.get(post.rpartition(":")[2].partition(".")[0])
        return None if event is None else str(event["story"])

    return Stream("real cascades, made harder" if is_hard else "real cascades, as recorded", posts, story_of, stories)


def simulated_week(*, days: int = 7, posts_per_day: int = 24_000) -> Stream:
    """Our own invented week."""
    named = story_of_posts(days=days, posts_per_day=posts_per_day)
    many = _many_ms(simulate_day(days=days, posts_per_day=posts_per_day), named)
    stories = {
        plan.name: Story(plan.starts_ms, many.get(plan.name), plan.about_children)
        for plan in story_plans(days=days, posts_per_day=posts_per_day)
    }
    return Stream("simulated week", lambda: simulate_day(days=days, posts_per_day=posts_per_day), named.get, stories)


def marks_of(alerts: Sequence[TopicLine], stream: Stream, *, alarm: float, after_ms: int, days: float) -> Marks:
    """Hold the first lines of topics against the stories that began after the first day."""
    heard: dict[str, list[int]] = {}
    wrong = right = 0
    for line in alerts:
        named = Counter(name for post in line.evidence if (name := stream.story_of(post)) is not None)
        name, count = named.most_common(1)[0] if named else ("", 0)
        if 2 * count < max(named.total(), 1):
            wrong += 1
        elif stream.stories[name].is_unsure:
            continue
        elif stream.stories[name].about_children:
            right += 1
            heard.setdefault(name, []).append(round(datetime.fromisoformat(line.at).timestamp() * 1000))
        else:
            wrong += 1
    worth = {
        name: story.many_ms
        for name, story in stream.stories.items()
        if story.about_children and story.many_ms and not story.is_unsure and story.starts_ms >= after_ms
    }
    in_time = [name for name, many_ms in worth.items() if any(at <= many_ms + GRACE_MS for at in heard.get(name, ()))]
    leads = [(many_ms - min(heard[name])) / 60_000 for name, many_ms in worth.items() if name in heard]
    return Marks(
        alarm=alarm,
        recall=len(in_time) / max(len(worth), 1),
        precision=right / max(right + wrong, 1),
        fragments=right / max(len(heard), 1),
        lead_minutes=statistics.median(leads) if leads else float("nan"),
        false_per_day=wrong / days,
    )


def _many_ms(posts: Iterable[Post], named: Mapping[str, str]) -> dict[str, int]:
    recent: dict[str, deque[tuple[int, str]]] = {}
    found: dict[str, int] = {}
    for post in posts:
        name = named.get(post.id)
        if name is None or name in found:
            continue
        window = recent.setdefault(name, deque())
        window.append((post.at_ms, post.author.key))
        while window[0][0] <= post.at_ms - HOUR_MS:
            window.popleft()
        if len({author for _, author in window}) >= MANY:
            found[name] = post.at_ms
    return found


class _Recorder(Detector):
    """Keeps the ticks instead of judging them."""

    def __init__(self) -> None:
        self.state = DetectorState(counts=wiring.make_detector(Settings(), wiring.local_veil(Settings())).state.counts)
        self.ticks: Ticks = []

    def step(self, tick_ms: int, deltas: Iterable[Delta], muted: Muted = NOTHING) -> list[TopicLine]:
        del muted
        self.state.tick_ms = tick_ms
        self.ticks.append((tick_ms, list(deltas)))
        return []


def _record(stream: Stream) -> Ticks:
    settings, recorder = Settings(), _Recorder()
    pipeline = LocalPipeline(
        listener=wiring.listener(settings, wiring.local_veil(settings)),
        detector=recorder,
        store=MemoryWindowStore(),
        rules=wiring.window_rules(settings),
        partitions=settings.kafka.partitions,
        tick_ms=TICK_MS,
        mark_ms=settings.produce.mark_s * 1000,
    )
    for _ in pipeline.run(stream.posts()):
        pass
    return recorder.ticks


_shared: list[tuple[Stream, Ticks]] = []  # what the worker processes inherit: functions and ticks do not pickle


def _run(name: str, alarm: float) -> Marks:
    """One score at one alarm through the whole stream."""
    stream, ticks = _shared[0]
    scorer = PEERS[name][0](alarm)
    detector = Detector(DetectRules(warmup_ms=DAY_MS), wiring.broadcast(wiring.local_veil(Settings())), scorer=scorer)
    first: dict[str, TopicLine] = {}
    counts = detector.state.counts
    for at_ms, deltas in ticks:
        if counts.newest >= 0 and (at_ms - 1) // HOUR_MS > counts.newest * 60_000 // HOUR_MS:
            scorer.learn(counts)
        for line in detector.step(at_ms, deltas):
            first.setdefault(line.topic, line)
    after_ms = ticks[0][0] + DAY_MS
    days = max((ticks[-1][0] - after_ms) / DAY_MS, 1.0)
    return marks_of(list(first.values()), stream, alarm=alarm, after_ms=after_ms, days=days)


def _sought(name: str) -> list[Marks]:
    """The best recall, then lead, that keeps each target: a grid of alarms, then halvings where it is crossed."""
    _, low, high = PEERS[name]
    runs = [_run(name, low * (high / low) ** (step / (_GRID - 1))) for step in range(_GRID)]
    for target in TARGETS:
        for _ in range(_HALVINGS):
            runs.sort(key=lambda marks: marks.alarm)
            over = [marks for marks in runs if marks.false_per_day > target]
            under = [marks for marks in runs if marks.false_per_day <= target]
            if not over or not under:
                break
            runs.append(_run(name, (max(over, key=_alarm).alarm * min(under, key=_alarm).alarm) ** 0.5))
    found = []
    for target in TARGETS:
        kept = [marks for marks in runs if marks.false_per_day <= target] or runs
        found.append(max(kept, key=lambda marks: (marks.recall, marks.lead_minutes)))
    return found


def _alarm(marks: Marks) -> float:
    return marks.alarm


def main() -> None:
    """Measure all, print the table, write JSON beside machine and Python."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real cascades")
    parser.add_argument("--simulated", action="store_true", help="the simulated week, even if there are real cascades")
    parser.add_argument("--recorded", action="store_true", help="the real cascades as they are, not made harder")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    console = Console(width=max(Console().width, _COLUMNS))
    has_archive = (asked.data / "cascades_dev.jsonl.gz").exists() and not asked.simulated
    stream = archive(asked.data, is_hard=not asked.recorded) if has_archive else simulated_week()
    started_s = time.monotonic()
    _shared.append((stream, _record(stream)))
    console.print(f"{stream.name}: {len(stream.stories)} stories, read in {time.monotonic() - started_s:.0f} s")
    with ProcessPoolExecutor(asked.processes, mp_context=multiprocessing.get_context("fork")) as pool:
        found = dict(zip(PEERS, pool.map(_sought, PEERS), strict=True))
    console.print(_table(found, stream.name))
    console.print(f"{time.monotonic() - started_s:.0f} s; written to {_write(found, stream.name)}")


def _table(found: Mapping[str, Sequence[Marks]], name: str) -> Table:
    table = Table(title=f"{name}: at so many false topics a day", title_justify="left")
    for heading in ("score", "allowed", "recall", "precision", "fragments", "lead (min)", "false a day", "alarm"):
        table.add_column(heading, justify="left" if heading == "score" else "right")
    for place, target in enumerate(TARGETS):
        for peer, marks in found.items():
            at = marks[place]
            cells = [f"{at.recall:.3f}", f"{at.precision:.3f}", f"{at.fragments:.2f}", f"{at.lead_minutes:.1f}"]
            over = " (over)" if at.false_per_day > target else ""
            table.add_row(peer, f"{target:.0f}", *cells, f"{at.false_per_day:.2f}{over}", f"{at.alarm:.2f}")
        table.add_section()
    return table


def _write(found: Mapping[str, Sequence[Marks]], name: str) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-detection.json"
    rows = {
        peer: {f"{target:.0f}": asdict(marks) for target, marks in zip(TARGETS, sought, strict=True)}
        for peer, sought in found.items()
    }
    document = {"stream": name, "python": platform.python_version(), "machine": platform.machine(), "results": rows}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
