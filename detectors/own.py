"""What a post has to do with the organisation, as marks. Pure.

It asks it, is its own, hands its words on, takes a side on one of its messages.

    text, author, quoted author ──▶ Own.marks ──▶ ("asked",)   ("own",)   ("echo",)   …   on the post's evidence

A mark is of a closed set or made of the settings, never of a post's words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from contracts.post import Author, Post
from detectors.calls import calls_of
from detectors.questions import Questions
from detectors.stance import Message, Stance, stance_of
from detectors.text import spoken
from detectors.uptake import ORIGINAL, REPOST, mark_of

__all__ = ["ASKED", "ECHO", "GONE", "NOBODY", "OWN", "Own"]

ASKED = "asked"  # it asks what the organisation says
OWN = "own"  # one of the organisation's accounts wrote it
GONE = "gone"  # no post carries it: it is counted for one that its platform no longer shows
ECHO = "echo"  # it quotes what one of them wrote


@dataclass(frozen=True, slots=True)
class Own:
    """The organisation as the listener knows it.

    Attributes:
        questions: knows its names.
        accounts: author key of an own account -> its followers as configured, 0 where they are not.
        messages: that it has put out.
    """

    questions: Questions = field(default_factory=lambda: Questions(()))
    accounts: Mapping[str, int] = field(default_factory=dict)
    messages: Sequence[Message] = ()

    def marks(self, post: Post) -> tuple[str, ...]:
        """What the post has to do with the organisation. Cost: some microseconds; asked of posts about children."""
        words, calls = _words_and_calls(post.text)
        if post.author.key in self.accounts:
            return (OWN, *calls)  # the organisation asks itself nothing
        marks: list[str] = []
        if post.of is not None and post.of.author is not None and post.of.author.key in self.accounts:
            marks.append(ECHO)
        if self.questions.asks(words):
            marks.append(ASKED)
        if self.messages:
            marks += self._sides(post, words)
        return (*marks, *calls)

    def _sides(self, post: Post, words: str) -> list[str]:
        """Where it stands: by its own words, else, as a repost, by what it hands on."""
        is_repost = post.of is not None
        marks = [REPOST if is_repost else ORIGINAL]
        for message in self.messages:
            if post.at_ms < message.since_ms:
                continue
            stance = stance_of(message, words)
            if stance == "neither" and post.of is not None:
                stance = _quoted_stance(message, post.of.text)
            if stance != "neither":
                marks.append(mark_of(message.name, 1 if stance == "for" else -1, is_repost=is_repost))
        return marks

    def followers(self, author: Author) -> int | None:
        """Of any author: as the post tells, else as configured."""
        if author.followers is not None:
            return author.followers
        return self.accounts.get(author.key) or None


@lru_cache(maxsize=1 << 10)
def _words_and_calls(text: str) -> tuple[str, tuple[str, ...]]:
    """What is said, and what it calls for; half of what is said with a repost others have said."""
    words = spoken(text)
    return words, calls_of(words)


@lru_cache(maxsize=1 << 12)
def _quoted_stance(message: Message, text: str) -> Stance:
    """Once an original: a viral one is reposted 10^5 times."""
    return stance_of(message, spoken(text))


NOBODY = Own()
