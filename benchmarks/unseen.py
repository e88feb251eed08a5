"""`python -m benchmarks.unseen`: detection where each story is judged by a relevance model that has not seen it.

    python -m tools.fold_models --data DIR --sentences MODEL.jar --out MODELS
    python -m benchmarks.unseen --data DIR --models MODELS [--hard] [--misses]

The settings are the defaults. What no story owns (advertisements, greetings) is judged by all five models in turn.
Halves: stories of even and of odd number, so that what was tuned on one can be read off the other. Each figure's bar is
printed beside it; exit code 1 where one is missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

from rich.console import Console
from rich.table import Table

from benchmarks.bars import Bar, verdict
from benchmarks.hard_stream import AD, GREETING, TALK
from benchmarks.marks import Marks, hold, is_false, marks_of, story_of_line
from benchmarks.streams import DAY_MS, Stream, archive, first_lines, record
from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.relevance import MODEL_FILE, Relevance
from streams.listen import Listener
from streams.segment import load_segmenter
from streams.windows import Heard
from tongsheng import wiring
from tongsheng.live_lexicon import LiveRelevance

__all__ = ["UnseenListener"]

RESULTS = Path(__file__).parent / "results"
_BEIJING = timezone(timedelta(hours=8))
_LEAST_WORDED = 0.90  # of alerts of child stories: title or keywords hold a word of the headline
_QUIET_FROM = 2  # mornings after which a greeting raises nothing
_SHIPPED = Path(__file__).parents[1] / "detectors" / "data" / MODEL_FILE


class UnseenListener:
    """Hears each post with the model of its story's fold (tools/fold_models.py)."""

    def __init__(self, models: Path, stream: Stream, settings: Settings) -> None:
        """Load the models.

        Raises:
            SystemExit: there are none, or they were made for another shipped model.
        """
        try:
            told = json.loads((models / "folds.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SystemExit(f"{models} holds no models: python -m tools.fold_models --data … --out {models}") from None
        if told["shipped"] != blake2b(_SHIPPED.read_bytes(), digest_size=8).hexdigest():
            raise SystemExit(f"the models in {models} are of another release: make them anew with tools/fold_models.py")
        self._fold_of: dict[str, int] = told["folds"]
        self._story_of = stream.story_of
        shipped, veil = LiveRelevance(settings.relevance.lexicon)(), wiring.local_veil(settings)
        self._listeners = [
            Listener(
                load_segmenter(settings.segment.engine),
                Relevance.load(models / str(fold), lexicon=shipped.lexicon),
                wiring.redactor(settings).redact,
                veil,
                threshold=settings.relevance.threshold,
            )
            for fold in sorted(set(self._fold_of.values()))
        ]

    def hear(self, post: Post) -> Heard:
        """What the fold needs of a post."""
        story = self._story_of(post.id.replace(f":{TALK}.", ":", 1))
        fold = crc32(post.id.encode()) % len(self._listeners) if story is None else self._fold_of[story]
        return self._listeners[fold].hear(post)


def _halves() -> dict[str, Callable[[str], bool]]:
    return {
        "all": lambda _: True,
        "even": lambda story: bool(story) and int(story) % 2 == 0,
        "odd": lambda story: not story or int(story) % 2 == 1,
    }


def main() -> None:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unseen", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real cascades")
    parser.add_argument("--models", type=Path, default=RESULTS / "folds", help="of tools/fold_models.py")
    parser.add_argument("--hard", action="store_true", help="the stream of benchmarks/hard_stream.py")
    parser.add_argument("--misses", action="store_true", help="name the stories missed and the false topics")
    asked = parser.parse_args()
    console, settings = Console(width=120), Settings()
    stream, started_s = archive(asked.data, is_hard=asked.hard), time.process_time()
    ticks = record(stream.posts(), UnseenListener(asked.models, stream, settings))
    console.print(f"{stream.name}: heard and counted in {time.process_time() - started_s:.0f} s of processor")
    alerts = first_lines(ticks, settings)
    days = (ticks[-1][0] - ticks[0][0]) / DAY_MS
    found = {
        name: marks_of([hold(alerts, stream, after_ms=0, days=days, chosen=chosen)], alarm=0)
        for name, chosen in _halves().items()
    }
    console.print(_table(found, stream.name))
    of_nobody = {kind: [line.at for line in alerts if _is_mostly(line, kind)] for kind in (AD, GREETING)}
    for kind, some in of_nobody.items():
        console.print(f"alerts for {kind}: {len(some)}{' at ' + ', '.join(some) if some else ''}")
    if asked.misses:
        _print_misses(console, alerts, stream)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-unseen.json"
    rows = {name: asdict(marks) for name, marks in found.items()}
    path.write_text(json.dumps({"stream": stream.name, "results": rows}, indent=1) + "\n", encoding="utf-8")
    console.print(f"written to {path}")
    bars = _bars(found["all"], is_hard=asked.hard)
    if asked.hard:
        late = sum(_morning(at, ticks[0][0]) >= _QUIET_FROM for at in of_nobody[GREETING])
        bars += [
            Bar("alerts for advertisements", len(of_nobody[AD]), 0, is_most=True),
            Bar("alerts for the greeting from its third day on", late, 0, is_most=True),
        ]
    sys.exit(verdict(bars, console))


def _bars(marks: Marks, *, is_hard: bool) -> list[Bar]:
    """What is asked of all stories together."""
    worded = Bar("title or keywords hold a word of the headline", marks.worded, _LEAST_WORDED)
    if is_hard:
        return [
            Bar("recall", marks.recall, 0.82),
            Bar("precision", marks.precision, 0.82),
            Bar("alerts a story", marks.fragments, 1.3, is_most=True),
            worded,
        ]
    return [
        Bar("recall", marks.recall, 0.86),
        Bar("precision", marks.precision, 0.88),
        Bar("alerts a story", marks.fragments, 1.15, is_most=True),
        Bar("lead (min)", marks.lead_minutes, 6),
        Bar("lead of the worst decile (min)", marks.worst_lead, 0),
        worded,
    ]


def _morning(at: str, first_ms: int) -> int:
    """The day of the stream in Beijing, 0 = the first."""
    first = datetime.fromtimestamp(first_ms / 1000, tz=UTC).astimezone(_BEIJING).date()
    return (datetime.fromisoformat(at).astimezone(_BEIJING).date() - first).days


def _table(found: dict[str, Marks], name: str) -> Table:
    table = Table(title=f"{name}: stories judged by models that have not seen them", title_justify="left")
    for heading in (
        "stories",
        "recall",
        "precision",
        "fragments",
        "lead (min)",
        "worst decile",
        "heard",
        "false",
        "worded",
    ):
        table.add_column(heading, justify="left" if heading == "stories" else "right")
    for part, marks in found.items():
        shares = (f"{marks.recall:.3f}", f"{marks.precision:.3f}", f"{marks.fragments:.2f}")
        leads = (f"{marks.lead_minutes:.1f}", f"{marks.worst_lead:.1f}")
        table.add_row(part, *shares, *leads, f"{marks.heard} of {marks.worth}", str(marks.false), f"{marks.worded:.3f}")
    return table


def _is_mostly(line: TopicLine, kind: str) -> bool:
    return 2 * sum(post.startswith(f"weibo:{kind}") for post in line.evidence) >= len(line.evidence)


def _print_misses(console: Console, alerts: Sequence[TopicLine], stream: Stream) -> None:
    told = {line.topic: story_of_line(line, stream) for line in alerts}
    heard = set(told.values())
    for name, story in stream.stories.items():
        if story.about_children and story.many_ms and not story.is_unsure and name not in heard:
            console.print(f"missed: story {name}")
    for line in alerts:
        if is_false(told[line.topic], stream):
            what = f"story {told[line.topic]}" if told[line.topic] else f"mixed, {line.evidence[0]} first"
            console.print(f"false: {line.at} {line.title} ({line.authors} authors, score {line.score}): {what}")


if __name__ == "__main__":
    main()
