"""What to do next for one channel, and what an attempt's outcome means for it; pure.

```
closed ──5 failures in a row──▶ open: one attempt after each wait, which doubles up to ten minutes ──success──▶ closed
```

A channel is served one message at a time, so a wait that its app asked for holds back all of its messages.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from alerts.plan import ITEMS
from alerts.sending import Delivered, Outcome, Rate, Refused
from alerts.store import Entry, Outboxed
from contracts.alert import Alert, Item, Known, NoticeCause, Raised, rank
from contracts.alert_settings import AlertsSettings

__all__ = ["Health", "after", "begun", "expired_into_one", "health_of", "next_entry", "notices", "put_back"]

BREAK_AFTER = 5
_FIRST_WAIT_S = 2.0
_MOST_WAIT_S = 600.0
_REFUSED_WAIT_S = 900.0  # a robot that is set up wrongly is asked again after a quarter of an hour
_TRIES_BEFORE_OTHERS = 4  # a message that only it makes fail does not hold up the others for ever
_TRIES_WHOLE = 5
_HOUR_MS = 3_600_000
_LONGEST_WAIT_MS = _HOUR_MS + 60_000  # alerts.answers.wait_s, and its jitter


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a channel is doing.

    Attributes:
        failures: in a row.
        wait_ms: wall clock, before which nothing is sent.
        tokens, tokens_ms: of the bucket; it starts with one, so that restarts make no bursts.
    """

    failures: int = 0
    wait_ms: int = 0
    tokens: float = 1.0
    tokens_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the breaker is open: no more than one attempt at a time, and far apart."""
        return self.failures >= BREAK_AFTER


def health_of(entries: Sequence[Entry], now_ms: int) -> Health:
    """What a new process knows of a channel: a wait that its app asked for holds for all of its messages.

    One that is longer than any is of a clock that was wrong.
    """
    waits = [entry.not_before_ms for entry in entries if entry.not_before_ms - now_ms <= _LONGEST_WAIT_MS]
    return Health(wait_ms=max(waits, default=0))


def put_back(health: Health, by_ms: int) -> Health:
    """The same, once the clock was put back by so much."""
    return replace(health, wait_ms=max(health.wait_ms - by_ms, 0), tokens_ms=max(health.tokens_ms - by_ms, 0))


def next_entry(entries: Sequence[Entry], health: Health, rate: Rate, now_ms: int) -> Entry | None:
    """The entry to send now; None while the channel has to wait or there is none."""
    if now_ms < health.wait_ms or _tokens(health, rate, now_ms) < 1:
        return None
    return min(entries, key=_order, default=None)


def _order(entry: Entry) -> tuple[int, int, int, str]:
    """Those that failed often last; the most severe first; else in the order in which they became due."""
    alert = entry.alert
    return entry.attempts // _TRIES_BEFORE_OTHERS, -rank(alert.severity), alert.created_ms, alert.id


def _tokens(health: Health, rate: Rate, now_ms: int) -> float:
    grown = (now_ms - health.tokens_ms) / 1000 / rate.every_s if health.tokens_ms else 0.0
    return min(health.tokens + grown, float(rate.burst))


def begun(entry: Entry, health: Health, rate: Rate, now_ms: int) -> tuple[Entry, Health]:
    """Entry and channel once an attempt begins; written before anything is sent.

    A message whose attempts end the process again and again goes on in its shortest form.
    """
    claimed = msgspec.structs.replace(
        entry,
        attempts=entry.attempts + 1,
        is_sending=True,
        may_repeat=entry.may_repeat or entry.is_sending,
        is_minimal=entry.is_minimal or (entry.is_sending and entry.attempts >= _TRIES_WHOLE),
    )
    return claimed, replace(health, tokens=_tokens(health, rate, now_ms) - 1, tokens_ms=now_ms)


def after(entry: Entry, outcome: Outcome, health: Health, now_ms: int, chance: float) -> tuple[Outboxed, Health]:
    """What an attempt's outcome changes.

    Args:
        entry: as begun.
        outcome: of it.
        health: of the channel.
        now_ms: wall clock.
        chance: in [0, 1), for the jitter.
    """
    name = entry.alert.id
    if isinstance(outcome, Delivered):
        place = "" if entry.alert.line is None else outcome.place  # a summary begins no thread
        record = _raised(entry.alert, place, now_ms)
        done = Outboxed(require=[name], remove=[name], delivered=[name], raised=[record])
        if record.place and entry.alert.line is not None:
            done.place = (entry.alert.channel, entry.alert.line.topic, record.place)
        return done, replace(health, failures=0, wait_ms=0)
    if isinstance(outcome, Refused) and outcome.scope == "message":
        if entry.is_minimal:
            return Outboxed(require=[name], remove=[name]), health
        return Outboxed(require=[name], replace=[_released(entry, 0, is_minimal=True)]), health
    failures = health.failures + 1
    wait_s = _REFUSED_WAIT_S if isinstance(outcome, Refused) else outcome.after_s
    if wait_s is None:
        wait_s = min(_FIRST_WAIT_S * 2.0 ** (failures - 1), _MOST_WAIT_S) * (0.5 + chance / 2)
    else:
        wait_s += chance  # what was asked for, and a little, so that not all come back in the same moment
    until_ms = now_ms + round(wait_s * 1000)
    in_doubt = not isinstance(outcome, Refused) and outcome.may_have_arrived
    waiting = _released(entry, until_ms, may_repeat=entry.may_repeat or in_doubt, is_minimal=entry.is_minimal)
    return Outboxed(require=[name], replace=[waiting]), replace(health, failures=failures, wait_ms=until_ms)


def _released(entry: Entry, until_ms: int, *, may_repeat: bool = False, is_minimal: bool = False) -> Entry:
    return msgspec.structs.replace(
        entry, not_before_ms=until_ms, is_sending=False, may_repeat=may_repeat, is_minimal=is_minimal
    )


def _raised(alert: Alert, place: str, now_ms: int) -> Raised:
    """The record for alerts.raised."""
    told = {item.topic: _known_item(item, now_ms) for item in alert.items if alert.kind == "summary"}
    if alert.kind == "topic" and alert.line is not None:
        line = alert.line
        told[line.topic] = Known(
            number=alert.number,
            at_ms=now_ms,
            state=line.state,
            severity=alert.severity,
            authors=line.authors,
            flags=line.flags,
        )
    return Raised(id=alert.id, at_ms=now_ms, channel=alert.channel, kind=alert.kind, told=told, place=place)


def _known_item(item: Item, now_ms: int) -> Known:
    return Known(
        number=item.number,
        at_ms=now_ms,
        state=item.state,
        severity=item.severity,
        authors=item.authors,
        flags=item.flags,
    )


def expired_into_one(entries: Sequence[Entry], settings: AlertsSettings, now_ms: int) -> Outboxed | None:
    """Put what a channel did not take in time into one summary; None where less than two alerts are too old.

    What is being sent stays: it may be arriving.
    """
    old = [
        entry
        for entry in entries
        if now_ms - entry.alert.created_ms > settings.expire_minutes * 60_000
        and entry.alert.kind in ("topic", "summary")
        and not entry.is_sending
    ]
    if len(old) < 2:  # noqa: PLR2004 - a summary of one would only hide it
        return None
    alerts = sorted((entry.alert for entry in old), key=lambda alert: (alert.created_ms, alert.id))
    items = {item.topic: item for alert in alerts for item in _items(alert)}  # the newest of each topic
    ranked = sorted(items.values(), key=lambda item: (-rank(item.severity), -item.authors, item.topic))
    beyond = sum(max(alert.total - len(alert.items), 0) for alert in alerts)
    names = [alert.id for alert in alerts]
    digest = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]
    summary = Alert(
        id=f"summary/{digest}/{alerts[0].channel}",
        channel=alerts[0].channel,
        kind="summary",
        language=alerts[-1].language,
        created_ms=now_ms,
        severity=ranked[0].severity,
        items=ranked[:ITEMS],
        total=len(ranked) + beyond,
        period_ms=(min(alert.period_ms[0] or alert.created_ms for alert in alerts), now_ms),
    )
    return Outboxed(require=names, remove=names, delivered=names, add=[Entry(alert=summary)])


def _items(alert: Alert) -> list[Item]:
    line = alert.line
    if line is None:
        return alert.items
    return [
        Item(
            topic=line.topic,
            title=line.title,
            keywords=line.keywords,
            severity=alert.severity,
            state=line.state,
            authors=max(line.authors, 0 if alert.peak is None else alert.peak.authors),
            number=alert.number,
            flags=line.flags,
        )
    ]


def notices(settings: AlertsSettings, channel: str, cause: NoticeCause, now_ms: int) -> list[Entry]:
    """Tell the operators, on every other channel of theirs, at most once an hour for each cause."""
    hour = now_ms // _HOUR_MS
    return [
        Entry(
            alert=Alert(
                id=f"notice/{cause}/{channel}/{hour}/{name}",
                channel=name,
                kind="notice",
                language="both",
                created_ms=now_ms,
                severity="high",
                cause=cause,
                subject=channel,
            )
        )
        for name in settings.operators
        if name != channel
    ]
