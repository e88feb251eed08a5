"""What a topic's posts do besides telling, as flags on its line: see `detectors.exposure`."""

from collections.abc import Iterable

from contracts.topic import FLAGS, Asked, Exposure, Flag
from detectors.exposure import AT_RISK, EXPOSURE
from detectors.topics import Topic

__all__ = ["exposure_of", "flags_of", "with_flags"]

_LEAST_AUTHORS = 3  # one person's picture of a child is that person's; three make it spread
_LEAST_SHARE = {AT_RISK: 0.2, EXPOSURE: 0.1}  # of the topic's authors: a word in passing makes no flag


def flags_of(
    topic: Topic, asked: Asked | None = None, *, is_vanishing: bool = False, is_campaign: bool = False
) -> list[Flag]:
    """The flags that its posts call for, in the order of FLAGS. Cost: microseconds a post.

    Args:
        topic: signs are those of its posts of the last hour.
        asked: who asks the organisation more than is usual (`detectors.asked`).
        is_vanishing: whether more of it is gone than is usual (`detectors.deletions`).
        is_campaign: whether people call for the same act (`detectors.campaign`).
    """
    flags: set[Flag] = {"asked"} if asked is not None else set()
    if is_vanishing:
        flags.add("vanishing")
    if is_campaign:
        flags.add("campaign")
    signed = [post for post in topic.posts.values() if post.signs]
    if len(signed) >= _LEAST_AUTHORS:
        authors = len(topic.authors())
        for sign in (AT_RISK, EXPOSURE):
            telling = {post.author for post in signed if sign in post.signs}
            if len(telling) >= max(_LEAST_AUTHORS, _LEAST_SHARE[sign] * authors):
                flags.add(sign)
    return with_flags(flags)


def with_flags(*groups: Iterable[Flag]) -> list[Flag]:
    """The flags of several together, in the order of FLAGS."""
    flags = {flag for group in groups for flag in group}
    return [flag for flag in FLAGS if flag in flags]


def exposure_of(topic: Topic, since: str) -> Exposure:
    """How far the topic's posts spread pictures or identities now."""
    posts = [post for post in topic.posts.values() if EXPOSURE in post.signs]
    followers = {post.author: post.followers for post in posts if post.followers is not None}
    return Exposure(
        posts=len(posts),
        authors=len({post.author for post in posts}),
        reach=sum(followers.values()) if followers else None,
        since=since,
    )
