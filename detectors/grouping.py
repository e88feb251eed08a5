"""Which bursting terms and posts belong to one event.

A topic owns conversations (an original and all that quotes it), posts and terms. A post joins the topic that
owns its conversation, else the one whose terms it shares most tellingly; a bursting term joins the topic that
owns most of its recent posts, else opens a candidate with those that nobody owns. So a word that several
events share ("孩子", child) ties none of them together. A term that raises a candidate by itself brings the posts
that nobody owns and that say little else (docs/decisions/0055). One repost never brings its whole conversation
with it: what somebody adds to a story is not what the story is about.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from detectors.delta import CONVERSATION, Evidence, Voice
from detectors.evidence import EvidenceIndex
from detectors.saying import Profile, Weigh, cosine, profile
from detectors.topics import Topic

__all__ = ["Grouping"]

JOIN_SHARE = 0.5  # of a term's recent posts that one topic must own for the term to join it
LIKENESS = 0.25  # weight of shared terms over all of a post's terms from which it belongs, though quoting nothing known
# Cosine of what two topics' posts say, from which they are one event. Topics of one story had 0.3 to 1, of two
# stories at most 0.15 but for a few; docs/decisions/0009.
SAME_EVENT = 0.4
_TWO = 2  # shared terms: one word is no event in common
_SAYS_LITTLE_ELSE = 0.4  # weight of one term over all of a post's
_RECENT_MS = 600_000
_FEW = 5  # posts, below which a fading topic takes in only what belongs to its conversations
_MIN_UNOWNED = 3  # posts a candidate starts from


class Grouping:
    """Live topics and who owns what. Deterministic: ties go to the better score, then the smaller term or id."""

    def __init__(self, topics: dict[str, Topic], evidence: EvidenceIndex, weigh: Weigh) -> None:
        """Index the live topics.

        Args:
            topics: id -> topic; changed in place.
            evidence: posts of the last hour by term.
            weigh: how telling a term is, > 0: rare before, heavy (see `Counts.surprisal`).
        """
        self.topics = topics
        self._evidence = evidence
        self._weigh = weigh
        self._of_conversation: dict[str, str] = {}
        self._of_post: dict[str, str] = {}  # of the posts that came without their conversation
        self._of_term: dict[str, str] = {}
        self._unowned: dict[str, Evidence] = {}  # post id -> post of this tick that `place` has given to no topic
        for topic in topics.values():
            self._index(topic)

    def begin(self) -> None:
        """A tick begins."""
        self._unowned.clear()

    def place(self, post: Evidence) -> None:
        """Give a new post to the topic that it belongs to, if any."""
        owner = self._of_conversation.get(post.conversation)
        if owner is not None:
            self._claim(self.topics[owner], post, with_conversation=True)
            return
        owner = self._most_alike(post.terms, LIKENESS)
        if owner is not None:
            self._claim(self.topics[owner], post, with_conversation=post.is_own)
        else:
            self._unowned[post.post] = post

    def hear(self, voice: Voice) -> None:
        """Tally a post that is no evidence in the topic that it belongs to: its conversation's, else its hashtags'."""
        owner = self._of_conversation.get(voice.conversation)
        if owner is None:
            owners = Counter(owner for term in voice.ties if (owner := self._of_term.get(term)) is not None)
            owner = min(owners, key=lambda name: (-owners[name], name), default=None)
        if owner is not None:
            self.topics[owner].tally.add(voice)

    def owner(self, post: Evidence | None, conversation: str) -> Topic | None:
        """The topic of a post, or of the conversation that it began."""
        name = None if post is None else self._owner_of(post)
        name = name or self._of_conversation.get(conversation)
        return None if name is None else self.topics[name]

    def join(self, term: str, score: float, now_ms: int, *, alarm: float) -> None:
        """Take in a bursting term: into its topic, or a new candidate, or nowhere if it says nothing new.

        A term that reaches the alarm raises a candidate by itself, so those who say it and speak of nothing else that
        is known are the candidate's, though no other word of theirs is: of an event whose other words are everyday ones
        ("孩子走失", a child lost) only one bursts.
        """
        owner = self._of_term.get(term)
        if owner is None:
            owner = self._owner_of_support(term) or self._open(term, now_ms)
        if owner is None:
            return
        topic = self.topics[owner]
        is_first = topic.terms.get(term, 0.0) < alarm
        topic.burst(term, score)
        topic.active_ms = now_ms
        self._of_term[term] = owner
        if score >= alarm:
            posts = self._evidence.of_term(term) if is_first else self._unowned.values()
            self._gather(
                topic, term, [post for post in posts if term in post.said and post.at_ms > now_ms - _RECENT_MS]
            )

    def twin_of(self, topic: Topic) -> Topic | None:
        """The raised topic whose posts say the same, the likest from SAME_EVENT on; else what it begins again, or None.

        Cost: some 0.2 ms a raised topic; asked once, when a candidate is about to be raised.
        """
        own = self._profile(topic)
        raised = [other for other in self.topics.values() if other.raised_ms and other.posts]
        alike = [(-cosine(own, self._profile(other)), other.id) for other in raised]
        negative, found = min(alike, default=(0.0, ""))
        return self.topics[found] if -negative >= SAME_EVENT else self._begun_again(topic)

    def _begun_again(self, topic: Topic) -> Topic | None:
        """The raised topic, faded, that most of the candidate's posts would have joined before it faded; or None."""
        posts = topic.posts.values()
        owners = Counter(self._most_alike(post.terms, LIKENESS, even_faded=True) for post in posts)
        name, count = min(owners.items(), key=lambda item: (-item[1], item[0] or ""), default=(None, 0))
        if name is None or name == topic.id or 2 * count <= len(posts) or not self.topics[name].raised_ms:
            return None
        return self.topics[name]

    def told_by(self, words: Mapping[str, float], least: float) -> Topic | None:
        """The raised topic whose posts say what the words of a hot list's topic say, or None: the likest.

        Args:
            words: term -> how much it counts there, the title's 1.
            least: cosine from which it is one event; at least two terms are shared.

        Cost: as `twin_of`; asked when an entry comes.
        """
        own = {term: count * self._weigh(term) for term, count in sorted(words.items())}
        told = {topic.id: self._profile(topic) for topic in self.topics.values() if topic.raised_ms and topic.posts}
        alike = [(-cosine(own, posts), name) for name, posts in told.items() if len(own.keys() & posts.keys()) >= _TWO]
        negative, found = min(alike, default=(0.0, ""))
        return self.topics[found] if -negative >= least else None

    def _profile(self, topic: Topic) -> Profile:
        return profile(topic.posts.values(), self._weigh)

    def merge(self, topic: Topic, into: Topic) -> None:
        """Make two topics one; the elder id stays."""
        for term, score in topic.terms.items():
            into.burst(term, score)
        into.posts.update(topic.posts)
        into.tally.absorb(topic.tally)
        into.conversations |= topic.conversations
        into.first_ms = min(into.first_ms, topic.first_ms)
        into.active_ms = max(into.active_ms, topic.active_ms)
        del self.topics[topic.id]
        self._index(into)

    def add(self, topic: Topic) -> None:
        """Take in a topic with all that it holds."""
        self.topics[topic.id] = topic
        self._index(topic)

    def rename(self, topic: Topic, name: str) -> None:
        """Give a topic another id."""
        del self.topics[topic.id]
        for owners in (self._of_conversation, self._of_post, self._of_term):
            owners.update({key: name for key, owner in owners.items() if owner == topic.id})
        topic.id = name
        self.topics[name] = topic

    def drop(self, topic: Topic) -> None:
        """Forget a topic that has closed, or a candidate that came to nothing."""
        del self.topics[topic.id]
        for conversation in topic.conversations:
            self._of_conversation.pop(conversation, None)
        for term in topic.terms:
            self._of_term.pop(term, None)
        for post in topic.posts:
            self._of_post.pop(post, None)

    def forget(self, gone: Iterable[Evidence]) -> None:
        """Take posts that are over an hour old out of their topics."""
        for post in gone:
            self._unowned.pop(post.post, None)
            owner = self._owner_of(post)
            if owner is not None:
                self.topics[owner].posts.pop(post.post, None)
                self._of_post.pop(post.post, None)

    def _gather(self, topic: Topic, term: str, posts: Iterable[Evidence]) -> None:
        """Give it those of the posts that no topic owns, that say the term and little besides."""
        weight = self._weigh(term)
        for post in posts if weight else ():  # none of a conversation: whoever quotes it has been given by that
            is_known = post.post in self._of_post or post.conversation in self._of_conversation
            if not is_known and weight >= _SAYS_LITTLE_ELSE * sum(map(self._weigh, post.terms)):
                self._claim(topic, post, with_conversation=post.is_own)

    def _index(self, topic: Topic) -> None:
        for conversation in topic.conversations:
            self._of_conversation[conversation] = topic.id
        for term in topic.terms:
            self._of_term[term] = topic.id
        for post in topic.posts.values():
            if post.conversation in topic.conversations:
                self._of_post.pop(post.post, None)
            else:
                self._of_post[post.post] = topic.id

    def _claim(self, topic: Topic, post: Evidence, *, with_conversation: bool) -> None:
        topic.posts[post.post] = post
        topic.tally.add(post)
        topic.first_ms = min(topic.first_ms, post.at_ms)
        if with_conversation:
            topic.conversations.add(post.conversation)
            self._of_conversation[post.conversation] = topic.id
        else:
            self._of_post[post.post] = topic.id

    def _owner_of(self, post: Evidence) -> str | None:
        return self._of_post.get(post.post) or self._of_conversation.get(post.conversation)

    def _owner_of_support(self, term: str) -> str | None:
        """The topic that owns at least JOIN_SHARE of the term's recent posts."""
        support = self._evidence.of_term(term)
        owners = Counter(owner for post in support if (owner := self._owner_of(post)) is not None)
        if not owners:
            return None
        owner, owned = min(owners.items(), key=lambda item: (-item[1], item[0]))
        return owner if owned >= max(2, JOIN_SHARE * len(support)) else None

    def _open(self, term: str, now_ms: int) -> str | None:
        """Open a candidate on the term's posts that no topic owns, if they are most of its posts."""
        support = self._evidence.of_term(term)
        unowned = [post for post in support if self._owner_of(post) is None]
        if len(unowned) < max(_MIN_UNOWNED, JOIN_SHARE * len(support)):
            return None
        if term.startswith(CONVERSATION):  # what the others quote does not hold the term, for it quotes nothing
            first = self._evidence.begun(term.removeprefix(CONVERSATION))
            unowned[:0] = [first] if first is not None and self._owner_of(first) is None else []
        name = blake2b(f"{term}@{now_ms}".encode(), digest_size=6).hexdigest()
        topic = Topic(id=name, born_ms=now_ms, first_ms=unowned[0].at_ms, active_ms=now_ms)
        self.topics[name] = topic
        shared = Counter(post.conversation for post in unowned)
        for post in unowned:
            is_theirs = post.is_own or shared[post.conversation] > 1
            self._claim(topic, post, with_conversation=is_theirs)
        return name

    def _most_alike(self, terms: Iterable[str], least: float, *, even_faded: bool = False) -> str | None:
        """The topic that shares most of the terms' weight, if at least `least` of it and two terms (or all)."""
        given, total = 0, 0.0
        shared: dict[str, float] = {}
        hits: dict[str, int] = {}
        for term in terms:
            weight = self._weigh(term)
            given += 1
            total += weight
            owner = self._of_term.get(term)
            if owner is not None:
                shared[owner] = shared.get(owner, 0.0) + weight
                hits[owner] = hits.get(owner, 0) + 1
        alike = [
            (-weight, owner)
            for owner, weight in shared.items()
            if hits[owner] >= min(given, 2)  # one word of several in common is no event in common
            and weight >= least * total
            and not math.isclose(total, 0.0)
            and (even_faded or not _has_faded(self.topics[owner]))
        ]
        return min(alike)[1] if alike else None


def _has_faded(topic: Topic) -> bool:
    """Whether a topic is down to a few posts: what merely sounds like it may be another story."""
    return topic.state == "fading" and len(topic.posts) < _FEW
