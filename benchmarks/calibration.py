"""`python -m benchmarks.calibration`: is the number of false topics a day what the operator allowed?

A stream without bursts is made of one with: each post moves to a random day, at a random second of its own hour of
day (`hard_stream.scattered`), once with what it quotes and once as a post of its own (`unquoted`). Whatever is raised
there is false. For each allowance A: topics on the first day, from which nothing is known; topics a day from then on,
and on the worst of these days; and all of it again with a prior learned from another scattering. The promise is A a
day in the mean, and with a prior on the first day too; exit code 1 where it is broken.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.bars import Bar, verdict
from benchmarks.hard_stream import scattered, unquoted
from benchmarks.streams import DAY_MS, Ticks, archive, first_lines, record, simulated_week
from benchmarks.unseen import UnseenListener
from contracts.post import Post
from contracts.settings import DetectSettings, Settings
from detectors.prior import encode_prior, prior_of
from tongsheng import wiring

ALLOWED = (1.0, 5.0, 20.0)
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Null:
    """What was raised where nothing should be.

    Attributes:
        first_day: topics of the first 24 hours.
        per_day, worst: mean and most topics of a day after that.
    """

    stream: str
    allowed: float
    has_prior: bool
    first_day: int
    per_day: float
    worst: int


def main() -> None:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real cascades")
    parser.add_argument("--simulated", action="store_true", help="the simulated week, even if there are real cascades")
    parser.add_argument("--models", type=Path, help="of tools/fold_models.py: none judges a story that it has seen")
    parser.add_argument("--quick", action="store_true", help="with originals alone, and without a prior: a third of it")
    asked = parser.parse_args()
    has_archive = (asked.data / "cascades_dev.jsonl.gz").exists() and not asked.simulated
    stream = archive(asked.data, is_hard=False) if has_archive else simulated_week()
    folds = UnseenListener(asked.models, stream, Settings()) if asked.models and has_archive else None
    console, found = Console(width=120), list[Null]()
    changes = {"with originals": _as_they_are} if asked.quick else {"with originals": _as_they_are, "without": unquoted}
    for name, change in changes.items():
        ticks = record(scattered(change(stream.posts())), folds)
        with TemporaryDirectory() as folder:
            prior = Path(folder) / "prior"
            if not asked.quick:
                prior.write_bytes(_learned(record(scattered(change(stream.posts()), seed=2), folds)))
            for allowed in ALLOWED:
                for path in (None,) if asked.quick else (None, prior):
                    found.append(_measured(name, ticks, allowed, path))
                    console.print(found[-1])
    console.print(_table(found, stream.name))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-calibration.json"
    rows = [asdict(null) for null in found]
    path.write_text(json.dumps({"stream": stream.name, "results": rows}, indent=1) + "\n", encoding="utf-8")
    console.print(f"written to {path}")
    sys.exit(verdict([bar for null in found for bar in _bars(null)], console))


def _bars(null: Null) -> list[Bar]:
    """A day after the first; and the first, where a prior makes it a day like any other."""
    of = f"{null.stream}, {'with' if null.has_prior else 'no'} prior"
    later = Bar(f"{of}: false topics a day", null.per_day, null.allowed, is_most=True)
    return [
        later,
        *([Bar(f"{of}: on the first day", null.first_day, null.allowed, is_most=True)] if null.has_prior else []),
    ]


def _as_they_are(posts: Iterable[Post]) -> Iterable[Post]:
    return posts


def _learned(ticks: Ticks) -> bytes:
    detector = wiring.make_detector(Settings(), wiring.local_veil(Settings()))
    for at_ms, deltas in ticks:
        detector.step(at_ms, deltas)
    return encode_prior(prior_of(detector.state.counts))


def _measured(name: str, ticks: Ticks, allowed: float, prior: Path | None) -> Null:
    lines = first_lines(ticks, Settings(detect=DetectSettings(false_topics_per_day=allowed, prior=prior)))
    start_ms = ticks[0][0]
    days = Counter(int((datetime.fromisoformat(line.at).timestamp() * 1000 - start_ms) // DAY_MS) for line in lines)
    after = days.total() - days[0]
    length = (ticks[-1][0] - start_ms) / DAY_MS - 1
    worst = max((count for day, count in days.items() if day), default=0)
    return Null(name, allowed, prior is not None, days[0], after / length, worst)


def _table(found: list[Null], name: str) -> Table:
    table = Table(title=f"{name}, every post at a random day: topics that nothing justifies", title_justify="left")
    for heading in ("stream", "allowed a day", "prior", "first day", "a day after it", "worst day"):
        table.add_column(heading, justify="left" if heading == "stream" else "right")
    for null in found:
        prior = "yes" if null.has_prior else "no"
        rates = (str(null.first_day), f"{null.per_day:.2f}", str(null.worst))
        table.add_row(null.stream, f"{null.allowed:.0f}", prior, *rates)
    return table


if __name__ == "__main__":
    main()
