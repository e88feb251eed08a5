"""What every source of posts looks like to the rest: a stream of posts and of what could not be used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from contracts.clock import Clock
from contracts.errors import UnusablePostError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.author_key import AuthorKeys

__all__ = ["UNWATCHED", "Context", "Format", "Item", "Place", "PostSource", "Watch"]

Place = int | str  # a file's record number; of a live source its state, as JSON


class Item(msgspec.Struct, frozen=True, gc=False):
    """A post, or why there is none, with its place in the source.

    Attributes:
        what: the post or the rejected piece.
        place: where the source goes on behind it (a file's record number); goes into the cursor.
    """

    what: Post | Rejected
    place: Place


class PostSource(Protocol):
    """A source that can start behind a place it gave before."""

    @property
    def name(self) -> str:
        """As its cursor and messages call it."""
        ...

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """Everything from the place `start` on, in the source's order.

        None says that nothing is waiting. When the source is asked for what comes next, everything before the
        None is safe: acknowledged by Kafka, and its cursor written.

        Raises:
            SourceError: the source cannot be read at all.
        """
        ...


class Watch(Protocol):
    """Hears how a live source is, from any thread."""

    def answered(self) -> None:
        """It was asked and answered, if only that nothing is new."""
        ...

    def fault(self, kind: FaultKind, code: int = 0) -> None:
        """It does not answer or refuses, or a caller of it had to be refused; `code` is the platform's number."""
        ...


class _Unwatched:
    """Of a source whose health nobody keeps."""

    def answered(self) -> None:
        """See Watch."""

    def fault(self, kind: FaultKind, code: int = 0) -> None:
        """See Watch."""


UNWATCHED: Watch = _Unwatched()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader must know that does not stand in what it reads.

    Attributes:
        keys: hashes author ids.
        is_archived: whether what is read is past; false of live sources.
        fetched: when it was fetched, of a live source; None where nobody knows. Without it a time such as
            "3 minutes ago" says nothing.
        owner: whose posts they are where only the file's name says it; "" otherwise.
        has_raw_keys: whether the author keys of Post lines are user ids that are still to be hashed.
    """

    keys: AuthorKeys
    is_archived: bool = True
    fetched: Clock | None = None
    owner: str = ""
    has_raw_keys: bool = False

    def read_ms(self) -> int | None:
        """When what is read was fetched, None where nobody knows."""
        return None if self.fetched is None else self.fetched()


def _as_it_is(header: list[str], row: list[str]) -> dict[str, Any] | None:
    """The row by its header, None where it has another length."""
    return dict(zip(header, row, strict=True)) if len(header) == len(row) else None


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of record: how to know it and how to read it.

    Attributes:
        name: as shown to people.
        knows: whether a decoded JSON value is of this format; it looks at the keys, so that a table's header
            can be asked for as a value too.
        read: bytes of one record, as JSON -> its posts, in order. A part that cannot be used stands among them as
            the exception, so that the others count; `raw` of it, where set, is that part. Raises
            UnusablePostError, or one of contracts.post.UNDECODABLE, where nothing of the record can be used.
        row: of a table, (header, row) -> the record; None where the row does not fit.
        holds: what such a file holds instead where it holds no posts, for instance users; "" where it does.
    """

    name: str
    knows: Callable[[object], bool]
    read: Callable[[bytes], Iterable[Post | UnusablePostError]]
    row: Callable[[list[str], list[str]], dict[str, Any] | None] = field(default=_as_it_is)
    holds: str = ""
