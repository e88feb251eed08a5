"""What every source of posts looks like to the rest: a stream of posts and of what could not be used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Post
from contracts.rejection import Rejected

__all__ = ["Format", "Item", "PostSource"]


class Item(msgspec.Struct, frozen=True, gc=False):
    """A post, or why there is none, with its place in the source.

    Attributes:
        what: the post or the rejected piece.
        place: where the source goes on behind it (a file's next line number); goes into the cursor.
    """

    what: Post | Rejected
    place: int


class PostSource(Protocol):
    """A source that can start behind a place it gave before."""

    name: str

    def items(self, start: int = 0) -> Iterator[Item]:
        """Everything from the place `start` on, in the source's order.

        Raises:
            SourceError: the source cannot be read at all.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of line: how to know it and how to read it.

    Attributes:
        name: as shown to people.
        knows: whether a decoded JSON value is of this format.
        read: bytes of one line -> its posts, in order. A part that cannot be used stands among them as the
            exception, so that the others count; `raw` of it, where set, is that part. Raises UnusablePostError,
            or one of contracts.post.UNDECODABLE, where nothing of the line can be used.
    """

    name: str
    knows: Callable[[object], bool]
    read: Callable[[bytes], Iterable[Post | UnusablePostError]]
