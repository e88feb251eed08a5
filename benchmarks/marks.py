"""Hold the first lines of topics against the stories of a stream, as the scorer of the archive does."""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.streams import Stream
from contracts.topic import TopicLine

__all__ = ["Held", "Marks", "hold", "is_false", "marks_of", "story_of_line"]

GRACE_MS = 30 * 60_000  # after a story has MANY authors, by when it must have been alerted


@dataclass(frozen=True, slots=True)
class Marks:
    """What one score at one alarm was worth; leads in minutes before MANY authors, of the stories heard.

    Attributes:
        worst_lead: of the worst decile.
        heard, worth: child stories alerted in time, of those that reached MANY authors.
        false: alerts that belong to no child story.
        worded: of the alerts of child stories, the share whose title or keywords hold a word of the story's headline,
            as labelled; nan where no story has such words.
    """

    alarm: float
    recall: float
    precision: float
    fragments: float
    lead_minutes: float
    worst_lead: float
    false_per_day: float
    heard: int
    worth: int
    false: int
    worded: float


def story_of_line(line: TopicLine, stream: Stream) -> str:
    """The story that at least half of the known evidence comes from; "" where there is none."""
    named = Counter(name for post in line.evidence if (name := stream.story_of(post)) is not None)
    name, count = named.most_common(1)[0] if named else ("", 0)
    return name if 2 * count >= max(named.total(), 1) else ""


def is_false(story: str, stream: Stream) -> bool:
    """Whether an alert of it is a false one; what nobody is sure of counts neither way."""
    return not story or not (stream.stories[story].about_children or stream.stories[story].is_unsure)


@dataclass(frozen=True, slots=True)
class Held:
    """The alerts of one run held against its stories.

    Attributes:
        days: that the alerts come from.
        right, wrong: alerts of child stories, and those that belong to none.
        worded: of the right alerts of stories with labelled words, how many hold one in title or keywords, and how many
            there are.
        heard: child story -> times of its alerts.
        worth: child story that was worth an alert -> when it was.
    """

    days: float
    right: int
    wrong: int
    worded: tuple[int, int]
    heard: Mapping[str, Sequence[int]]
    worth: Mapping[str, int]

    def in_time(self) -> list[str]:
        """The stories alerted by GRACE_MS after they were worth it."""
        return [name for name, at_ms in self.worth.items() if any(at <= at_ms + GRACE_MS for at in self._times(name))]

    def leads(self) -> list[float]:
        """Minutes from a story's first alert to when it was worth one."""
        return [(at_ms - min(times)) / 60_000 for name, at_ms in self.worth.items() if (times := self._times(name))]

    def _times(self, name: str) -> Sequence[int]:
        return self.heard.get(name, ())


def hold(
    alerts: Sequence[TopicLine],
    stream: Stream,
    *,
    after_ms: int,
    days: float,
    chosen: Callable[[str], bool] = lambda _: True,
) -> Held:
    """Hold the first lines of topics against the stories that began at `after_ms` or later.

    Args:
        alerts: first lines.
        stream: what is known of it.
        after_ms: stories that began before count neither in recall nor in lead.
        days: that the alerts come from.
        chosen: which stories count, "" standing for none.
    """
    heard: dict[str, list[int]] = {}
    wrong, worded = 0, list[bool]()
    for line in alerts:
        name = story_of_line(line, stream)
        if not chosen(name):
            continue
        if is_false(name, stream):
            wrong += 1
        elif not stream.stories[name].is_unsure:
            heard.setdefault(name, []).append(round(datetime.fromisoformat(line.at).timestamp() * 1000))
            if words := stream.stories[name].words:
                told = "\n".join((line.title, *line.keywords))
                worded.append(any(word in told for word in words))
    worth = {
        name: story.many_ms
        for name, story in stream.stories.items()
        if story.about_children and story.many_ms and not story.is_unsure and story.starts_ms >= after_ms
        if chosen(name)
    }
    return Held(days, sum(map(len, heard.values())), wrong, (sum(worded), len(worded)), heard, worth)


def marks_of(runs: Sequence[Held], *, alarm: float) -> Marks:
    """What all runs were worth together; `alarm` raised their alerts, for the table."""
    right, wrong = sum(run.right for run in runs), sum(run.wrong for run in runs)
    heard, worth = sum(len(run.in_time()) for run in runs), sum(len(run.worth) for run in runs)
    told = [run.worded for run in runs]
    leads = sorted(lead for run in runs for lead in run.leads())
    return Marks(
        alarm=alarm,
        recall=heard / max(worth, 1),
        precision=right / max(right + wrong, 1),
        fragments=right / max(sum(len(run.heard) for run in runs), 1),
        lead_minutes=statistics.median(leads) if leads else float("nan"),
        worst_lead=leads[len(leads) // 10] if leads else float("nan"),
        false_per_day=wrong / sum(run.days for run in runs),
        heard=heard,
        worth=worth,
        false=wrong,
        worded=sum(hits for hits, _ in told) / of if (of := sum(of for _, of in told)) else float("nan"),
    )
