"""Posts in event-time order, whatever order their files have: crawls write the newest first, one file an author.

An external merge sort: pieces of bounded size are sorted in memory and kept in unnamed files that only this process can
read, then merged. Posts of one time stay in the order in which they came.
"""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

from contracts.post import Post, decode_post, encode_post

__all__ = ["in_order"]

_PIECE_BYTES = 64 << 20
_STAMP_DIGITS = 15


def in_order(posts: Iterable[Post | None], *, piece_bytes: int = _PIECE_BYTES) -> Iterator[Post]:
    """The posts by time. All are read before the first comes out.

    Args:
        posts: in any order; that nothing is waiting, a None, changes nothing.
        piece_bytes: of encoded posts, held in memory at once.

    Raises:
        OSError: the temporary folder (TMPDIR) is full.
    """
    with ExitStack() as stack:
        pieces: list[IO[bytes]] = []
        lines: list[bytes] = []
        size = 0
        for post in posts:
            if post is None:
                continue
            lines.append(b"%0*d %s\n" % (_STAMP_DIGITS, post.at_ms, encode_post(post)))
            size += len(lines[-1])
            if size >= piece_bytes:
                pieces.append(stack.enter_context(_kept(lines)))
                lines, size = [], 0
        lines.sort(key=_stamp)
        for line in heapq.merge(*pieces, lines, key=_stamp):
            yield decode_post(line[_STAMP_DIGITS + 1 : -1])


def _kept(lines: list[bytes]) -> IO[bytes]:
    lines.sort(key=_stamp)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's stack closes it
    file.writelines(lines)
    file.seek(0)
    return file


def _stamp(line: bytes) -> bytes:
    return line[:_STAMP_DIGITS]
