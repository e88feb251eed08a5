"""Where an operator might split a topic: its conversations, and the two sides that it parts into most easily. Pure.

Two groups of conversations, found as k-means finds them (k = 2, cosine). That they say little alike does not make them
two events: the turns of one story do so, too. So the detector never splits by itself; a person who knows that there
are two is shown the seam (docs/decisions/0038).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from contracts.told import Told, release
from contracts.topic import Side, Thread
from detectors.delta import CONVERSATION, Evidence
from detectors.saying import Profile, Weigh, cosine, group_by_conversation, profile
from detectors.topics import Topic

__all__ = ["parts_of"]

# Cosine up to which two sides are a seam: topics of one story had 0.3 to 1, of two at most 0.15 but for a few
# (docs/decisions/0009); two that were made one share what made them so
_APART = 0.3
# A topic's parts change slowly, and finding them costs as much as the rest of its line
_EVERY_MS = 10 * 60_000
_GROWN = 1.5
_LEAST = 3  # authors of a side
_NEWEST = 100  # posts that are looked at
_ROUNDS = 4
_THREADS = 8
_MARKS = 12
_WORDS = 4
_LEAST_POSTS = 2
_OWN = 0.2  # so much less often, at most, the other side says a word that is a side's own

Groups = Mapping[str, Sequence[Evidence]]


def parts_of(topic: Topic, at_ms: int, weigh: Weigh) -> tuple[list[Thread], list[Side]]:
    """Its larger conversations, and the two sides of its seam; none of both where it is one conversation.

    They are found anew when it has grown by half, else every ten minutes, and stay as they were when it fades.

    Cost: some 10 microseconds a post that is looked at, where they are found anew.
    """
    parted_ms, posts = topic.parted
    is_due = at_ms - parted_ms >= _EVERY_MS or len(topic.posts) >= _GROWN * posts
    if topic.line is not None and not (is_due and topic.state in ("emerging", "trending")):
        return topic.line.threads, topic.line.seam
    topic.parted = (at_ms, len(topic.posts))
    groups = group_by_conversation(topic.posts.values())
    if len(groups) < _LEAST_POSTS:
        return [], []
    newest = list(topic.posts.values())[-_NEWEST:]
    return _threads(topic, groups, newest, weigh), _seam(topic, group_by_conversation(newest), weigh)


def _threads(topic: Topic, groups: Groups, newest: Sequence[Evidence], weigh: Weigh) -> list[Thread]:
    """The conversations of several posts, the largest first."""
    large = sorted((-len(posts), name) for name, posts in groups.items() if len(posts) >= _LEAST_POSTS)
    return [
        Thread(
            name,
            -negative,
            len({post.author for post in groups[name]}),
            _words(
                topic,
                [post for post in newest if post.conversation == name],
                [post for post in newest if post.conversation != name],
                weigh,
            ),
        )
        for negative, name in large[:_THREADS]
    ]


def _seam(topic: Topic, groups: Groups, weigh: Weigh) -> list[Side]:
    """The two sides, the larger first; nothing where they are too few, or say the same."""
    names = sorted(groups, key=lambda name: (-len(groups[name]), name))
    if len({post.author for posts in groups.values() for post in posts}) < 2 * _LEAST:
        return []
    parted = _parted(names, {name: _direction(groups[name], weigh) for name in names}, groups)
    sides = sorted(
        ([post for name in part for post in groups[name]] for part in parted),
        key=lambda posts: (-len(posts), posts[0].post if posts else ""),
    )
    if min(len({post.author for post in posts}) for posts in sides) < _LEAST:
        return []
    if cosine(profile(sides[0], weigh), profile(sides[1], weigh)) > _APART:
        return []
    return [_side(topic, own, rest, weigh) for own, rest in (sides, sides[::-1])]


def _parted(names: Sequence[str], directions: Mapping[str, Profile], groups: Groups) -> tuple[list[str], list[str]]:
    """Begin from the largest conversation and what is least like it, then let each go to the side it is more like."""
    first = directions[names[0]]
    second = directions[max(names, key=lambda name: (1 - _dot(directions[name], first)) * len(groups[name]))]
    sides: tuple[list[str], list[str]] = ([], [])
    for _ in range(_ROUNDS):
        found: tuple[list[str], list[str]] = ([], [])
        for name in names:
            own = directions[name]
            found[_dot(own, second) > _dot(own, first)].append(name)
        if found == sides:
            break
        sides = found
        first, second = (_mean((directions[name], len(groups[name])) for name in side) for side in sides)
    return sides


def _direction(posts: Sequence[Evidence], weigh: Weigh) -> Profile:
    """What the posts say, of length 1; what a single one says, too."""
    held = Counter(term for post in posts for term in post.terms)
    return _unit({term: count * weigh(term) for term, count in sorted(held.items())})


def _mean(parts: Iterable[tuple[Profile, int]]) -> Profile:
    total: Profile = {}
    for direction, posts in parts:
        for term, weight in direction.items():
            total[term] = total.get(term, 0.0) + posts * weight
    return _unit(total)


def _unit(weights: Profile) -> Profile:
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items() if weight} if length else {}


def _dot(one: Profile, other: Profile) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _side(topic: Topic, own: Sequence[Evidence], rest: Sequence[Evidence], weigh: Weigh) -> Side:
    held = Counter(post.conversation for post in own)
    marks = sorted(held, key=lambda name: (-held[name], name))[:_MARKS]
    return Side(_words(topic, own, rest, weigh), marks, len(own), len({post.author for post in own}))


def _words(topic: Topic, own: Sequence[Evidence], rest: Sequence[Evidence], weigh: Weigh) -> list[Told]:
    """What may be told of what these say and the rest hardly does, the most telling first."""
    mine, theirs = (
        Counter(term for post in posts for term in post.terms if term in topic.shown) for posts in (own, rest)
    )
    telling = {
        term: count * weigh(term)
        for term, count in mine.items()
        if not term.startswith(CONVERSATION) and theirs[term] * len(own) <= _OWN * count * max(len(rest), 1)
    }
    ranked = sorted(telling, key=lambda term: (-telling[term], term))[:_WORDS]
    return [release(term, topic.shown) for term in ranked]
