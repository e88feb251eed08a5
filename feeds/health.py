"""How the pipeline is, as operators and Prometheus are told: what was looked up, and what of it needs somebody. Pure.

Numbers, places and words of closed sets only; names are those of the settings and of machines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contracts.source_health import SourceHealth

__all__ = [
    "AlertsHealth",
    "ChannelHealth",
    "DetectorHealth",
    "Health",
    "PartitionHealth",
    "WorkerHealth",
    "is_behind",
    "troubles",
]

_BEHIND_MS = 5 * 60_000  # of event time, while posts wait: then they come faster than they are counted
_DETECTOR_BEHIND_MS = 2 * 60_000
_OUTBOX_MS = 15 * 60_000
_SILENT_MS = 60 * 60_000  # without live sources, which are judged by their own rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionHealth:
    """One partition of the posts.

    Attributes:
        number: from 0.
        progress_ms: event time up to which it is counted, 0 before its first post.
        waiting: records that nobody has counted yet; None where Kafka does not say.
    """

    number: int
    progress_ms: int
    waiting: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerHealth:
    """A worker as Kafka knows it."""

    name: str
    host: str
    partitions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorHealth:
    """The detector.

    Attributes:
        owner: the active process, "" where there is none.
        tick_ms: event time up to which topics are judged, -1 before the first.
        outbox: lines that Kafka has not taken yet.
    """

    owner: str
    tick_ms: int
    outbox: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What waits for a channel of the alerts: how many messages, since when (0: none), tried how often."""

    name: str
    waiting: int
    oldest_ms: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsHealth:
    """The process that sends alerts: "" where none is active; when a message was last taken, 0 = never."""

    owner: str
    sent_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All that was looked up.

    Attributes:
        at_ms: wall clock.
        has_store, has_kafka: whether each answered; None where there is none, as in a run on one machine.
        rejected: pieces that could not be used, of the last day; None where Kafka does not say.
        late: posts that came too late to be counted, since the state began.
        workers: None where Kafka does not say.
        alerts: None where no channel is in the settings.
    """

    at_ms: int
    has_store: bool = True
    has_kafka: bool | None = None
    sources: Sequence[SourceHealth] = ()
    partitions: Sequence[PartitionHealth] = ()
    workers: Sequence[WorkerHealth] | None = None
    rejected: int | None = None
    late: int = 0
    detector: DetectorHealth | None = None
    alerts: AlertsHealth | None = None
    channels: Sequence[ChannelHealth] = field(default_factory=tuple)


def troubles(health: Health) -> list[tuple[str, str]]:
    """What somebody should look at: (key of the text, what fills it), the gravest first; none where all is well."""
    return [*_away(health), *_counting(health), *_judging(health), *_telling(health), *_listening(health)]


def is_behind(partition: PartitionHealth, now_ms: int) -> bool:
    """Whether posts wait and their time is past."""
    return bool(partition.waiting) and now_ms - partition.progress_ms > _BEHIND_MS


def _away(health: Health) -> Iterable[tuple[str, str]]:
    if not health.has_store:
        yield "health.trouble.store", ""
    if health.has_kafka is False:
        yield "health.trouble.kafka", ""


def _counting(health: Health) -> Iterable[tuple[str, str]]:
    if health.workers is not None and not health.workers:
        yield "health.trouble.workers", ""
    behind = [str(partition.number) for partition in health.partitions if is_behind(partition, health.at_ms)]
    if behind:
        yield "health.trouble.behind", ", ".join(behind)


def _judging(health: Health) -> Iterable[tuple[str, str]]:
    detector = health.detector
    if detector is None:
        return
    if not detector.owner:
        yield "health.trouble.detector", ""
        return
    counted_ms = [partition.progress_ms for partition in health.partitions if partition.progress_ms]
    if counted_ms and max(counted_ms) - detector.tick_ms > _DETECTOR_BEHIND_MS:
        yield "health.trouble.judging", str((max(counted_ms) - detector.tick_ms) // 60_000)


def _telling(health: Health) -> Iterable[tuple[str, str]]:
    if health.alerts is not None and not health.alerts.owner:
        yield "health.trouble.alerts", ""
    for channel in health.channels:
        if channel.waiting and health.at_ms - channel.oldest_ms > _OUTBOX_MS:
            yield "health.trouble.channel", channel.name


def _listening(health: Health) -> Iterable[tuple[str, str]]:
    read = [source for source in health.sources if source.started_ms]  # of others nobody was asked to read them yet
    newest_ms = max((partition.progress_ms for partition in health.partitions), default=0)
    if not read and newest_ms and health.at_ms - newest_ms > _SILENT_MS:
        yield "health.trouble.silent", str((health.at_ms - newest_ms) // 3_600_000)
    for source in read:
        if not source.verdict(health.at_ms).is_well:
            yield "health.trouble.source", source.name
