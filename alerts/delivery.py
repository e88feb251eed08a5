"""Send what is in the outbox: each channel on its own, one message at a time, nothing past the last guard.

An attempt is noted before it begins and its outcome after it ends, both fenced. What is between the two at a crash
is sent again and says that it may be a repeat: that is the window of doubt.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import msgspec
import stamina

from alerts.courier import Health, after, begun, expired_into_one, health_of, next_entry, notices, put_back
from alerts.message import Message, Part
from alerts.metrics import AlertMetrics
from alerts.sending import Channel, Delivered, Outcome, Refused, RetryAt
from alerts.store import AlertStore, Entry, Outboxed
from alerts.texts import TEXTS
from alerts.words import Wording
from contracts.alert import NoticeCause
from contracts.alert_settings import AlertsSettings
from contracts.clock import Clock
from contracts.errors import StoreAwayError
from contracts.told import compose
from contracts.topic import TopicLine
from detectors.guard import Guard
from detectors.minimal import minimal_alert

__all__ = ["Delivery", "Setup", "checked", "minimal_of"]

log = logging.getLogger(__name__)

_AWAY_NOTICE_FAILURES = 5
_NOTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Setup:
    """Settings as they stand now, and what was made of them; the guard reads whatever leaves, a line's words before."""

    settings: AlertsSettings
    channels: Mapping[str, Channel]
    wording: Wording
    guard: Guard
    recheck: Callable[[TopicLine], TopicLine]  # `detectors.recheck.Recheck`


class Delivery:
    """Serves the channels; `tick` returns at once, `close` waits for what is being sent."""

    def __init__(self, store: AlertStore, clock: Clock, metrics: AlertMetrics, *, threads: int = 8) -> None:
        """Wire it.

        Args:
            store: where the outbox is.
            clock: wall time.
            metrics: what it counts.
            threads: channels served at the same time; one that hangs holds up no other.
        """
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="channel")
        self._health: dict[str, Health] = {}
        self._jobs: dict[str, Future[None]] = {}
        self._newest_ms = 0

    def tick(self, fence: int, setup: Setup) -> int:
        """Begin what can be sent now; the number of alerts that wait or are being sent.

        Raises:
            FailStopError, StoreAwayError: of the store, also those that an attempt begun earlier met.
        """
        self._mind_the_clock()
        waiting: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._store.outbox():
            waiting[entry.alert.channel].append(entry)
        self._metrics.saw_outbox(setup.channels, waiting, self._health, self._clock())
        for name, entries in waiting.items():
            job = self._jobs.get(name)
            if job is not None and not job.done():
                continue
            if job is not None:
                del self._jobs[name]
                job.result()
            if name not in setup.channels:
                self._drop(fence, name, entries)
            else:
                self._begin(fence, setup.channels[name], entries, setup)
        return sum(map(len, waiting.values()))

    def _mind_the_clock(self) -> None:
        """Where it was put back, waits go back with it: else channels would be silent until the time comes again."""
        now_ms = self._clock()
        if now_ms < self._newest_ms:
            for name, health in list(self._health.items()):
                self._health[name] = put_back(health, self._newest_ms - now_ms)
        self._newest_ms = now_ms

    def close(self) -> None:
        """Let attempts end; what waits stays in the outbox."""
        self._pool.shutdown(wait=True)

    def _begin(self, fence: int, channel: Channel, entries: list[Entry], setup: Setup) -> None:
        now_ms = self._clock()
        health = self._health.setdefault(channel.name, health_of(entries, now_ms))
        if now_ms >= health.wait_ms and (folded := expired_into_one(entries, setup.settings, now_ms)) is not None:
            self._store.change(fence, folded, now_ms)
            return
        entry = next_entry(entries, health, channel.rate, now_ms)
        if entry is None:
            return
        thread = self._thread_of(entry)
        claimed, self._health[channel.name] = begun(entry, health, channel.rate, now_ms)
        if self._store.change(fence, Outboxed(require=[entry.alert.id], replace=[claimed]), now_ms):
            job = self._pool.submit(self._attempt, fence, channel, claimed, setup, thread)
            self._jobs[channel.name] = job

    def _thread_of(self, entry: Entry) -> str:
        """Where the app keeps what was said of this topic before."""
        line = entry.alert.line
        return "" if line is None else self._store.place(entry.alert.channel, line.topic)

    def _attempt(self, fence: int, channel: Channel, entry: Entry, setup: Setup, thread: str) -> None:
        """Send one entry and note what came of it; on a thread of the pool."""
        outcome, is_blocked = self._send(channel, entry, setup, thread)
        now_ms = self._clock()
        before = self._health[channel.name]
        change, health = after(entry, outcome, before, now_ms, random.random())  # noqa: S311 - jitter
        cause = _cause(outcome, health, before, is_blocked=is_blocked)
        if cause is not None:
            change.add += notices(setup.settings, channel.name, cause, now_ms)
        self._health[channel.name] = health
        self._metrics.tried(entry, outcome, now_ms, is_blocked=is_blocked)
        _tell(channel.name, entry, outcome, health)
        for attempt in stamina.retry_context(on=StoreAwayError, attempts=None, timeout=_NOTE_S, wait_max=1.0):
            with attempt:  # as long as the outcome is not noted, a restart would send it again
                self._store.change(fence, change, now_ms)
        if isinstance(outcome, Delivered) and outcome.place and not is_blocked and not entry.is_minimal:
            channel.follow(setup.wording.message(entry.alert), outcome.place)

    def _send(self, channel: Channel, entry: Entry, setup: Setup, thread: str) -> tuple[Outcome, bool]:
        """(outcome, whether the guard blocked the whole message)."""
        message = setup.wording.message(entry.alert, may_repeat=entry.may_repeat)
        minimal = minimal_of(message)
        try:
            body, is_blocked = checked(setup.guard, channel, minimal if entry.is_minimal else message, minimal)
        except ValueError as error:
            return Refused(f"cannot be put into its form: {error}", scope="message"), False
        if not body:
            return Refused("not even the shortest form passed the last guard", scope="message"), True
        return channel.send(body, message, self._clock(), thread=thread), is_blocked

    def _drop(self, fence: int, name: str, entries: list[Entry]) -> None:
        """The settings know this channel no longer."""
        names = [entry.alert.id for entry in entries]
        self._store.change(fence, Outboxed(remove=names), self._clock())
        self._metrics.dropped(name, len(names))
        log.warning(
            "channel %s is gone from the settings, %d alerts for it are dropped",
            name,
            len(names),
            extra={"event": "alert.dropped"},
        )


