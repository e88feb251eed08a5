"""Where an operator might split a topic: its conversations, and the two sides that it parts into most easily. Pure.

Two groups of conversations, found as k-means finds them (k = 2, cosine). That they say little alike does not make them
two events: the turns of one story do so, too. So the detector never splits by itself; a person who knows that there
are two is shown the seam (docs/decisions/0038).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from contracts.told import Told, release
from contracts.topic import Side, Thread
from detectors.delta import CONVERSATION, Evidence
from detectors.saying import Profile, Weigh, cosine, group_by_conversation, profile
from detectors.topics import Topic

__all__ = ["seam_of", "threads_of"]

# Cosine up to which two sides are a seam: topics of one story had 0.3 to 1, of two at most 0.15 but for a few
# (docs/decisions/0009); two that were made one share what made them so
_APART = 0.3
_LEAST = 3  # authors of a side
_NEWEST = 150  # posts that are looked at
_ROUNDS = 6
_THREADS = 8
_MARKS = 12
_WORDS = 4
_LEAST_POSTS = 2
_OWN = 0.2  # so much less often, at most, the other side says a word that is a side's own

Groups = Mapping[str, Sequence[Evidence]]


def threads_of(topic: Topic, weigh: Weigh) -> list[Thread]:
    """Its conversations of several posts, the largest first; none where it has only one."""
    groups = group_by_conversation(topic.posts.values())
    large = sorted(
        (-len(posts), name) for name, posts in groups.items() if len(posts) >= _LEAST_POSTS and len(groups) > 1
    )
    rest = list(topic.posts.values())
    return [
        Thread(name, -negative, len({post.author for post in groups[name]}), _words(topic, groups[name], rest, weigh))
        for negative, name in large[:_THREADS]
    ]


def seam_of(topic: Topic, weigh: Weigh) -> list[Side]:
    """The two sides that it parts into most easily, the larger first; nothing where both say the same.

    Cost: some 20 microseconds a post.
    """
    groups = group_by_conversation(list(topic.posts.values())[-_NEWEST:])
    profiles = {name: _profile(posts, weigh) for name, posts in groups.items()}
    names = sorted(groups, key=lambda name: (-len(groups[name]), name))
    if len(names) < _LEAST_POSTS:
        return []
    one, other = _parted(names, profiles, groups, weigh)
    sides = sorted(
        ([post for name in part for post in groups[name]] for part in (one, other)),
        key=lambda posts: (-len(posts), posts[0].post if posts else ""),
    )
    if min(len({post.author for post in posts}) for posts in sides) < _LEAST:
        return []
    if cosine(profile(sides[0], weigh), profile(sides[1], weigh)) > _APART:
        return []
    return [_side(topic, own, rest, weigh) for own, rest in (sides, sides[::-1])]


def _parted(
    names: Sequence[str], profiles: Mapping[str, Profile], groups: Groups, weigh: Weigh
) -> tuple[list[str], list[str]]:
    """Begin from the largest conversation and what is least like it, then let each go to the side it is more like."""
    first = profiles[names[0]]
    second = profiles[max(names, key=lambda name: (1 - cosine(profiles[name], first)) * len(groups[name]))]
    sides: tuple[list[str], list[str]] = ([], [])
    for _ in range(_ROUNDS):
        found: tuple[list[str], list[str]] = ([], [])
        for name in names:
            own = profiles[name]
            found[cosine(own, second) > cosine(own, first)].append(name)
        if found == sides:
            break
        sides = found
        first, second = (_profile([post for name in side for post in groups[name]], weigh) for side in sides)
    return sides


def _profile(posts: Sequence[Evidence], weigh: Weigh) -> Profile:
    """As `saying.profile`, with what a single post says, too."""
    held = Counter(term for post in posts for term in post.terms)
    return {term: count / len(posts) * weigh(term) for term, count in sorted(held.items())}


def _side(topic: Topic, own: Sequence[Evidence], rest: Sequence[Evidence], weigh: Weigh) -> Side:
    held = Counter(post.conversation for post in own)
    marks = sorted(held, key=lambda name: (-held[name], name))[:_MARKS]
    return Side(_words(topic, own, rest, weigh), marks, len(own), len({post.author for post in own}))


def _words(topic: Topic, own: Sequence[Evidence], rest: Collection[Evidence], weigh: Weigh) -> list[Told]:
    """What may be told of what these say and the rest hardly does, the most telling first."""
    others = [post for post in rest if post.conversation not in {post.conversation for post in own}]
    mine, theirs = (Counter(term for post in posts for term in post.terms) for posts in (own, others))
    shares = {term: count / len(own) for term, count in mine.items() if not term.startswith(CONVERSATION)}
    telling = {
        term: share * weigh(term)
        for term, share in shares.items()
        if term in topic.shown and theirs[term] <= _OWN * share * max(len(others), 1)
    }
    ranked = sorted(telling, key=lambda term: (-telling[term], term))[:_WORDS]
    return [release(term, topic.shown) for term in ranked]
