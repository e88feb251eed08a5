"""Lines of a file's content, each with its number."""

from collections.abc import Iterable, Iterator

from contracts.post import MAX_LINE_BYTES

__all__ = ["cut_lines"]


def cut_lines(chunks: Iterable[bytes], tail: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end); a line over MAX_LINE_BYTES comes cut, yet longer than that.

    Args:
        chunks: the content in order.
        tail: takes what stands behind the last line end, once the chunks have ended. Whether it is a line
            or the piece before some damage, the caller knows.
    """
    number, rest = 0, b""
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        # what is over the limit by a byte is known to be too long: the rest of the line is passed over
        rest += first[: MAX_LINE_BYTES + 2 - len(rest)]
        for other in others:
            number += 1
            yield number, rest[:-1] if rest.endswith(b"\r") else rest
            rest = other
    if rest:
        tail.append(rest)
