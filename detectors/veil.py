"""Hide the words that might name somebody before they are counted: equal words stay equal, and nobody can read them.

A child's name may be missed by every pattern, and may itself be what bursts. So only words of the vocabulary (the
dictionary's, without its personal names, and the reviewed ones) are counted as they stand; any other is counted under a
keyed hash. Detection needs to know that two posts say the same, never what.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache

__all__ = ["HIDDEN", "Veil"]

HIDDEN = "~"  # first character of a hidden word; no word of the vocabulary starts with it
_BYTES = 9  # 72 bits, 12 characters: a name is not guessed without the key, nor two words taken for one
_REMEMBERED = 1 << 16


class Veil:
    """Decides word by word; the same key hides a word the same way in every process."""

    def __init__(self, key: bytes, is_clear: Callable[[str], bool]) -> None:
        """Take the deployment's secret, and whether a word is of the vocabulary.

        Args:
            key: secret; without it anybody could hash the likely names and compare.
            is_clear: word -> whether it may stand as it is.
        """
        self._keyed = hmac.new(key, digestmod="sha256")
        self._is_clear = lru_cache(maxsize=_REMEMBERED)(is_clear)
        self.mark = lru_cache(maxsize=_REMEMBERED)(self._mark)

    def over(self, term: str, *, is_masked: bool = False) -> str:
        """The term as it may be counted and kept.

        Args:
            term: a word, or a hashtag with its marks.
            is_masked: the redactor took it for an identifier, or a part of one.
        """
        word = term.strip("#")
        if not is_masked and self._is_clear(word):
            return term
        return f"#{self.mark(word)}#" if term.startswith("#") else self.mark(word)

    def _mark(self, word: str) -> str:
        keyed = self._keyed.copy()
        keyed.update(word.encode(errors="replace"))
        return HIDDEN + urlsafe_b64encode(keyed.digest()[:_BYTES]).decode()
