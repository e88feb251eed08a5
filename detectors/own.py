"""What a post has to do with the organisation, as marks: it asks it, it is its own, it hands its words on. Pure.

    text, author, quoted author ──▶ Own.marks ──▶ ("asked",)   ("own",)   ("echo",)   …   on the post's evidence

A mark is of a closed set or made of the settings, never of a post's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.post import Author, Post
from detectors.questions import Questions
from detectors.text import spoken

__all__ = ["ASKED", "ECHO", "NOBODY", "OWN", "Own"]

ASKED = "asked"  # it asks what the organisation says
OWN = "own"  # one of the organisation's accounts wrote it
ECHO = "echo"  # it quotes what one of them wrote


@dataclass(frozen=True, slots=True)
class Own:
    """The organisation as the listener knows it.

    Attributes:
        questions: knows its names.
        accounts: author key of an own account -> its followers as configured, 0 where they are not.
    """

    questions: Questions = field(default_factory=lambda: Questions(()))
    accounts: Mapping[str, int] = field(default_factory=dict)

    def marks(self, post: Post) -> tuple[str, ...]:
        """What the post has to do with the organisation. Cost: some microseconds; asked of posts about children."""
        if post.author.key in self.accounts:
            return (OWN,)  # the organisation asks itself nothing
        marks: list[str] = []
        if post.of is not None and post.of.author is not None and post.of.author.key in self.accounts:
            marks.append(ECHO)
        if self.questions.asks(spoken(post.text)):
            marks.append(ASKED)
        return tuple(marks)

    def followers(self, author: Author) -> int | None:
        """Of any author: as the post tells, else as configured."""
        if author.followers is not None:
            return author.followers
        return self.accounts.get(author.key) or None


NOBODY = Own()
