"""Streams with known stories, to measure detection on: real cascades as recorded or made harder, a simulated week."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hard_stream import hardened
from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.delta import Delta
from detectors.detector import Detector
from detectors.orders import NO_ORDERS, Orders
from detectors.state import DetectorState
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from producers.simulation import simulate_day, story_of_posts, story_plans
from streams.local import Hears, LocalPipeline
from streams.memory_store import MemoryWindowStore
from tongsheng import wiring

__all__ = [
    "DAY_MS",
    "HOUR_MS",
    "MANY",
    "Story",
    "Stream",
    "Ticks",
    "archive",
    "first_lines",
    "record",
    "simulated_week",
]

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
MANY = 30  # authors in an hour from which a story is worth an alert, as the scorer of the archive has it
_TICK_MS = 30_000
_NEVER_MS = 1 << 60

Ticks = list[tuple[int, list[Delta]]]


@dataclass(frozen=True, slots=True)
class Story:
    """`many_ms`: when it reached MANY authors in an hour, None if never; `words`: labelled, of a headline about it."""

    starts_ms: int
    many_ms: int | None
    about_children: bool
    is_unsure: bool = False
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stream:
    """Posts, and what is known of them: post id -> story, story -> what it was."""

    name: str
    posts: Callable[[], Iterable[Post]]
    story_of: Callable[[str], str | None]
    stories: Mapping[str, Story]


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
            frozenset(event.get("kw") or ()) | (old.words if old else frozenset()),
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

    def step(self, tick_ms: int, deltas: Iterable[Delta], orders: Orders = NO_ORDERS) -> list[TopicLine]:
        del orders
        self.state.tick_ms = tick_ms
        self.ticks.append((tick_ms, list(deltas)))
        return []


def first_lines(ticks: Ticks, settings: Settings) -> list[TopicLine]:
    """The alerts of a run: each topic's first line. Nothing is told of what merely goes on, which halves the cost."""
    detector = wiring.make_detector(settings, wiring.local_veil(settings), line_every_ms=_NEVER_MS)
    first: dict[str, TopicLine] = {}
    for at_ms, deltas in ticks:
        for line in detector.step(at_ms, deltas):
            first.setdefault(line.topic, line)
    return list(first.values())


def record(posts: Iterable[Post], listener: Hears | None = None) -> Ticks:
    """What the detector is told at each tick, heard and counted once; None = by the judge as shipped."""
    settings, recorder = Settings(), _Recorder()
    pipeline = LocalPipeline(
        listener=listener or wiring.listener(settings, wiring.local_veil(settings)),
        detector=recorder,
        store=MemoryWindowStore(),
        rules=wiring.window_rules(settings),
        partitions=settings.kafka.partitions,
        tick_ms=_TICK_MS,
        mark_ms=settings.produce.mark_s * 1000,
    )
    for _ in pipeline.run(posts):
        pass
    return recorder.ticks
