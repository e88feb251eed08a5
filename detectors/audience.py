"""How many people a topic may have reached in 24 hours: an upper bound, with what it rests on beside it.

Followers are summed over distinct authors and discounted for those who follow several of them, as if who follows whom
were independent (random duplication, the "Sainsbury formula" of media planning):

    people = N (1 - prod(1 - f_i / N))      f_i followers of author i, N people on the platform in a day

Those who speak of one thing share more followers than chance would have it, and not every follower reads every post: so
it is said as "up to". Sources, the values of N and what speaks for rivals: docs/decisions/0025. Pure.
"""

import math
from collections.abc import Callable

import msgspec

from contracts.topic import Audience, Reached
from detectors.crowd import Crowd
from detectors.own import ECHO, OWN
from detectors.tally import Tally
from detectors.topics import Topic

__all__ = ["audience_of", "people", "renewed"]

# people on a platform in a day: Weibo's daily users of September 2024 (its quarterly report); WeChat's monthly users
# (Tencent, 2023); of others no more than there are internet users in China (CNNIC, 2024)
_USERS = {"weibo": 257e6, "tencent": 100e6, "wechat": 1340e6}
_EVERYBODY = 1100e6
_FRESH_MS = 5 * 60_000
_SEEN = 1.1  # times as many posts: then it is counted anew at once


def renewed(topic: Topic, now_ms: int, *, authors: int) -> Audience:
    """The audience to tell now: the one told last while it is fresh, for it moves slowly and costs much of a line.

    `authors` are those of the last hour: no fewer spoke in 24.
    """
    told = None if topic.line is None else topic.line.audience
    is_fresh = now_ms - topic.audience_ms < _FRESH_MS
    if told is None or not is_fresh or topic.tally.posts() > _SEEN * told.posts:
        told, topic.audience_ms = audience_of(topic.tally), now_ms
    # its hashtags may count people whose posts another topic has
    return told if told.authors >= authors else msgspec.structs.replace(told, authors=authors)


def audience_of(tally: Tally) -> Audience:
    """A topic's audience of the last 24 hours. Cost: as `Tally.crowd_by_platform`, and 100 ns an author."""
    crowds = tally.crowd_by_platform()
    reached = {name: _reached(name, crowd) for name, crowd in crowds.items()}
    posts = tally.posts()
    found = [platform.people for platform in reached.values() if platform.people is not None]
    return Audience(
        authors=min(sum(platform.authors for platform in reached.values()), posts),  # an estimate may exceed them
        people=sum(found) if found else None,
        followers=round(sum(crowd.total() for crowd in crowds.values())) if found else None,
        told=round(tally.told() / posts, 3) if posts else 0.0,
        posts=posts,
        own=tally.marked(OWN),
        echoes=tally.marked(ECHO),
        platforms=reached,
    )


def people(crowd: Crowd, users: float) -> int:
    """Distinct people at most behind a crowd's authors.

    >>> crowd = Crowd(authors={1: 1000, 2: 500})
    >>> people(crowd, 257e6), people(crowd, 1000)
    (1500, 1000)
    """
    missed = crowd.total(_logs(users))
    return round(-users * math.expm1(-missed))


def _logs(users: float) -> Callable[[int], float]:
    """Followers -> -log of the share of a platform's people that does not follow; finite."""
    return lambda followers: -math.log1p(-min(followers / users, 1 - 1e-9))


def _reached(platform: str, crowd: Crowd) -> Reached:
    users = _USERS.get(platform, _EVERYBODY)
    return Reached(authors=crowd.count(), people=people(crowd, users) if crowd.is_told else None)
