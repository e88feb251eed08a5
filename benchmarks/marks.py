"""Hold the first lines of topics against the stories of a stream, as the scorer of the archive does."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.streams import Stream
from contracts.topic import TopicLine

__all__ = ["Marks", "is_false", "marks_of", "story_of_line"]

GRACE_MS = 30 * 60_000  # after a story has MANY authors, by when it must have been alerted


@dataclass(frozen=True, slots=True)
class Marks:
    """What a run of one score at one alarm was worth; leads in minutes before MANY authors, of the stories heard.

    Attributes:
        worst_lead: of the worst decile.
        heard, worth: child stories alerted in time, of those that reached MANY authors.
        false: alerts that belong to no child story.
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


def story_of_line(line: TopicLine, stream: Stream) -> str:
    """The story that at least half of the known evidence comes from; "" where there is none."""
    named = Counter(name for post in line.evidence if (name := stream.story_of(post)) is not None)
    name, count = named.most_common(1)[0] if named else ("", 0)
    return name if 2 * count >= max(named.total(), 1) else ""


def is_false(story: str, stream: Stream) -> bool:
    """Whether an alert of it is a false one; what nobody is sure of counts neither way."""
    return not story or not (stream.stories[story].about_children or stream.stories[story].is_unsure)


def marks_of(
    alerts: Sequence[TopicLine],
    stream: Stream,
    *,
    alarm: float,
    after_ms: int,
    days: float,
    chosen: Callable[[str], bool] = lambda _: True,
) -> Marks:
    """Hold the first lines of topics against the stories that began at `after_ms` or later.

    Args:
        alerts: first lines.
        stream: what is known of it.
        alarm: that raised them, for the table.
        after_ms: stories that began before count neither in recall nor in lead.
        days: that the alerts come from.
        chosen: which stories count, "" standing for none.
    """
    heard: dict[str, list[int]] = {}
    wrong = right = 0
    for line in alerts:
        name = story_of_line(line, stream)
        if not chosen(name):
            continue
        if is_false(name, stream):
            wrong += 1
        elif not stream.stories[name].is_unsure:
            right += 1
            heard.setdefault(name, []).append(round(datetime.fromisoformat(line.at).timestamp() * 1000))
    worth = {
        name: story.many_ms
        for name, story in stream.stories.items()
        if story.about_children and story.many_ms and not story.is_unsure and story.starts_ms >= after_ms
        if chosen(name)
    }
    in_time = [name for name, many_ms in worth.items() if any(at <= many_ms + GRACE_MS for at in heard.get(name, ()))]
    leads = sorted((many_ms - min(heard[name])) / 60_000 for name, many_ms in worth.items() if name in heard)
    return Marks(
        alarm=alarm,
        recall=len(in_time) / max(len(worth), 1),
        precision=right / max(right + wrong, 1),
        fragments=right / max(len(heard), 1),
        lead_minutes=statistics.median(leads) if leads else float("nan"),
        worst_lead=leads[len(leads) // 10] if leads else float("nan"),
        false_per_day=wrong / days,
        heard=len(in_time),
        worth=len(worth),
        false=wrong,
    )