def checked(guard: Guard, channel: Channel, message: Message, minimal: Message) -> tuple[str, bool]:
    """The one place where a payload meets the last guard.

    Returns:
        (the body that may be sent, "" where none may; whether the whole message was blocked).
    """
    passed = guard.passed(
        channel.render(message),
        channel.render(minimal),
        (message.about,),
        form=channel.form,
        frame=channel.frame,
        place=f"alerts.{channel.name}",
    )
    if passed.faults:
        log.error("an alert was blocked", extra={"event": "guard.blocked", "found": " ".join(passed.faults)})
    return passed.text, bool(passed.faults)


def minimal_of(message: Message) -> Message:
    """The shortest form: what kind of topic, whether a child may be in danger, and the link."""
    line = message.alert.line
    nothing = compose("")

    def shortest(part: Part) -> Part:
        texts = TEXTS[part.language]
        minimal = compose(texts.minimal)
        if message.alert.kind == "notice":
            minimal = compose(texts.minimal_notice)
        elif line is not None:
            minimal = minimal_alert(next(iter(line.categories), "other"), line.flags, part.language)
        return replace(part, headline=minimal, lead=nothing, facts=(), items=(), notes=(), footer=nothing)

    # nothing of the topic stays in what machines read, and no id in the link: the guard releases none for this form
    alert = msgspec.structs.replace(message.alert, line=None)
    return replace(message, parts=tuple(map(shortest, message.parts)), alert=alert)


def _cause(outcome: Outcome, health: Health, before: Health, *, is_blocked: bool) -> NoticeCause | None:
    """What the operators are told, where they have to be."""
    if is_blocked:
        return "blocked"
    if isinstance(outcome, Refused):
        return "refused" if outcome.scope == "channel" else "payload"
    if isinstance(outcome, Delivered) and before.is_open:
        return "back"
    if isinstance(outcome, RetryAt) and health.failures == _AWAY_NOTICE_FAILURES > before.failures:
        return "away"
    return None


def _tell(name: str, entry: Entry, outcome: Outcome, health: Health) -> None:
    """A log line for each outcome; never the address, never a word of the message."""
    extra = {"event": "alert.outcome", "channel": name, "own_id": entry.alert.id, "attempts": entry.attempts}
    if isinstance(outcome, Delivered):
        log.info("alert %s delivered", entry.alert.id, extra=extra)
    elif isinstance(outcome, RetryAt):
        what = "channel is away" if health.is_open else "alert waits"
        log.warning("%s: %s", what, outcome.why, extra=extra)
    else:
        log.error("%s refused: %s", outcome.scope, outcome.why, extra=extra)
