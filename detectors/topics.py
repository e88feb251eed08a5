"""What the detector knows of a topic while it lives, and of one that has closed."""

from operator import attrgetter

import msgspec

from contracts.topic import State, TopicLine
from detectors.delta import CONVERSATION, Evidence
from detectors.grounds import Raised
from detectors.tally import Tally

__all__ = ["ABOUT_CHILDREN", "CORE", "Begun", "Closed", "Lost", "Topic"]

ABOUT_CHILDREN = 94  # mean relevance (`Evidence.relevance`) of its posts; docs/decisions/0019, 0036
CORE = 20  # of a topic's terms, by which its lines are written
_CLOSED_WORDS = 20  # of a closed topic, by which it is known again
_SAID_AGAIN = 4  # terms; fewer that are all known may be another matter's
_NEWEST = 60  # posts that are looked at: a flood says the same thing a thousand times

_author = attrgetter("author")


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The first call of a campaign: event time, and "own", "public" or "" (`contracts.topic.Campaign`)."""

    at_ms: int
    starter: str


class Lost(msgspec.Struct, kw_only=True):
    """Posts of a topic that their platforms no longer show.

    Attributes:
        first_ms: event time at which the first of them was found gone.
        posts: how many were known well enough to compare.
        terms: term -> how many of these used it.
        carried: greatest share of the topic's posts of an hour that quoted one of them.
        flagged_ms: event time at which the topic was flagged for it, 0 = it is not.
    """

    first_ms: int
    posts: int = 0
    terms: dict[str, int] = {}
    carried: float = 0.0
    flagged_ms: int = 0


class Topic(msgspec.Struct, kw_only=True, dict=True):
    """A candidate (raised_ms == 0) or a raised topic.

    Attributes:
        id: stable for life; opaque, so that it tells nothing of the words.
        born_ms: event time of the tick that opened it.
        terms: term -> its best score so far (bans).
        posts: post id -> evidence of the last hour.
        conversations: marks (`Veil.mark`) of the ids of the originals that its posts quote, or of its own posts.
        first_ms: event time of its first post.
        active_ms: last event time at which one of its terms burst.
        raised_ms: when it was raised, 0 before.
        raised_authors: its authors then.
        grounds: what it was raised on; None before, and of topics that an earlier version raised.
        state: None before it is raised.
        pending, pending_minutes: the state that would be next, and for how many minutes it has held.
        shown: terms released for broadcast; one that twenty people have used stays released.
        withheld: terms that stand in the name of a person or place here: never shown.
        exposed_ms: event time at which it was first flagged `exposure`, 0 before.
        asked_ms: likewise of `asked`.
        audience_ms: when its audience was counted last.
        begun: how it began as a campaign, None while it is none.
        lost: what of it is gone, None where nothing is.
        apart: ids of topics that operators split off from it, or it from: never one with it again.
        tally: of all its posts of the last 24 hours.
        told: the phrases of its title, in order, a space between the words of each.
        parted: when its parts were looked for last, and among how many posts (`detectors.seams`).
        line: the last line written, None before.
        line_ms: when.
    """

    id: str
    born_ms: int
    terms: dict[str, float] = {}
    posts: dict[str, Evidence] = {}
    conversations: set[str] = set()
    first_ms: int
    active_ms: int
    raised_ms: int = 0
    raised_authors: int = 0
    grounds: Raised | None = None
    state: State | None = None
    pending: State | None = None
    pending_minutes: int = 0
    shown: set[str] = set()
    withheld: set[str] = set()
    told: list[str] = []
    exposed_ms: int = 0
    asked_ms: int = 0
    audience_ms: int = 0
    lost: Lost | None = None
    begun: Begun | None = None
    apart: set[str] = set()
    tally: Tally = msgspec.field(default_factory=Tally)
    parted: tuple[int, int] = (0, 0)
    line: TopicLine | None = None
    line_ms: int = 0

    def __post_init__(self) -> None:
        """The terms in order are asked for each minute and change seldom; not part of the state."""
        self._ordered: dict[str, float] | None = None  # the terms that the two are of
        self._ranked: list[str] = []
        self._ties: list[str] = []
        self._shared: dict[frozenset[str], int] = {}

    def burst(self, term: str, score: float) -> None:
        """Note that a term has burst; its best score counts."""
        if score > self.terms.get(term, -1.0):
            self.terms[term] = score
            self._ordered = None

    def authors(self) -> set[str]:
        """Distinct authors of its evidence of the last hour."""
        return set(map(_author, self.posts.values()))

    def is_about_children(self) -> bool:
        """Whether its newest posts are, taken together.

        A post of a few words may be taken for one, or not; of an event's posts those that were taken for one are the
        luckiest. So those that may be count as well, and their mean decides. Each weighs by the square of its terms:
        who says more is judged better.
        """
        newest = list(self.posts.values())[-_NEWEST:]
        return sum(len(post.terms) ** 2 * (post.relevance - ABOUT_CHILDREN) for post in newest) >= 0

    def regions(self) -> list[str]:
        """The region of each of them who tells one."""
        return list({post.author: post.region for post in self.posts.values() if post.region}.values())

    def core(self, most: int = 5) -> list[str]:
        """Its most telling terms, best score first; ties by the term itself."""
        self._order()
        return self._ranked[:most]

    def shared_core(self, said: frozenset[str]) -> int:
        """How many of its CORE most telling terms a post says; of what many posts say it is looked up once."""
        self._order()
        shared = self._shared.get(said)
        if shared is None:
            shared = self._shared[said] = len(said.intersection(self._ranked[:CORE]))
        return shared

    def ties(self) -> list[str]:
        """Those of its terms that nobody uses who speaks of something else: conversations and hashtags."""
        self._order()
        return self._ties

    def _order(self) -> None:
        if self._ordered is not self.terms:
            self._ordered = self.terms
            self._shared.clear()
            self._ranked = [term for _, term in sorted([(-score, term) for term, score in self.terms.items()])]
            self._ties = [term for term in self.terms if term.startswith((CONVERSATION, "#"))]

    def goes_on(self, old: "Closed") -> bool:
        """Whether it is the old topic again.

        It quotes what that quoted, or shares half of that one's core; or its own core is all among that one's words: of
        a text that comes back other words burst most, for all of them burst alike (docs/decisions/0036).
        """
        core = set(self.core())
        is_said_again = len(core) >= _SAID_AGAIN and core <= old.words
        return (
            is_said_again
            or len(core & old.core) * 2 >= max(len(old.core), 1)
            or not self.conversations.isdisjoint(old.conversations)
        )


class Closed(msgspec.Struct, kw_only=True, frozen=True):
    """What is kept of a closed topic, to know it again.

    Attributes:
        core: its most telling terms.
        words: more of them.
    """

    id: str
    closed_ms: int
    core: frozenset[str]
    conversations: frozenset[str]
    first_ms: int
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, topic: "Topic", at_ms: int) -> "Closed":
        """What is kept of a topic that closes at `at_ms`."""
        return cls(
            id=topic.id,
            closed_ms=at_ms,
            core=frozenset(topic.core()),
            conversations=frozenset(topic.conversations),
            first_ms=topic.first_ms,
            words=frozenset(topic.core(_CLOSED_WORDS)),
        )
