"""What is told of a topic that has been judged: from the detector's state to its line.

    topic, of posts or from hot lists ──▶ flags, words, reason, what its list says ──▶ TopicLine

Judging is `detectors.detector`'s: which topics there are, and when one is told. Nothing here changes which those are.
"""

from collections.abc import Sequence
from itertools import chain

from contracts.topic import Flag, TopicLine
from detectors.asked import asked_of
from detectors.bonds import with_list
from detectors.broadcast import Broadcast
from detectors.campaign import is_campaign
from detectors.deletions import is_vanishing
from detectors.delta import CONVERSATION
from detectors.flags import flags_of, with_flags
from detectors.list_report import describe_listed
from detectors.list_topics import told_of
from detectors.lists import Lists
from detectors.mutes import Muted
from detectors.report import describe
from detectors.rules import DetectRules
from detectors.state import DetectorState
from detectors.topics import Topic

__all__ = ["Telling"]


class Telling:
    """Writes the lines of one detector's topics, and keeps each with its topic.

    Attributes:
        changed: ids of the topics whose line is out of date, for instance because it showed a post which is
            forgotten; empty between steps.
        retold: id of a closed topic -> its last line told again, without a post that is forgotten; likewise.
    """

    def __init__(self, rules: DetectRules, broadcast: Broadcast, state: DetectorState, lists: Lists) -> None:
        """Look at the detector's own state, whatever becomes of it.

        Args:
            rules: what the operator decides.
            broadcast: what may be shown.
            state: of the detector.
            lists: its topics from hot lists.
        """
        self.changed: set[str] = set()
        self.retold: dict[str, TopicLine] = {}
        self._rules = rules
        self._broadcast = broadcast
        self._state = state
        self._lists = lists
        self._weights: dict[str, float] = {}  # in this tick: a line asks for the same words several times
        self._named: tuple[int, frozenset[str]] = (-1, frozenset())  # tick, and what `_names_at` says of it

    def begin(self) -> None:
        """A tick begins in which something has changed: words may weigh otherwise."""
        self._weights.clear()

    def line(self, topic: Topic, tick_ms: int) -> TopicLine:
        """The topic's line as of now."""
        topic.line, topic.line_ms = self._describe(topic, tick_ms), tick_ms
        return topic.line

    def renewed(self, tick_ms: int) -> list[TopicLine]:
        """Lines of the topics that have `changed` and were not told in this tick, and those `retold`."""
        if not self.changed and not self.retold:
            return []
        changed, retold = self.changed, [*self.retold.values()]
        self.changed, self.retold = set(), {}
        topics = (self._state.topics.get(name) for name in sorted(changed))
        return retold + [self.line(topic, tick_ms) for topic in topics if topic is not None and topic.line_ms < tick_ms]

    def listed(self, name: str, news: Sequence[str], tick_ms: int, muted: Muted) -> TopicLine | None:
        """The line of a list topic; None where posts tell of it, for theirs is written anew, and of a new one muted."""
        topic = self._state.lists.topics[name]
        if topic.line is None and not topic.has_posts and muted.covers_title(topic.title_words()):
            return None
        standing = self._lists.standing(topic, tick_ms)
        self._state.raised += topic.line is None and not topic.has_posts
        topic.line = describe_listed(
            topic,
            standing,
            news,
            at_ms=tick_ms,
            broadcast=self._broadcast,
            language=self._rules.language,
            names=self._names_at(tick_ms),
        )
        topic.told = told_of(standing)
        if topic.has_posts:
            self.changed.add(name)
            return None
        return topic.line

    def flags(self, topic: Topic) -> list[Flag]:
        """Of the topic now, and of the list that it stands on."""
        usual, now_ms = self._state.usual, self._state.tick_ms
        own = flags_of(
            topic,
            asked_of(topic, usual, now_ms),
            is_vanishing=is_vanishing(topic, usual, now_ms),
            is_campaign=is_campaign(topic),
        )
        listed = self._state.lists.topics.get(topic.id)
        return own if listed is None or listed.line is None else with_flags(own, listed.line.flags)

    def weigh(self, term: str) -> float:
        """How telling a term is; a conversation's id tells nothing of words."""
        known = self._weights.get(term)
        if known is None:
            telling = 0.0 if term.startswith(CONVERSATION) else self._state.counts.surprisal(term, self._rules.burst)
            known = self._weights[term] = telling
        return known

    def _describe(self, topic: Topic, tick_ms: int) -> TopicLine:
        listed = self._state.lists.topics.get(topic.id)
        told = None if listed is None else listed.line
        line = describe(
            topic,
            self._state.counts,
            at_ms=tick_ms,
            burst=self._rules.burst,
            broadcast=self._broadcast,
            weigh=self.weigh,
            usual=self._state.usual,
            messages=self._rules.messages,
            language=self._rules.language,
            names=self._names_at(tick_ms),
            flagged=() if told is None else told.flags,
        )
        return line if told is None else with_list(line, told, self._rules.language, topic.withheld)

    def _names_at(self, tick_ms: int) -> frozenset[str]:
        """Marks of the words that a post of any topic shows to be somebody's or a place's name, at this tick."""
        if self._named[0] != tick_ms:
            posts = chain.from_iterable(topic.posts.values() for topic in self._state.topics.values())
            self._named = tick_ms, frozenset(chain.from_iterable(post.withheld for post in posts))
        return self._named[1]
