"""Text that may leave: a type of its own, so that the type checker refuses any other text in its place.

A `Told` is made of closed vocabularies, numbers and literal templates only. There are two ways to make one, and two to
join or cut what is made, all here; a test (tests/unit/contracts/test_told.py) sees that nothing else calls the type.
"""

from collections.abc import Collection, Iterable
from typing import LiteralString, NewType

__all__ = ["Told", "compose", "joined", "release", "shortened"]

Told = NewType("Told", str)


def release(word: str, vocabulary: Collection[str]) -> Told:
    """A word that may be told because it stands in a closed vocabulary.

    Args:
        word: to tell.
        vocabulary: reviewed, or released for this topic by `detectors.broadcast`.

    Raises:
        ValueError: it does not stand there; the message does not repeat it.

    >>> release("学生", {"学生", "校车"})
    '学生'
    """
    if word not in vocabulary:
        raise ValueError("word: it stands in no vocabulary that may be told")
    return Told(word)


def compose(template: LiteralString, *parts: Told | float) -> Told:
    """A template with what may be told, and numbers, in its places.

    >>> compose("{}：{} 人", release("学生", {"学生"}), 12)
    '学生：12 人'
    """
    return Told(template.format(*parts))


def joined(separator: LiteralString, parts: Iterable[Told]) -> Told:
    """Several one after the other."""
    return Told(separator.join(parts))


def shortened(told: Told, length: int) -> Told:
    """The beginning of it, at most so many characters, with … where something is left out.

    >>> shortened(Told("校车事故"), 3)
    '校车…'
    """
    return told if len(told) <= length else Told(told[: max(length - 1, 0)] + "…")
