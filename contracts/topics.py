"""The Kafka topics (contract): names, retention, cleanup; created by the program, never by auto-create."""

from dataclasses import dataclass

__all__ = [
    "ALERTS_RAISED",
    "POSTS_COLLECTED",
    "POSTS_REJECTED",
    "TOPICS_DETECTED",
    "WINDOWS_SAVED",
    "TopicSpec",
    "topic_specs",
]

POSTS_COLLECTED = "posts.collected"
POSTS_REJECTED = "posts.rejected"
TOPICS_DETECTED = "topics.detected"
ALERTS_RAISED = "alerts.raised"
WINDOWS_SAVED = "windows.saved"

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
MAX_RECORD_BYTES = 2 << 20  # a 256 KiB frame may close on one line of up to 1 MiB


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """How one topic is made: partitions, replicas and broker configuration."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str]


def topic_specs(*, prefix: str, partitions: int, replication: int, retention_hours: int) -> tuple[TopicSpec, ...]:
    """All five topics, `prefix` before each name.

    posts.collected is stamped by the broker on append: "in the future" is judged against that time, so
    that reading a record again decides the same.

    A broker lets go of whole segments, and of none that it still writes to: where little is written it would keep the
    posts of a week in one, whatever retention.ms says. So segments are closed after `segment.ms`, by which anything may
    be kept longer; max.compaction.lag.ms is how long an earlier value of a key may stand.
    """
    short = {
        "cleanup.policy": "delete",
        "retention.ms": str(retention_hours * _HOUR_MS),
        "segment.ms": str(_HOUR_MS),
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_RECORD_BYTES),
    }

    def compacted(days: int, earlier_hours: int) -> dict[str, str]:
        """The last value of each key, no longer than so many days: it holds redacted texts or author keys."""
        kept = {"cleanup.policy": "compact,delete", "retention.ms": str(days * _DAY_MS)}
        closed = dict.fromkeys(("segment.ms", "max.compaction.lag.ms"), str(earlier_hours * _HOUR_MS))
        return kept | closed | {"max.message.bytes": str(MAX_RECORD_BYTES)}

    raised = {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY_MS), "segment.ms": str(_DAY_MS)}

    wanted = (
        (POSTS_COLLECTED, partitions, short),
        (POSTS_REJECTED, 1, short),
        (TOPICS_DETECTED, 1, compacted(14, earlier_hours=24)),  # one partition: topic lines stay in event-time order
        (ALERTS_RAISED, 1, raised),
        (WINDOWS_SAVED, 1, compacted(7, earlier_hours=1)),
    )
    return tuple(
        TopicSpec(name=prefix + name, partitions=count, replication=replication, config=config)
        for name, count, config in wanted
    )
