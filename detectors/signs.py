"""See in one pass over a text which of many patterns can find anything in it.

Some thirty patterns look for identifiers, and most texts have nothing that any of them looks for; `re` walks the text
once a pattern. Each therefore names a sign: a plain pattern, without looks around, that stands in every text in which
it finds something. All signs are asked at once, by one automaton. Touches nothing (docs/decisions/0049).
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import re2

__all__ = ["Sparse", "sign", "signs_in"]

_MEMORY = 64 << 20  # bytes the automaton's states may take, far beyond what texts bring it to; then it begins anew
_ALWAYS = ""  # the sign of nothing: stands in every text, so that an answer without it is none

_signs: list[str] = [_ALWAYS]


def sign(pattern: str) -> int:
    r"""Have a pattern looked for in every text; called while modules are imported, and never after the first text.

    Args:
        pattern: without looks around and references; neither `\w` nor `\s`, which mean ASCII to the automaton.

    Returns:
        Its number, as in `signs_in`.
    """
    if pattern not in _signs:
        if _automaton.cache_info().currsize:
            raise RuntimeError("a sign must be named before the first text is read")
        _signs.append(pattern)
    return _signs.index(pattern)


def signs_in(text: str) -> Collection[int]:
    """The numbers of the signs that stand in the text; without lone surrogates (`detectors.disguise.fold`).

    Cost: one pass, 3 microseconds for 140 characters, linear also on hostile input. Source: RE2, whose
    automaton takes all patterns at once.
    """
    found: list[int] | None = _automaton().Match(text)
    return found or range(len(_signs))  # fails closed: all patterns are asked


@lru_cache(maxsize=1)
def _automaton() -> "re2.Set":
    options = re2.Options()
    options.max_mem = _MEMORY
    automaton = re2.Set.SearchSet(options)
    for pattern in _signs:
        automaton.Add(pattern)
    automaton.Compile()
    return automaton


class Sparse:
    """A pattern that is asked only where its sign stands.

    Attributes:
        sign: number of the sign.
        pattern: what is looked for.
    """

    __slots__ = ("pattern", "sign")

    def __init__(self, sign_of_it: str, pattern: str) -> None:
        """Take the sign and the pattern; every match of the pattern must hold the sign."""
        self.sign = sign(sign_of_it)
        self.pattern = re.compile(pattern)

    def found_in(self, text: str, signs: Collection[int]) -> Iterable[re.Match[str]]:
        """All matches in a text that has these signs."""
        return self.pattern.finditer(text) if self.sign in signs else ()
