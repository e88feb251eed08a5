"""One core, one stage at a time: segmentation, decode, cue scan, listening, fold, window apply, ticks, backtest.

The last stage is the command itself, `tongsheng backtest` of a file, from its start to its end on all cores.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.workloads import lines, posts
from contracts.errors import PipelineError
from contracts.frame import deal
from contracts.post import decode_post, vet
from contracts.settings import Settings
from detectors.counts import RING_MINUTES
from detectors.delta import Delta, Evidence
from detectors.relevance import Relevance
from detectors.text import clean
from producers import simulation
from streams.memory_store import MemoryWindowStore
from streams.segment import Segmenter, load_segmenter
from streams.window_store import RedisWindowStore, connect
from streams.windows import PartitionState, PartitionWindows, WindowRules
from tests.identities import planted_posts
from tongsheng import wiring
from tongsheng.embedded import embedded_valkey
from tongsheng.runs import local_pipeline

__all__ = ["Result", "measure_stages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row of the table.

    Attributes:
        name: what was measured.
        count: pieces (posts unless said otherwise).
        seconds: how long they took.
        limit: rate of what bounds it, measured in the same run; None where nothing does.
        note: anything else.
    """

    name: str
    count: int
    seconds: float
    limit: float | None = None
    note: str = ""

    @property
    def rate(self) -> float:
        """Pieces a second."""
        return self.count / self.seconds


