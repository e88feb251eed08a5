"""One event that is told by posts and stands on hot lists is one topic: same id in both, told by its posts' line.

    an entry comes ──▶ a raised topic of posts says the same ──▶ the list topic takes its id
    posts are raised ──▶ an open list topic says the same ──▶ they take its id
    the posts close ──▶ the list topic goes on under that id

Pure.
"""

from collections.abc import Collection, Iterable

import msgspec

from contracts.told import compose
from contracts.topic import Listed, TopicLine
from detectors.flags import with_flags
from detectors.grouping import Grouping
from detectors.lists import Lists
from detectors.reasons import LANGUAGES, Language, with_more
from detectors.topics import Topic

__all__ = ["bind_entries", "bind_posts", "with_list"]

# Cosine of what posts and headlines say, from which they tell of one event: of posts' topics and headlines of the
# same stories all had more with a description, 65 of 100 without; of other stories 1 in 1 000 (docs/decisions/0006).
SAME_EVENT = 0.35
_ENTRIES_SHOWN = 5  # of the evidence of a line


def bind_entries(names: Iterable[str], lists: Lists, grouping: Grouping) -> dict[str, str]:
    """Give list topics that have just been raised the id of the posts' topic of the same event.

    Args:
        names: of list topics of which a line is due.
        lists: follows them; changed in place.
        grouping: of the posts' topics.

    Returns:
        Former id -> the posts' topic's.
    """
    renamed: dict[str, str] = {}
    for name in sorted(names):
        topic = lists.state.topics[name]
        if topic.line is not None or topic.has_posts:
            continue
        told = grouping.told_by(topic.words(), SAME_EVENT)
        if told is not None and told.id not in lists.state.topics:
            lists.rename(topic, told.id)
            topic.has_posts = True
            renamed[name] = told.id
    return renamed


def bind_posts(topic: Topic, lists: Lists, grouping: Grouping) -> None:
    """Give a topic of posts that is being raised the id of the open list topic of the same event."""
    known = lists.state.topics.get(topic.id)  # posts that go on from some that had been bound
    if known is not None:
        known.has_posts = True
        return
    for listed in sorted(lists.state.topics.values(), key=lambda listed: listed.id):
        if listed.closed_ms or listed.has_posts or listed.id in grouping.topics:
            continue
        if grouping.told_by(listed.words(), SAME_EVENT) is topic:
            grouping.rename(topic, listed.id)
            topic.first_ms = min(topic.first_ms, listed.first_ms)
            listed.has_posts = True
            return


def with_list(
    line: TopicLine, listed: TopicLine, language: Language, withheld: Collection[str] = frozenset()
) -> TopicLine:
    """The posts' line with what the lists add: their first entries, where they stand, and that they are gone.

    Both tell their reasons in `language`, and the same in the others. Headlines that hold what the posts' topic
    withholds are not told.
    """
    entries = listed.evidence[:_ENTRIES_SHOWN]
    return msgspec.structs.replace(
        line,
        evidence=[*entries, *line.evidence][: max(len(line.evidence), len(entries))],
        reason=with_more(line.reason, listed.reason, language),
        reason_in={
            other: with_more(line.reason_in[other], listed.reason_in[other], other)
            for other in LANGUAGES
            if other in line.reason_in and other in listed.reason_in
        },
        flags=with_flags(line.flags, listed.flags),
        vanishing=[*line.vanishing, *listed.vanishing],
        listed=[_without(found, withheld) for found in listed.listed],
    )


def _without(found: Listed, withheld: Collection[str]) -> Listed:
    return msgspec.structs.replace(found, title=compose("")) if any(word in found.title for word in withheld) else found
