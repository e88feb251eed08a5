"""One topic, one story: what is new in it for each channel since that channel was last told.

```
line ──▶ story: newest line, curve, peak ──▶ per channel: known (what it was told) ≠ line ──▶ changes, since when
```

A repeat of a line, or an older one, changes nothing, so that lines may come twice.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from alerts.severity import severity_of
from contracts.alert import AlertLanguage, Change, Curve, Known, Peak, Severity, bare, rank
from contracts.alert_settings import AlertsSettings
from contracts.topic import Flag, TopicLine

__all__ = ["URGENT", "Story", "Thread", "changes", "due_ms", "epoch_ms", "fold", "pressing_first", "tell", "worst"]

GROWN = 5  # times the size last told
CURVE_POINTS = 24
CURVE_STEP_MS = 5 * 60_000
_PRESSING: tuple[Flag, ...] = ("minor-at-risk", "exposure", "vanishing", "asked", "campaign")
URGENT: frozenset[Change] = frozenset({"opened", "asked", "minor-at-risk", "exposure", "vanishing", "severity"})


def pressing_first(flags: Iterable[Flag]) -> list[Flag]:
    """Danger before a question, however flags are listed elsewhere: a lock screen has room for two.

    >>> pressing_first(["asked", "minor-at-risk", "campaign"])
    ['minor-at-risk', 'asked', 'campaign']
    """
    return sorted(flags, key=_PRESSING.index)


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A story on one channel.

    Attributes:
        known: what it was last told; None before the first message.
        wanted_ms: event time since which there is something to tell, or something pressing; 0 = there is nothing.
        is_urgent: whether it is pressing.
        language: of its route.
    """

    language: AlertLanguage
    known: Known | None = None
    wanted_ms: int = 0
    is_urgent: bool = False


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A topic as the alerts know it.

    Attributes:
        line: the newest, without samples and evidence.
        at_ms: its event time.
        curve: size over time, a point in five minutes, the last CURVE_POINTS.
        peak: the greatest size so far.
        threads: by channel; those that it was ever routed to.
    """

    line: TopicLine
    at_ms: int
    curve: Curve
    peak: Peak
    threads: dict[str, Thread] = {}


def epoch_ms(moment: str) -> int:
    """A moment of a topic line, ISO 8601 with zone, as epoch ms.

    >>> epoch_ms("2026-03-02T00:00:00+08:00")
    1772380800000
    """
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def fold(
    story: Story | None,
    line: TopicLine,
    chosen: Mapping[str, AlertLanguage],
    settings: AlertsSettings,
    known: Mapping[str, Known] | None = None,
) -> Story | None:
    """Take a line into the story; None where it is a repeat.

    Args:
        story: so far; None for a topic heard of for the first time.
        line: of the same topic.
        chosen: channel -> language, of the routes that this line meets.
        settings: sizes.
        known: channel -> what it was told of a topic whose story was lost.
    """
    at_ms = epoch_ms(line.at)
    if story is not None and at_ms <= story.at_ms:
        return None
    line = bare(line)
    told = {name: Thread(language="zh", known=before) for name, before in (known or {}).items()}
    threads: dict[str, Thread] = told if story is None else dict(story.threads)
    for name, language in chosen.items():
        thread = threads.get(name)
        threads[name] = (
            Thread(language=language) if thread is None else msgspec.structs.replace(thread, language=language)
        )
    followed = {
        name: _wanting(thread, line, at_ms, settings, is_chosen=name in chosen) for name, thread in threads.items()
    }
    before = None if story is None else story.peak
    peak = before if before is not None and before.authors >= line.authors else Peak(line.authors, at_ms)
    curve = _longer([] if story is None else story.curve, at_ms, line.authors)
    return Story(line=line, at_ms=at_ms, curve=curve, peak=peak, threads=followed)


def _wanting(thread: Thread, line: TopicLine, at_ms: int, settings: AlertsSettings, *, is_chosen: bool) -> Thread:
    """Note since when there is something to tell.

    What no route asks for any longer is not told on, except that it ends; a first message once due is still told.
    """
    found = changes(thread.known, line, settings)
    if not is_chosen and thread.known is not None:
        found = [change for change in found if change == "closed"]
    is_urgent = not URGENT.isdisjoint(found)
    goes_on = thread.wanted_ms and (thread.is_urgent or not is_urgent)
    wanted_ms = thread.wanted_ms if goes_on else at_ms
    return msgspec.structs.replace(thread, wanted_ms=wanted_ms if found else 0, is_urgent=is_urgent)


def _longer(curve: Curve, at_ms: int, authors: int) -> Curve:
    """One point for each step; the newest stands for its whole step."""
    step = at_ms // CURVE_STEP_MS
    kept = [point for point in curve if point[0] // CURVE_STEP_MS != step]
    return [*kept, (at_ms, authors)][-CURVE_POINTS:]


def changes(known: Known | None, line: TopicLine, settings: AlertsSettings) -> list[Change]:
    """What a channel that knows this much has not been told yet, the most pressing first.

    Severity that falls, size that shrinks, and fading, which comes and goes, are no news; the end tells the peak.
    """
    new: list[Change] = [flag for flag in pressing_first(line.flags) if known is None or flag not in known.flags]
    if known is None:
        return ["opened", *new]
    if known.state == "closed" and line.state == "closed":
        return [change for change in new if change == "vanishing"]  # seen a day after: it did not end by itself
    if rank(severity_of(line, settings)) > rank(known.severity) and not new:
        new.append("severity")
    if known.authors and line.authors >= GROWN * known.authors:
        new.append("grown")
    if line.state == "closed":
        new.append("closed")
    elif line.state == "trending" != known.state:
        new.append("state")
    return new


def due_ms(thread: Thread, found: list[Change], settings: AlertsSettings) -> int:
    """When it should be told, quiet hours aside: pressing things at once, others gathered, mere states spaced out.

    In wall-clock ms; event time and wall clock are the same in a live stream.
    """
    if thread.is_urgent or thread.known is None:
        return thread.wanted_ms
    gathered_ms = thread.wanted_ms + settings.gather_s * 1000
    if found == ["state"]:
        return max(gathered_ms, thread.known.at_ms + settings.state_minutes * 60_000)
    return gathered_ms


def worst(known: Known | None, line: TopicLine, settings: AlertsSettings) -> Severity:
    """The highest severity told, or to be told now."""
    now = severity_of(line, settings)
    return now if known is None or rank(now) > rank(known.severity) else known.severity


def tell(story: Story, channel: str, now_ms: int, settings: AlertsSettings) -> Story:
    """The story after this channel was told of its newest line."""
    thread, line = story.threads[channel], story.line
    known = Known(
        number=1 if thread.known is None else thread.known.number + 1,
        at_ms=now_ms,
        state=line.state if thread.known is None or line.state != "fading" else thread.known.state,
        severity=worst(thread.known, line, settings),
        authors=line.authors,
        flags=list(dict.fromkeys([*([] if thread.known is None else thread.known.flags), *line.flags])),
    )
    told = msgspec.structs.replace(thread, known=known, wanted_ms=0, is_urgent=False)
    return msgspec.structs.replace(story, threads={**story.threads, channel: told})
