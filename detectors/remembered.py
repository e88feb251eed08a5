"""What a pure function said of a word, kept: most words of a day recur."""

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["LONGEST", "Remembered"]

LONGEST = 64  # characters of a word that is kept, so that a flood of rubbish takes no memory
Answer = TypeVar("Answer")


class Remembered(dict[str, Answer], Generic[Answer]):
    """Word -> answer, worked out once, until there are too many and all are forgotten.

    Looking one up costs a quarter of what `lru_cache` takes, which keeps an order.

    >>> sizes = Remembered(len, most=2)
    >>> sizes["小学"], sizes["幼儿园"], sizes["放学了"], list(sizes)
    (2, 3, 3, ['放学了'])
    """

    def __init__(self, ask: Callable[[str], Answer], *, most: int) -> None:
        """Take the function, and how many answers are kept at most."""
        super().__init__()
        self._ask = ask
        self._most = most

    def __missing__(self, word: str) -> Answer:
        answer = self._ask(word)
        if len(word) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[word] = answer
        return answer
