"""What the windows tell the detector: the changes of one second of progress in one partition.

A partition's progress is its newest event time; each change belongs to the second of progress in which
it was made, so that "all changes up to T" is the same set whenever and however often it is read.
"""

from functools import cached_property, lru_cache
from sys import intern

import msgspec

from detectors.exposure import Sign
from detectors.veil import HIDDEN

__all__ = [
    "CALLED",
    "CONVERSATION",
    "PERHAPS",
    "QUANTUM_MS",
    "SURE",
    "Delta",
    "Evidence",
    "Ranking",
    "Voice",
    "quantum_of",
    "unsampled",
]

QUANTUM_MS = 1000
SURE = 100  # relevance from which a post is about children by itself
# Before the mark of a word that stands where hardly anything but a name does; where one may, and much else
CALLED, PERHAPS = "!", "?"
CONVERSATION = "@"  # first character of the term that stands for a conversation; no word starts with it


class Evidence(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A post that is, or may be, about children, as the detector needs it: who, where, which terms.

    Attributes:
        post: post id.
        author: author key.
        at_ms: event time.
        platform: for instance "weibo".
        followers: of the author, None where the post does not tell.
        conversation: mark (`Veil.mark`) of the id of the quoted original, else of its own.
        terms: what it counts for, hashtags among them; words that might name somebody are hidden (`detectors.veil`).
        categories: of the relevance judgement, most central first.
        sample: the beginning of its redacted text, for the console only; "" for most reposts and all messages.
        signs: what it does besides telling (`detectors.exposure`).
        marks: what it has to do with the organisation (`detectors.own`), and what it calls for (`detectors.calls`).
        verified: whether its platform has verified the account.
        region: of the author, as `detectors.regions` has it; "" where the post does not tell.
        withheld: marks (`Veil.mark`) of words that stand in the name of a person or place here; behind CALLED once more
            where hardly anything else can, behind PERHAPS where much else can (`detectors.named_words`).
        joints: (place, place) of terms that stand side by side in the text, nothing between (`terms.joints_of`).
        relevance: its score in percent of the threshold; from 100 on it is about children by itself.
        archived: whether it is replayed from an archive.
    """

    post: str
    author: str
    at_ms: int
    platform: str
    followers: int | None
    conversation: str
    terms: tuple[str, ...]
    categories: tuple[str, ...]
    sample: str = ""
    withheld: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    joints: tuple[tuple[int, int], ...] = ()
    region: str = ""
    marks: tuple[str, ...] = ()
    verified: bool = False
    relevance: int = 100
    archived: bool = False

    @property
    def is_relevant(self) -> bool:
        """Whether it is about children by itself, not only perhaps."""
        return self.relevance >= SURE

    @cached_property
    def said(self) -> frozenset[str]:
        """Its terms, to be looked up; one object for all posts that say the same, as most reposts do."""
        return _said(self.terms)

    @cached_property
    def unmasked(self) -> frozenset[str]:
        """Hidden words that its sample shows; where another post tells that one of them is a name, it is not shown."""
        hidden = {term.strip("#") for term in self.terms if term.startswith((HIDDEN, f"#{HIDDEN}"))}
        return frozenset(hidden.difference(self.withheld))

    @cached_property
    def is_own(self) -> bool:
        """Whether it quotes no other post: what it says is its own conversation."""
        return not any(term.startswith(CONVERSATION) for term in self.terms)


@lru_cache(maxsize=1 << 12)
def _said(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(terms)


class Voice(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A relevant post whose words so many have said in that minute that it is no evidence: it still counts.

    Attributes:
        conversation, author, at_ms, platform, followers, marks: as of its evidence.
        ties: its hashtags where it quotes nothing, by which it is known to belong to a topic.
    """

    conversation: str
    author: str
    at_ms: int
    platform: str
    followers: int | None
    ties: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, post: Evidence) -> "Voice | None":
        """What is left of a post; None where nothing ties it to a topic: it quotes nothing and has no hashtag."""
        ties = tuple(term for term in post.terms if term.startswith("#")) if post.is_own else ()
        if post.is_own and not ties:
            return None
        return cls(post.conversation, post.author, post.at_ms, post.platform, post.followers, ties, post.marks)


