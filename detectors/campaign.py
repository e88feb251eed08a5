"""Whether a topic is a campaign: many people who call, in their own posts, for the same act. Pure.

One post that is passed on ten thousand times is none; nor are people who each plead for their own case. So a call must
recur: made anew by several authors, under one hashtag or for an act that is neither passing on nor reporting.
"""

from collections import Counter, defaultdict
from typing import cast

from contracts.told import Told, compose, release
from contracts.topic import Action, Campaign, Starter
from detectors.broadcast import Broadcast
from detectors.calls import CALL
from detectors.delta import Evidence
from detectors.exposure import EXPOSURE
from detectors.moments import iso
from detectors.own import OWN
from detectors.topics import Begun, Topic

__all__ = ["campaign_of", "is_campaign"]

_LEAST_CALLERS = 5  # who call in posts of their own, within an hour
_LEAST_SHARE = 0.2  # of the topic's own posts
_KEPT_SHARE = 0.1  # once flagged: so that a campaign on the edge does not flicker
# what each plea for somebody missing asks for: only a common hashtag makes a campaign of it
_COMMON = frozenset({"share", "report"})
_HOUR_MS = 3_600_000


def is_campaign(topic: Topic) -> bool:
    """Whether it is one now, by its posts of the last hour; notes in the topic when and by whom it began."""
    return _found(topic) is not None


def campaign_of(topic: Topic, broadcast: Broadcast, now_ms: int) -> Campaign | None:
    """What is to be told of it; None where it is none. Cost: a microsecond a post of the last hour."""
    found = _found(topic)
    if found is None or topic.begun is None:
        return None
    action, tag, posts = found
    exposing = {post.author for post in posts if EXPOSURE in post.signs}
    callers = {post.author for post in posts}
    mark = CALL + action
    hour = topic.tally.marked(mark, now_ms - _HOUR_MS)
    return Campaign(
        action=cast("Action", action),
        name=_name(tag, broadcast),
        callers=hour,
        before=max(topic.tally.marked(mark, now_ms - 2 * _HOUR_MS) - hour, 0),
        total=topic.tally.marked(mark),
        since=iso(topic.begun.at_ms),
        starter=cast("Starter | None", topic.begun.starter or None),
        exposed=round(len(exposing) / len(callers), 2),
    )


def _found(topic: Topic) -> tuple[str, str, list[Evidence]] | None:
    """(action, hashtag or "", the posts that call for it), of the call that recurs most."""
    marked = [post for post in topic.posts.values() if post.marks]  # nearly none in most topics
    calling = [post for post in marked if any(mark.startswith(CALL) for mark in post.marks) and post.is_own]
    if len(calling) < _LEAST_CALLERS:
        return None
    by_action: defaultdict[str, list[Evidence]] = defaultdict(list)
    for post in calling:
        for mark in post.marks:
            if mark.startswith(CALL):
                by_action[mark.removeprefix(CALL)].append(post)
    own = sum(post.is_own for post in topic.posts.values())
    least = max(_LEAST_CALLERS, (_KEPT_SHARE if topic.begun is not None else _LEAST_SHARE) * own)
    callers = {action: len({post.author for post in posts}) for action, posts in by_action.items()}
    for action in sorted(callers, key=lambda action: (action in _COMMON, -callers[action], action)):
        tag, users = _common_tag(by_action[action])
        if callers[action] < least or (action in _COMMON and users < _LEAST_CALLERS):
            continue
        _note_beginning(topic, by_action[action])
        return action, tag if users >= _LEAST_CALLERS else "", by_action[action]
    return None


def _common_tag(posts: list[Evidence]) -> tuple[str, int]:
    """The hashtag that most of their authors use, and how many do."""
    tags = Counter(tag for _, tag in sorted({(p.author, term) for p in posts for term in p.terms if term[0] == "#"}))
    return min(tags.items(), key=lambda item: (-item[1], item[0]), default=("", 0))


def _note_beginning(topic: Topic, posts: list[Evidence]) -> None:
    """Keep the earliest call, and who made it where that may be told: one of our accounts, or a verified one."""
    first = min(posts, key=lambda post: (post.at_ms, post.post))
    if topic.begun is None or first.at_ms < topic.begun.at_ms:
        starter = "own" if OWN in first.marks else "public" if first.verified else ""
        topic.begun = Begun(at_ms=first.at_ms, starter=starter)


def _name(tag: str, broadcast: Broadcast) -> Told:
    """The hashtag where all its words have been reviewed; else nothing."""
    return release(tag, {tag}) if tag and broadcast.is_reviewed(tag) else compose("")