def measure_stages(count: int) -> Iterator[Result]:
    """Every stage on its own, in the order in which a post meets them."""
    encoded = lines(count)
    decode = _timed("decode and vet", count, lambda: _decode(encoded))
    yield decode
    relevance = Relevance.load()
    texts = [post.text + (post.of.text if post.of else "") for post in posts(count)]
    yield _timed("relevance cue scan", count, lambda: [relevance.has_cue(text) for text in texts])
    yield from _judge(relevance, count // 100)
    yield from _redact(count // 100)
    cleaned = [clean(text).own for text in texts]
    jieba, rjieba = load_segmenter("jieba"), load_segmenter("rjieba")
    reference = _timed("segmentation, jieba", count // 20, lambda: _cut(jieba, cleaned[: count // 20]))
    yield reference
    yield _timed("segmentation, rjieba", count, lambda: _cut(rjieba, cleaned))
    listener = wiring.listener(Settings(), wiring.local_veil(Settings()))
    yield _timed("listen (scan, judge, cut, terms)", count, lambda: [listener.hear(post) for post in posts(count)])
    yield from _window_apply(count)
    yield _ticks()
    yield _backtest(count)
    yield from _backtest_of_a_file(count)


def _timed(name: str, count: int, call: Callable[[], object]) -> Result:
    started = time.perf_counter()
    call()
    return Result(name=name, count=count, seconds=time.perf_counter() - started)


LIVE_TERMS = 200_000
TICK_MINUTES = 190

STORY = "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童。教育局已介入调查，涉事老师停职。"
OTHER = "某大学研究生实验室深夜加班，导师回应延迟毕业，高校教授被通报。学校称正在核实，结果将另行公布。"


def _judge(relevance: Relevance, count: int) -> Iterator[Result]:
    """One text of 140 characters, judged again and again; refused, and accepted with its categories ranked."""
    segmenter = load_segmenter("rjieba")
    for name, text in (("refused", OTHER), ("accepted", STORY)):
        own = (text * 4)[:140]
        words = segmenter.cut(own)
        timed = _timed(f"relevance judge, 140 characters, {name}", count, lambda: _judged(relevance, own, words, count))  # noqa: B023 - called at once
        score = relevance.judge(own, words).score
        yield Result(name=timed.name, count=count, seconds=timed.seconds, note=f"score {score:.2f}")


def _redact(count: int) -> Iterator[Result]:
    """Texts of 140 characters, each another one; as people chat, and with an identifier in each."""
    redact = wiring.redactor(Settings()).redact
    talk = iter("".join(post.text for post in posts(count * 20)) * 2)
    plain = ["".join(islice(talk, 140)) for _ in range(count)]
    planted = [f"{post.text}，{text}"[:140] for post, text in zip(planted_posts(1, count), plain, strict=True)]
    for name, texts in (("chatter", plain), ("identifiers", planted)):
        touched = sum(bool(redact(text).found) for text in texts)
        timed = _timed(f"redact, 140 characters, {name}", count, lambda: [redact(text) for text in texts])  # noqa: B023 - called at once
        yield Result(name=timed.name, count=count, seconds=timed.seconds, note=f"{touched / count:.0%} touched")


def _judged(relevance: Relevance, text: str, words: list[str], count: int) -> None:
    for _ in range(count):
        relevance.judge(text, words)


def _decode(encoded: list[bytes]) -> None:
    received_ms = wiring.now_ms()
    for line in encoded:
        try:
            vet(decode_post(line), received_ms=received_ms)
        except PipelineError:
            continue


def _cut(segmenter: Segmenter, texts: list[str]) -> None:
    for text in texts:
        segmenter.cut(text)


def _window_apply(count: int) -> Iterator[Result]:
    """Fold in memory, and fold with writes to an embedded Valkey in batches of 2000."""
    listener = wiring.listener(Settings(), wiring.local_veil(Settings()))
    heard = [listener.hear(post) for post in posts(count)]
    fold = PartitionWindows(PartitionState(next=0), WindowRules())

    def fold_all() -> None:
        for post in heard:
            fold.hear(post)

    folded = _timed("window fold, memory", count, fold_all)
    yield folded
    with embedded_valkey() as url:
        client = connect(url)
        store = RedisWindowStore(client)
        store.create(0, 0)
        windows = PartitionWindows(PartitionState(next=0), WindowRules())

        def apply() -> None:
            for start in range(0, count, 2000):
                for post in heard[start : start + 2000]:
                    windows.hear(post)
                store.apply(0, start, windows.take(start + 2000))

        timed = _timed("window apply, Valkey", count, apply)
        client.close()
    yield Result(name=timed.name, count=count, seconds=timed.seconds, limit=folded.rate)


def _ticks() -> Result:
    """Ticks of 5 s while 200 000 different terms stand in the last hour, a clock hour's end among them."""
    chance = random.Random(1)
    detector = wiring.make_detector(Settings(), wiring.local_veil(Settings()))
    seconds: list[float] = []
    for minute in range(TICK_MINUTES):
        at_ms = simulation.DAY_START_MS + minute * 60_000
        for tick in range(12):
            delta = _crowded(chance, at_ms + tick * 5000)
            started = time.perf_counter()
            detector.step(at_ms + (tick + 1) * 5000, [delta])
            if minute >= TICK_MINUTES - 20:  # warm, and with an hour's end in it
                seconds.append(time.perf_counter() - started)
    live = len(detector.state.counts.windows[RING_MINUTES])
    note = f"{live:,} live terms, slowest {1000 * max(seconds):.0f} ms"
    return Result(name="detector ticks", count=len(seconds), seconds=sum(seconds), note=note)


def _crowded(chance: random.Random, at_ms: int) -> Delta:
    """One quantum with 3300 terms of 200 000, and 40 posts of 20 terms each."""
    terms = {f"词{chance.randrange(LIVE_TERMS):06}": 1 for _ in range(3300)}
    evidence = [
        Evidence(
            post=f"weibo:{at_ms}{number:03}",
            author=f"{at_ms}-{number}",
            at_ms=at_ms,
            platform="weibo",
            followers=1,
            conversation=f"weibo:{at_ms}{number:03}",
            terms=tuple(chance.sample(list(terms), 20)),
            categories=("safety",),
        )
        for number in range(40)
    ]
    return Delta(at_ms, {at_ms // 60_000: 200}, {at_ms // 60_000: terms}, evidence)


def _backtest(count: int) -> Result:
    settings = Settings()
    detector = wiring.make_detector(settings, wiring.local_veil(settings))
    pipeline = local_pipeline(settings, MemoryWindowStore(), detector, partitions=settings.kafka.partitions)
    dealt = _timed("deal", count, lambda: list(deal(posts(count), partitions=4, mark_ms=60_000)))
    run = _timed("backtest, posts in memory", count, lambda: list(pipeline.run(posts(count))))
    return Result(name=run.name, count=count, seconds=run.seconds, note=f"dealing alone {dealt.rate:,.0f}/s")


def _backtest_of_a_file(count: int) -> Iterator[Result]:
    """The command with its start-up, with two cores and with one; processor seconds stand where others use them too."""
    cores = sorted(os.sched_getaffinity(0))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "posts.jsonl"
        path.write_bytes(b"\n".join(lines(count)))
        for allowed in (cores[:2], cores[:1]):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            timed = _timed(f"tongsheng backtest, cores: {len(allowed)}", count, lambda: _command(path, allowed))  # noqa: B023 - called at once
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            note = f"{timed.seconds:.1f} s, {spent_s:.1f} s of processor, largest process {after.ru_maxrss >> 10} MiB"
            yield Result(name=timed.name, count=count, seconds=timed.seconds, note=note)


def _command(path: Path, cores: list[int]) -> None:
    """Standard error goes nowhere: a page on a terminal would be measured too."""
    command = [sys.executable, "-m", "tongsheng", "backtest", str(path), "--out", str(path.with_name("topics.jsonl"))]
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)  # which the command inherits
    try:
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    finally:
        os.sched_setaffinity(0, all_cores)