class Ranking(msgspec.Struct, frozen=True, array_like=True):
    """An entry of a platform's hot list about children, as one snapshot of the list has it.

    Attributes:
        id: of the entry; the same in each snapshot that it stands in.
        at_ms: time of the snapshot.
        platform: for instance "weibo".
        list: name of the list, for instance "weibo_hot_search".
        rank: place on the list, None where the list does not tell.
        heat: the list's own number, None where it does not tell.
        title: all words of the redacted title, in order: what a topic's title may be composed of.
        head: terms and small numbers (ages, counts) of the title.
        body: those of the description.
        categories: of the relevance judgement, most central first.
        archived: whether the snapshot is replayed from an archive.
        relevance: the judge's score in percent of what an entry needs.
        signs: what title and description say of a child (`detectors.exposure`); a list spreads no picture.
    """

    id: str
    at_ms: int
    platform: str
    list: str
    rank: int | None
    heat: int | None
    title: tuple[str, ...]
    head: tuple[str, ...]
    body: tuple[str, ...]
    categories: tuple[str, ...]
    archived: bool = False
    relevance: int = 0
    signs: tuple[Sign, ...] = ()


class Delta(msgspec.Struct, array_like=True):
    """The changes of one quantum of progress of one partition.

    Attributes:
        quantum_ms: end of the second of progress, exclusive (epoch ms, a multiple of QUANTUM_MS).
        posts: minute (epoch minutes) -> posts seen, relevant or not: the exposure.
        authors: minute -> term -> change of the number of distinct authors; negative where an author's
            first use of the hour turned out to be in an earlier minute.
        evidence: relevant posts; of a term and minute at least the first KEPT_PER_TERM_AND_MINUTE (evidence.py).
        rankings: entries of hot lists that are about children.
        lists: list -> time of its newest snapshot here, whatever stands on it: so that an entry's going is seen.
        forgotten: ids of posts that were deleted, or are to be forgotten.
        voices: relevant posts that are no evidence and may belong to a topic, each once.
        gone: ids of posts that their platform no longer shows; those that were told of by a repost come again.
        marks: epoch hour -> mark -> relevant posts that carry it, "" = all of them.
        places: list -> its lowest place here, whatever stands on it: how long the list is; 0 where it tells no places.
    """

    quantum_ms: int
    posts: dict[int, int]
    authors: dict[int, dict[str, int]]
    evidence: list[Evidence]
    rankings: list[Ranking] = []
    lists: dict[str, int] = {}
    forgotten: list[str] = []
    voices: list[Voice] = []
    gone: list[str] = []
    marks: dict[int, dict[str, int]] = {}
    places: dict[str, int] = {}

    @property
    def is_quiet(self) -> bool:
        """Whether posts were seen and nothing else: none of them was, or may be, about children."""
        return not (
            self.marks or self.evidence or self.lists or self.authors or self.voices or self.gone or self.forgotten
        )

    def intern(self) -> None:
        """Make equal terms one object: a detector looks each up dozens of times, and then need not read it.

        Cost: 0.1 microseconds a term, of a delta that was decoded.
        """
        authors = self.authors.items()
        self.authors = {minute: dict(zip(map(intern, terms), terms.values(), strict=True)) for minute, terms in authors}
        self.evidence = [msgspec.structs.replace(post, terms=tuple(map(intern, post.terms))) for post in self.evidence]


def quantum_of(progress_ms: int) -> int:
    """End of the second of progress that `progress_ms` lies in.

    >>> quantum_of(1_500), quantum_of(2_000)
    (2000, 3000)
    """
    return progress_ms // QUANTUM_MS * QUANTUM_MS + QUANTUM_MS


def unsampled(post: Evidence) -> Evidence:
    """The post as it is saved on Kafka, where it stays longer than in Redis: without what people read."""
    return msgspec.structs.replace(post, sample="") if post.sample else post
