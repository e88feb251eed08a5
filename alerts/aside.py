"""What operators have put aside on the feed is told no more: pure.

```
dismissed, muted ──▶ nothing, until it is flagged more gravely than they saw, the mute ends, or somebody reopens it
merged           ──▶ the topic that it was merged into speaks for it, except of a flag that nobody was told of
```

What has changed meanwhile is told when the topic comes back, as any other change is.
"""

from collections.abc import Collection, Mapping, Sequence

from alerts.story import Story
from contracts.alert import Change
from contracts.triage import Triage, status_of

__all__ = ["belongs_in_digest", "still_to_tell"]

_DONE = ("handled", "other")  # reasons to dismiss what was a topic: a digest tells what there was


def still_to_tell(
    new: Sequence[Change],
    story: Story,
    channel: str,
    *,
    decided: Mapping[str, Triage],
    stories: Mapping[str, Story],
    now_ms: int,
) -> list[Change]:
    """What is left of a topic's changes for this channel, now that operators have decided.

    Args:
        new: what the channel has not been told (`alerts.story.changes`).
        story: of the topic.
        channel: its name.
        decided: triages by topic; an untouched topic is not in it.
        stories: of all topics.
        now_ms: wall clock, epoch ms.
    """
    triage = decided.get(story.line.topic)
    if triage is None:
        return list(new)
    status = status_of(triage, story.line.flags, now_ms)
    if status in ("dismissed", "muted"):
        return []
    if status != "merged":
        return list(new)
    heard = {*triage.flags, *_flags_told(stories.get(_end_of(story.line.topic, decided)), channel)}
    unheard = [change for change in new if change in story.line.flags and change not in heard]
    return [change for change in new if change == "opened" or change in unheard] if unheard else []


def belongs_in_digest(triage: Triage | None, flags: Collection[str], now_ms: int) -> bool:
    """Whether a digest names the topic: also one that was dealt with, but none that was no news."""
    if triage is None:
        return True
    status = status_of(triage, flags, now_ms)
    return status in ("open", "confirmed") or (status == "dismissed" and triage.reason in _DONE)


def _end_of(topic: str, decided: Mapping[str, Triage]) -> str:
    seen = {topic}
    while (triage := decided.get(topic)) is not None and triage.into and triage.into not in seen:
        topic = triage.into
        seen.add(topic)
    return topic


def _flags_told(story: Story | None, channel: str) -> Collection[str]:
    thread = None if story is None else story.threads.get(channel)
    return () if thread is None or thread.known is None else thread.known.flags
