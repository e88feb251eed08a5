"""Which topics are not raised because operators have muted what they are about.

A post is about a mute of one word when it holds it, about one of several words when it holds two of them and at least
half. A topic is about a mute when most of its posts are. Of a muted topic also what splinters off it is held back: what
goes on in its conversations, or says much of what it says. A topic that is flagged is raised whatever is muted: nobody
can mute a child in danger.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from detectors.delta import CONVERSATION
from detectors.flags import flags_of
from detectors.saying import Weigh, cosine, profile
from detectors.topics import Closed, Topic

__all__ = ["NOTHING", "Muted", "bare", "says"]

_TWO = 2
# Cosine of what a candidate's posts and a muted topic's say, from which one goes on from the other: no two topics of
# different stories had so much (docs/decisions/0038)
_SPLINTER = 0.15
_MOST = 0.5  # of a topic's posts: above it, the topic is about the mute


@dataclass(frozen=True, slots=True)
class Muted:
    """What is muted while a tick is judged.

    Attributes:
        words: each mute's, without the marks of hashtags; in order.
        topics: ids of topics whose splinters are muted.
    """

    words: tuple[frozenset[str], ...] = ()
    topics: frozenset[str] = frozenset()
    _single: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        """Know the words that are muted by themselves."""
        object.__setattr__(self, "_single", frozenset(next(iter(words)) for words in self.words if len(words) == 1))

    @classmethod
    def of(cls, mutes: Iterable[Iterable[str]], topics: Iterable[str] = ()) -> "Muted":
        """Each mute by its words, and muted topics; equal for equal ones in any order."""
        return cls(
            tuple(frozenset(words) for words in sorted({tuple(sorted(bare(words))) for words in mutes}) if words),
            frozenset(topics),
        )

    def covers(self, topic: Topic, alarm: float) -> bool:
        """Whether a candidate is not to be raised.

        Args:
            topic: with all that it holds now.
            alarm: bans that a word needs to raise it; a muted word raises nothing.

        Cost: milliseconds with some hundred mutes, asked of candidates that would be raised now; none without mutes.
        """
        if not self.words or flags_of(topic):
            return False
        raising = (score for term, score in topic.terms.items() if term.strip("#") not in self._single)
        return max(raising, default=0.0) < alarm or self._is_about(post.terms for post in topic.posts.values())

    def covers_splinter(self, topic: Topic, live: Mapping[str, Topic], closed: Iterable[Closed], weigh: Weigh) -> bool:
        """Whether a candidate goes on from a muted topic, live or closed, and is flagged for nothing.

        Cost: some 0.3 ms a muted topic, asked of candidates that would be raised now; none where none is muted.
        """
        known = [old for old in closed if old.id in self.topics]
        parents = [live[name] for name in sorted(self.topics) if name in live and name != topic.id]
        if not (known or parents) or flags_of(topic):
            return False
        said = [bare(post.terms) for post in topic.posts.values()]
        cores = [(frozenset(old.core), old.conversations) for old in known]
        cores += [(frozenset(old.core()), frozenset(old.conversations)) for old in parents]
        for core, theirs in cores:
            words = _worded(core)
            if theirs & topic.conversations or (len(words) >= _TWO and _are_about(words, said)):
                return True
        own = profile(topic.posts.values(), weigh)
        return any(cosine(own, profile(old.posts.values(), weigh)) >= _SPLINTER for old in parents)

    def covers_title(self, words: Collection[str]) -> bool:
        """Whether a hot list's headline with these words is about a mute."""
        return self._is_about([words])

    def _is_about(self, posts: Iterable[Collection[str]]) -> bool:
        said = [bare(terms) for terms in posts]
        together = set().union(*said)
        near = [words for words in self.words if _holds(words, together)]  # most mutes are about something else
        return any(_are_about(words, said) for words in near)


NOTHING = Muted()


def _worded(core: frozenset[str]) -> frozenset[str]:
    """Core terms without what stands for a conversation."""
    return frozenset(bare(term for term in core if not term.startswith(CONVERSATION)))


def _are_about(words: frozenset[str], said: Collection[Collection[str]]) -> bool:
    """Whether most of the posts are about a mute of these words."""
    return sum(_holds(words, terms) for terms in said) > _MOST * len(said)


def _holds(words: frozenset[str], terms: Collection[str]) -> bool:
    """Whether a post is about a mute of these words.

    >>> _holds(frozenset(["校车侧翻"]), {"校车", "侧翻", "学生"}), _holds(frozenset(["校车", "侧翻", "学生"]), {"学生"})
    (True, False)
    """
    held = sum(says(word, terms) for word in words)
    return held >= min(_TWO, len(words)) and 2 * held >= len(words)


def says(word: str, terms: Collection[str]) -> bool:
    """Whether a keyword, which may be a phrase, is put together of these terms."""
    if word in terms:
        return True
    reached = {0}
    for end in range(1, len(word) + 1):
        if any(start in reached and word[start:end] in terms for start in range(end)):
            reached.add(end)
    return len(word) in reached


def bare(terms: Iterable[str]) -> set[str]:
    """Hashtags as words."""
    return {term.strip("#") for term in terms}
