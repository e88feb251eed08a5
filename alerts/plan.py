"""Decide what is to be told now: a pure step over all stories.

```
per channel:   what has changed, is due and not put aside ─┬─ quiet hour: held, unless severe enough ──▶ later
                                                           ├─ late (outage, night), or too much at once ──▶ one summary
                                                           └─ else ──▶ a message a topic
```

The same stories, clock and settings give the same alerts, with the same ids.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.aside import belongs_in_digest, still_to_tell
from alerts.calendar import digest_due, is_news, is_quiet
from alerts.routes import selected
from alerts.severity import severity_of
from alerts.sources import Heard, notices_of_sources, of_digest
from alerts.story import Story, changes, due_ms, epoch_ms, fold, tell, worst
from contracts.alert import Alert, AlertLanguage, Change, Item, Known, Severity, rank
from contracts.alert_settings import AlertsSettings, ChannelSettings
from contracts.topic import TopicLine
from contracts.triage import Triage

__all__ = ["ITEMS", "Plan", "Step", "item_of"]

ITEMS = 10  # topics named in a summary or digest
KEEP_MS = 8 * 24 * 3_600_000  # a story is kept as long as a weekly digest looks back, and a day
NOTHING_HEARD = Heard()
NOTHING_DECIDED: Mapping[str, Triage] = {}
_DIGEST_MS = {"daily": 24 * 3_600_000, "weekly": 7 * 24 * 3_600_000}


@dataclass(slots=True)
class Step:
    """What one step changes; written at once or not at all.

    Attributes:
        stories: topic -> its new story; None = forget it.
        alerts: to put into the outbox.
        digests: channel -> moment of the last digest, where it changed.
        sources: of each source that operators know not to be well, since when; None = as before.
    """

    stories: dict[str, Story | None] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    digests: dict[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    story: Story
    changes: list[Change]
    severity: Severity
    is_late: bool

    @property
    def order(self) -> tuple[int, int, str]:
        """The most pressing first."""
        return -rank(self.severity), -self.story.line.authors, self.story.line.topic


class Plan:
    """The stories so far. Not thread-safe; a copy of what the store holds."""

    def __init__(
        self,
        stories: Mapping[str, Story] | None = None,
        digests: Mapping[str, int] | None = None,
        known: Mapping[str, Mapping[str, Known]] | None = None,
        sources: Mapping[str, int] | None = None,
    ) -> None:
        """Go on from these.

        Args:
            stories: by topic.
            digests: channel -> moment of the last digest.
            known: topic -> channel -> what it was told, of topics whose stories were lost.
            sources: see Step.
        """
        self.stories = dict(stories or {})
        self.digests = dict(digests or {})
        self._known = known or {}
        self._sources = dict(sources or {})
        self._decided = NOTHING_DECIDED

    def step(
        self,
        lines: Iterable[TopicLine],
        *,
        now_ms: int,
        settings: AlertsSettings,
        is_caught_up: bool = True,
        heard: Heard = NOTHING_HEARD,
        decided: Mapping[str, Triage] = NOTHING_DECIDED,
    ) -> Step:
        """Take new lines and say what is due.

        Args:
            lines: in the order of topics.detected; repeats change nothing.
            now_ms: wall clock.
            settings: as they stand now.
            is_caught_up: false while more lines are waiting: nothing is told before the whole picture is there.
            heard: what comes in, for digests and operators.
            decided: what operators have decided on the feed, by topic.

        Cost: some microseconds a story.
        """
        step = Step()
        self._decided = decided
        for line in lines:
            if line.archived and not settings.archives:
                continue
            chosen = selected(settings, line, severity_of(line, settings))
            known = self._known.get(line.topic)
            story = fold(self.stories.get(line.topic), line, chosen, settings, known)
            if story is not None:
                self._keep(step, story)
        if is_caught_up:
            for channel in settings.channel:
                self._speak(step, channel, now_ms, settings)
                self._digest(step, channel, now_ms, heard, settings)
            for topic in [topic for topic, story in self.stories.items() if now_ms - story.at_ms > KEEP_MS]:
                del self.stories[topic]
                step.stories[topic] = None
        told, alerts = notices_of_sources(self._sources, heard, settings)
        if told != self._sources:
            self._sources = dict(told)
            step.sources, step.alerts = told, [*step.alerts, *alerts]
        return step

    def _keep(self, step: Step, story: Story) -> None:
        self.stories[story.line.topic] = step.stories[story.line.topic] = story

    def _speak(self, step: Step, channel: ChannelSettings, now_ms: int, settings: AlertsSettings) -> None:
        if channel.only_digest:
            return
        due = self._due(channel, now_ms, settings)
        if is_quiet(channel, now_ms, settings.timezone):
            due = [one for one in due if rank(one.severity) >= rank(channel.pierces)]
        news = [one for one in due if is_news(channel, one.story.at_ms, now_ms, settings.timezone)]
        singles, together = _parted(news, settings.most_at_once)
        step.alerts += [_single(one, channel.name, now_ms) for one in singles]
        if together:
            step.alerts.append(_summary(together, channel.name, now_ms))
        for one in due:
            self._keep(step, tell(self.stories[one.story.line.topic], channel.name, now_ms, settings))

    def _due(self, channel: ChannelSettings, now_ms: int, settings: AlertsSettings) -> list[_Due]:
        found: list[_Due] = []
        for story in self.stories.values():
            thread = story.threads.get(channel.name)
            if thread is None or not thread.wanted_ms:
                continue
            new = still_to_tell(
                changes(thread.known, story.line, settings),
                story,
                channel.name,
                decided=self._decided,
                stories=self.stories,
                now_ms=now_ms,
            )
            at_ms = due_ms(thread, new, settings)
            if new and (thread.is_urgent or now_ms >= at_ms):  # event time may be two minutes ahead of the clock
                is_late = now_ms - at_ms > settings.stale_minutes * 60_000
                found.append(_Due(story, new, worst(thread.known, story.line, settings), is_late))
        return sorted(found, key=lambda one: one.order)

    def _digest(
        self, step: Step, channel: ChannelSettings, now_ms: int, heard: Heard, settings: AlertsSettings
    ) -> None:
        planned_ms = digest_due(channel, now_ms, settings.timezone)
        if not planned_ms or self.digests.get(channel.name, 0) >= planned_ms:
            return
        is_first = channel.name not in self.digests
        self.digests[channel.name] = step.digests[channel.name] = planned_ms
        if is_first:  # nobody has listened for a whole period yet
            return
        state = of_digest(heard)
        quiet: Severity = "high" if state["unwell"] else "info"  # that nothing matched may be no good news
        start_ms = planned_ms - _DIGEST_MS[channel.digest]
        told = [
            _Due(story, [], worst(story.threads[channel.name].known, story.line, settings), is_late=False)
            for story in self.stories.values()
            if channel.name in story.threads
            and start_ms <= story.at_ms
            and _since_ms(story) < planned_ms
            and belongs_in_digest(self._decided.get(story.line.topic), story.line.flags, now_ms)
        ]
        items = [item_of(one.story, channel.name, one.severity) for one in sorted(told, key=lambda one: one.order)]
        step.alerts.append(
            Alert(
                id=f"digest/{planned_ms}/{channel.name}",
                channel=channel.name,
                kind="digest",
                language=_language(told, channel.name, settings),
                created_ms=now_ms,
                severity=max((item.severity for item in items), key=rank, default=quiet),
                items=items[:ITEMS],
                total=len(items),
                period_ms=(start_ms, planned_ms),
                **state,
            )
        )


def item_of(story: Story, channel: str, severity: Severity) -> Item:
    """A topic in a list of several; by its peak."""
    line = story.line
    return Item(
        topic=line.topic,
        title=line.title,
        keywords=line.keywords,
        severity=severity,
        state=line.state,
        authors=max(line.authors, story.peak.authors),
        number=_number(story, channel),
        flags=line.flags,
    )


def _since_ms(story: Story) -> int:
    return epoch_ms(story.line.since)


def _parted(due: Sequence[_Due], most: int) -> tuple[list[_Due], list[_Due]]:
    """(told one by one, told together).

    What is critical and still lives stands alone, however late and however many there are; and a summary of one would
    only hide it.
    """
    critical = [one for one in due if one.severity == "critical" and one.story.line.state != "closed"]
    in_time = [one for one in due if not one.is_late and one not in critical]
    singles = [*critical, *in_time[: max(most - len(critical), 0)]]
    together = [one for one in due if one not in singles]
    if len(together) == 1:
        return list(due), []
    return singles, together


def _single(one: _Due, channel: str, now_ms: int) -> Alert:
    story = one.story
    known = story.threads[channel].known
    number = 1 if known is None else known.number + 1
    return Alert(
        id=f"{story.line.topic}/{number}/{channel}",
        channel=channel,
        kind="topic",
        language=story.threads[channel].language,
        created_ms=now_ms,
        severity=one.severity,
        line=story.line,
        number=number,
        changes=one.changes,
        curve=story.curve,
        peak=story.peak,
    )


def _summary(due: Sequence[_Due], channel: str, now_ms: int) -> Alert:
    """One message for several; its id is made of the messages that it stands for."""
    stands_for = [f"{one.story.line.topic}/{_number(one.story, channel)}" for one in due]
    name = hashlib.sha256("\n".join(sorted(stands_for)).encode()).hexdigest()[:12]
    return Alert(
        id=f"summary/{name}/{channel}",
        channel=channel,
        kind="summary",
        language=due[0].story.threads[channel].language,
        created_ms=now_ms,
        severity=due[0].severity,
        items=[item_of(one.story, channel, one.severity) for one in due[:ITEMS]],
        total=len(due),
        period_ms=(min(one.story.threads[channel].wanted_ms for one in due), now_ms),
    )


def _number(story: Story, channel: str) -> int:
    known = story.threads[channel].known
    return 1 if known is None else known.number + 1


def _language(told: Sequence[_Due], channel: str, settings: AlertsSettings) -> AlertLanguage:
    if told:
        return told[0].story.threads[channel].language
    return next((route.language for route in settings.route if channel in route.channels), "zh")
