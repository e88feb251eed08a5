"""What a run shows: on a terminal a live page of topics, elsewhere a log line now and then."""

import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from contracts.topic import TopicLine
from detectors.report import iso
from tongsheng.logs import escape

__all__ = ["Display", "Numbers"]

log = logging.getLogger(__name__)

_LOG_EVERY_S = 10.0
_ROWS = 12
_SUMMARY_ROWS = 12
_STATES = {
    "emerging": ("新", "bold red"),
    "trending": ("热", "red"),
    "fading": ("退", "yellow"),
    "closed": ("止", "dim"),
}
_MANY_LATE = 0.1  # of the posts of a run; of live ones it is one in some hundreds
_NARROW = 100  # columns below which the last two columns are left out


@dataclass(slots=True)
class Numbers:
    """What is counted while a run goes on.

    Attributes:
        rejected: reason -> pieces that could not be used; they go to `rejected_go_to`, a file or topic.
        notes: what a person should know at the end, a line each.
    """

    posts: int = 0
    relevant: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_go_to: str = ""
    event_ms: int = 0
    topics: int = 0
    late: int = 0
    notes: list[str] = field(default_factory=list)
    started_s: float = field(default_factory=time.monotonic)

    def rate(self) -> float:
        """Posts a second so far."""
        return self.posts / max(time.monotonic() - self.started_s, 1e-6)

    def lateness(self) -> str:
        """How many came too late to count in a window; where most of an archive did, what to do."""
        if self.late <= _MANY_LATE * self.posts:
            return f"{self.late} late"
        return f"{self.late:,} late and in no window: crawls write the newest first, --sort puts posts in order"

    def rejections(self) -> str:
        """How many pieces were rejected, why, and where they are."""
        total = self.rejected.total()
        if not total:
            return "0 rejected"
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.rejected.most_common())
        return f"{total:,} rejected ({reasons}): see {self.rejected_go_to}"


class Display:
    """Shows topic lines and numbers.

    Attributes:
        numbers: those shown, for whoever counts.
    """

    def __init__(
        self,
        numbers: Numbers,
        *,
        console: Console | None = None,
        title: str = "tongsheng 童声",
        is_judging: bool = True,
    ) -> None:
        """Show these numbers; a stage that only sends posts has no topics to show (`is_judging`)."""
        self._is_judging = is_judging
        self.numbers = numbers
        self._console = console or Console(stderr=True)
        self._title = title
        self._lines: OrderedDict[str, TopicLine] = OrderedDict()
        self._peaks: dict[str, TopicLine] = {}
        self._at_risk: set[str] = set()  # topics in which a child seemed in danger at some time
        self._alerts: dict[str, TopicLine] = {}
        self._logged_s = time.monotonic()
        self._live: Live | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Show while the block runs."""
        if not self._console.is_terminal:
            yield
            self._log()
            return
        with Live(self._page(), console=self._console, refresh_per_second=8, transient=True) as self._live:
            yield
        self._live = None

    def topic(self, line: TopicLine) -> None:
        """A topic has changed."""
        is_new = line.topic not in self._lines
        self._lines[line.topic] = line
        self._lines.move_to_end(line.topic)
        if is_new or line.authors >= self._peaks[line.topic].authors:
            self._peaks[line.topic] = line
        if "minor-at-risk" in line.flags:
            self._at_risk.add(line.topic)
        self._alerts.setdefault(line.topic, line)
        if is_new and self._live is None:
            log.info(
                "topic %s: %s (%s)",
                line.topic,
                line.title,
                line.reason,
                extra={"event": "topic.raised", "at": line.at, "own_id": line.topic},
            )

    def alerts(self) -> list[TopicLine]:
        """The first line of each topic of the run, in the order in which they were raised."""
        return list(self._alerts.values())

    def refresh(self) -> None:
        """Call often; draws or logs when it is time."""
        if self._live is not None:
            self._live.update(self._page())
        elif time.monotonic() - self._logged_s >= _LOG_EVERY_S:
            self._log()

    def summary(self) -> None:
        """The last word of a run: all topics of it, children in danger first, then by size, and the numbers."""
        topics = sorted(self._peaks.values(), key=lambda line: (not self._is_at_risk(line), -line.authors, line.topic))
        if topics:
            chosen = topics[:_SUMMARY_ROWS]
            shown = sorted(chosen, key=lambda line: (not self._is_at_risk(line), line.since, line.topic))
            self._console.print(self._table(shown, heading="Topics of this run at their peak · 本次话题（峰值）"))
        if len(topics) > _SUMMARY_ROWS:
            self._console.print(f"and {len(topics) - _SUMMARY_ROWS} smaller ones")
        for note in self.numbers.notes:
            self._console.print(Text(escape(note)), soft_wrap=True)
        self._console.print(self._numbers_line(), soft_wrap=True)

    def _is_at_risk(self, line: TopicLine) -> bool:
        return line.topic in self._at_risk

    def _log(self) -> None:
        self._logged_s = time.monotonic()
        numbers = self.numbers
        log.info(
            "progress",
            extra={
                "event": "run.progress",
                "posts": numbers.posts,
                "posts_per_s": round(numbers.rate()),
                "event_time": iso(numbers.event_ms) if numbers.event_ms else "-",
                "topics": numbers.topics,
                "rejected": numbers.rejected.total(),
                "late": numbers.late,
            },
        )

    def _page(self) -> Group:
        latest = [line for line in reversed(self._lines.values()) if line.state != "closed"]
        alive = sorted(latest, key=lambda line: not self._is_at_risk(line))
        if not self._is_judging:
            return Group(Text(self._title, style="bold"), self._numbers_line())
        return Group(
            Text(self._title, style="bold"),
            self._numbers_line(),
            self._table(alive[:_ROWS], heading="Live topics · 当前话题"),
        )

    def _numbers_line(self) -> Text:
        numbers = self.numbers
        when = iso(numbers.event_ms)[:16].replace("T", " ") if numbers.event_ms else "–"
        parts = [f"{_counted(numbers.posts, 'post')} ({numbers.rate():,.0f}/s)", f"event time {when}"]
        if self._is_judging:
            share = numbers.relevant / numbers.posts if numbers.posts else 0
            parts += [f"{share:.1%} about children", _counted(numbers.topics, "topic"), numbers.lateness()]
        return Text(escape(" · ".join([*parts, numbers.rejections()])))

    def _table(self, lines: list[TopicLine], *, heading: str) -> Table:
        table = Table(title=heading, title_justify="left", expand=False)
        table.add_column("state\n状态")
        table.add_column("since\n始于", no_wrap=True)
        table.add_column("topic\n话题", overflow="fold")
        table.add_column("authors\n人数", justify="right")
        if self._console.width >= _NARROW:
            table.add_column("usual\n平时", justify="right")
            table.add_column("platforms\n平台")
        for line in lines:
            sign, style = _STATES[line.state]
            row: list[str | Text] = [
                Text(f"{sign} {line.state}", style=style),
                line.since[5:16].replace("T", " "),
                Text(f"‼ {line.title}", style="bold red") if self._is_at_risk(line) else line.title,
            ]
            row.append(str(line.authors))
            if self._console.width >= _NARROW:
                row += [f"{line.expected:.1f}", " ".join(f"{name} {n}" for name, n in line.platforms.items())]
            table.add_row(*row)
        return table


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
