"""Which words that tell of names stand in a text, of all lists in one pass.

Reads a plain text, gives `Sighted`. Touches nothing but the lists; remembers the last text, since every finder of names
asks for it.
"""

from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from detectors.name_lists import CHILDREN, NAMING, PERSONS, STAGE
from detectors.word_lists import words_in

__all__ = ["Sighted", "sighted"]

_OF_CHILDREN = frozenset(
    (
        *("孩", "童", "婴", "幼", "娃", "学生", "考生", "小学", "中学", "儿子", "女儿", "妈妈", "爸爸", "父母", "家长"),
        *("少年", "少女", "未成年", "母女", "母子", "孙子", "孙女", "夫妇", "怀孕", "孕妇"),
    )
)


class Sighted(Struct, frozen=True):
    """What was seen.

    Attributes:
        people: where a word for a person ends, in order; of words that overlap the first, of those the longest.
        parts: `[start, end)` of parts of which the names of other peoples are made, likewise.
        child_ends, person_ends, role_ends, cue_ends: where a word ends for a child; for a person; for a person or what
            says what somebody is called; the same or 岁, 籍, 是: each holds the one before.
        is_of_children: whether children or families stand in the text.
        is_on_stage: whether it is about the stage, sport or government.
    """

    people: list[int]
    parts: list[tuple[int, int]]
    child_ends: set[int]
    person_ends: set[int]
    role_ends: set[int]
    cue_ends: set[int]
    is_of_children: bool
    is_on_stage: bool


# What a word of a list may be, in bits
_CHILD, _PERSON, _ROLE, _CUE, _PART, _OF_CHILDREN_BIT, _STAGE = (1 << place for place in range(7))
_BITS = (
    (CHILDREN, _CHILD | _PERSON | _ROLE | _CUE),
    (PERSONS, _PERSON | _ROLE | _CUE),
    (NAMING, _ROLE | _CUE),
    (("籍", "岁", "岁的", "是", "叫"), _CUE),
    (words_in("name_parts.txt"), _PART),
    (_OF_CHILDREN, _OF_CHILDREN_BIT),
    (STAGE, _STAGE),
)


def _words_and_bits() -> dict[str, int]:
    found: dict[str, int] = {}
    for words, bits in _BITS:
        for word in words:
            found[word] = found.get(word, 0) | bits
    return found


_BITS_OF = _words_and_bits()
_AUTOMATON = AhoCorasick(list(_BITS_OF), implementation=Implementation.DFA)
_MEANINGS = list(_BITS_OF.values())


@lru_cache(maxsize=2)  # a part and its whole
def sighted(text: str) -> Sighted:
    """All that is seen in it. Cost: one pass, some 10 microseconds for 140 characters."""
    people: list[tuple[int, int]] = []
    parts: list[tuple[int, int]] = []
    of_children: set[int] = set()
    of_people: set[int] = set()
    of_roles: set[int] = set()
    of_cues: set[int] = set()
    seen = 0
    for word, start, end in _AUTOMATON.find_matches_as_indexes(text, overlapping=True):
        bits = _MEANINGS[word]
        seen |= bits
        if bits & _CUE and (start == 0 or text[start - 1] != "干"):  # 干女儿
            of_cues.add(end)
            if bits & _ROLE:
                of_roles.add(end)
                if bits & _PERSON:
                    of_people.add(end)
                    if bits & _CHILD:
                        of_children.add(end)
        if bits & _PERSON:
            people.append((start, end))
        if bits & _PART:
            parts.append((start, end))
    return Sighted(
        [end for _, end in _first_and_longest(people)],
        _first_and_longest(parts),
        of_children,
        of_people,
        of_roles,
        of_cues,
        seen & _OF_CHILDREN_BIT > 0,
        seen & _STAGE > 0,
    )


def _first_and_longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of spans that overlap the first, and of those the longest."""
    if len(spans) <= 1:
        return spans
    kept: list[tuple[int, int]] = []
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= reached:
            reached = end
            kept.append((start, end))
    return kept
