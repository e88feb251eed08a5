"""Join a title's words where the posts say them in one breath.

Two words are joined when they stand side by side, nothing between, in most of the posts that hold both, of several
authors (`terms.joints_of`). A word for a child never comes first: who was shot did not shoot, and a title must not
say so because a text was cut. Pure.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from detectors.delta import Evidence

__all__ = ["CHILD_WORD", "Links", "links_of", "phrases_of"]

CHILD_WORD = re.compile("孩|童|婴|娃|宝|幼儿$|幼女|小朋友|少年|少女|儿子|女儿|学生|[男女]生$|弟|妹|孙")
_LEAST_AUTHORS = 3  # one person's wording is no phrase
_LEAST_SHARE = 0.6  # of the posts that hold both words, in which they stand side by side
_MOST_WORDS, _MOST_CHARS = 4, 12  # of one phrase: what a person reads in one breath

Links = Mapping[str, str]  # a word -> the one that stands behind it


def links_of(posts: Sequence[Evidence], may_join: Callable[[str, str], bool]) -> Links:
    """Which words of the posts go together: for each at most one behind it, and one before.

    Args:
        posts: of a topic, newest last.
        may_join: whether two words may stand in one phrase, the first before the second.

    Cost: some 50 microseconds for 60 posts.
    """
    authors: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    beside: defaultdict[tuple[str, str], int] = defaultdict(int)
    for post in posts:
        for place, next_place in post.joints:
            pair = (post.terms[place], post.terms[next_place])
            authors[pair].add(post.author)
            beside[pair] += 1
    held: list[frozenset[str]] = [frozenset(post.terms) for post in posts]
    good: list[tuple[int, str, str]] = []
    for (one, other), count in beside.items():
        if len(authors[one, other]) < _LEAST_AUTHORS or CHILD_WORD.search(one) or not may_join(one, other):
            continue
        both = sum(one in terms and other in terms for terms in held)
        if count >= _LEAST_SHARE * both:
            good.append((-count, one, other))
    behind: dict[str, str] = {}
    taken: set[str] = set()
    for _, one, other in sorted(good):
        if one not in behind and other not in taken:
            behind[one] = other
            taken.add(other)
    return behind


def phrases_of(terms: Sequence[str], links: Links, most_chars: int) -> list[tuple[str, ...]]:
    """The terms in the order given, each with what goes with it; one that another's phrase holds is not repeated.

    Args:
        terms: most telling first.
        links: of `links_of`.
        most_chars: that all phrases together may have: where there is no room, a term stays alone.

    >>> phrases_of(["毒打", "老师"], {"幼童": "惨遭", "惨遭": "毒打"}, 20)
    [('幼童', '惨遭', '毒打'), ('老师',)]
    """
    before = {other: one for one, other in links.items()}
    room = most_chars - sum(map(len, terms))
    phrases: list[tuple[str, ...]] = []
    for term in terms:
        used = {word for phrase in phrases for word in phrase}
        if term in used:
            room += len(term)
            continue
        phrase = _grown(term, links, before, used, len(term) + max(room, 0))
        room -= sum(map(len, phrase)) - len(term)
        phrases.append(phrase)
    return phrases


def _grown(term: str, behind: Links, before: Links, used: Collection[str], most_chars: int) -> tuple[str, ...]:
    phrase = [term]
    limit = min(most_chars, _MOST_CHARS)
    while len(phrase) < _MOST_WORDS:
        nearest = [
            (word, place)
            for word, place in ((behind.get(phrase[-1]), len(phrase)), (before.get(phrase[0]), 0))
            if word is not None and word not in used and word not in phrase
        ]
        fitting = [(word, place) for word, place in nearest if sum(map(len, phrase)) + len(word) <= limit]
        if not fitting:
            break
        word, place = fitting[0]
        phrase.insert(place, word)
    return tuple(phrase)
