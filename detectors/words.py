"""A text's words with their places and what the dictionary says of each: what `names` and `whereabouts` read."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import accumulate, compress

from msgspec import Struct

from detectors.remembered import Remembered

__all__ = ["Hint", "Reader", "Sentence", "Tags", "Words", "has_any", "is_han", "led"]

_HAN = re.compile("[\u4e00-\u9fff]+").fullmatch
_REMEMBERED = 1 << 16  # words of which the tag is kept; most words of a day recur

Words = Callable[[str], list[str]]  # text -> its words in order; joined they are the text again
Tags = Callable[[str], Iterable[tuple[str, str]]]  # text -> (word, jieba's part-of-speech tag)
Hint = Callable[[str, Callable[[str], str]], int]  # (word, word -> tag) -> bits; 0 = no finder wants to see the word


class Sentence(Struct, frozen=True):
    """A plain text taken apart.

    Attributes:
        text: joined words.
        whole: what the text is a part of, or the text itself: by it is told what the text is about.
        offset: where the text begins in the whole.
        words: in order, punctuation and white space among them.
        starts: where each begins, and the text's length.
        tag_of: word -> the dictionary's tag; "?" before the tagger's guess where the dictionary lacks the word.
        hinted: (place, hint) of the words that some finder wants to look at.
    """

    text: str
    whole: str
    offset: int
    words: list[str]
    starts: list[int]
    tag_of: Callable[[str], str]
    hinted: list[tuple[int, int]]


class Reader:
    """Takes texts apart; remembers the words it has seen."""

    def __init__(self, cut: Words, tag: Tags, knows: Callable[[str], bool], hint: Hint) -> None:
        """Take a segmenter, a tagger, whether a dictionary has a word, and what makes a word worth looking at."""
        self._cut = cut
        self._tag = tag
        self._knows = knows
        self._tag_of = lru_cache(maxsize=_REMEMBERED)(self._look_up)
        self._hints = Remembered(lambda word: hint(word, self._tag_of), most=_REMEMBERED)

    def read(self, plain: str, start: int = 0, end: int | None = None) -> Sentence:
        """The words of `plain[start:end]`. Cost: the segmenter's and 10 microseconds, some 25 for 140 characters."""
        text = plain[start:end]
        words = self._cut(text)
        hints = list(map(self._hints.__getitem__, words))
        hinted = [(place, hints[place]) for place in compress(range(len(hints)), hints)]
        starts = list(accumulate(map(len, words), initial=0))
        return Sentence(text, plain, start, words, starts, self._tag_of, hinted)

    def _look_up(self, word: str) -> str:
        tags = [kind for _, kind in self._tag(word)]
        found = tags[0] if len(tags) == 1 else ""
        return found if self._knows(word) else f"?{found}"


def is_han(text: str) -> bool:
    """Whether it is Chinese characters only.

    >>> is_han("小学"), is_han("a班"), is_han("")
    (True, False, False)
    """
    return _HAN(text) is not None


def led(first: str, body: str) -> str:
    """A pattern that looks first whether it can begin here at all; without, `re` tries every way at each character.

    Args:
        first: characters of a class, one of which every match of `body` begins with.
        body: the pattern, that begins in many ways or with a group.

    >>> led("ab", "a[0-9]|b")
    '(?=[ab])(?:a[0-9]|b)'
    """
    return f"(?=[{first}])(?:{body})"


def has_any(text: str, signs: tuple[str, ...]) -> bool:
    """Whether one of the signs stands in the text; quicker than a pattern that finds nothing."""
    for sign in signs:  # noqa: SIM110 - `any` of a generator costs more than all the signs
        if sign in text:
            return True
    return False
