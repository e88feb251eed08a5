"""Take out of a text what tells who a child is, or leads to a private person.

Reads a str, gives it again with readable tokens (［电话］, ［姓名］ …) in place of identifiers, and which kinds there
were. Pure: no clock, no network, no state but a cache of words. Patterns cannot carry the promise that no
child is named (what is found and missed: docs/decisions/0010); what is broadcast is therefore composed, never
redacted: see `detectors.broadcast`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from detectors import name_hints, names, whereabouts
from detectors.apart import SIGNS
from detectors.disguise import Plain, Reading, fold, reading_of
from detectors.numbers import Span, find_accounts, find_numbers
from detectors.particulars import find_particulars
from detectors.spellings import Way, as_it_stands, read, ways_of
from detectors.words import Reader, Sentence, Tags, Words

__all__ = ["KINDS", "Redacted", "Redactor"]

# kind -> what stands in its place; the order in which `found` names them (contract)
KINDS = {
    "phone": "［电话］",
    "id_card": "［证件号］",
    "passport": "［护照号］",
    "exam_ticket": "［考号］",
    "plate": "［车牌］",
    "qq": "［QQ号］",
    "wechat": "［微信号］",
    "email": "［邮箱］",
    "bank_card": "［卡号］",
    "number": "［号码］",
    "handle": "［用户］",
    "link": "［链接］",
    "address": "［地址］",
    "school": "［学校］",
    "name": "［姓名］",
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
_TOKEN = re.compile(f"({'|'.join(map(re.escape, KINDS.values()))})")
_TAKEN = "\ufdd0"  # a character that no text has: stands for a token while the rest is read
_VAGUE = {"phone": 1, "number": 2}  # what digits look like without a word that tells more
_REACH = 24  # characters: nothing further away decides whether something is an identifier
_MARKS = "，,。！!？?；; \n"
_MARK = re.compile(f"[{_MARKS}]")
_MAX_PASSES = 6  # what is left is read again; ordinary posts with a name in them need two


# A plain text, start and end of a part -> what is found there, as places of the part
Find = Callable[[str, int, int], list[Span]]


class Redacted(NamedTuple):
    """A text that may be shown in the console.

    Attributes:
        text: with tokens; the original itself where nothing was found.
        found: kinds of KINDS, in that order, each once.
    """

    text: str
    found: tuple[str, ...]


class Redactor:
    """Redacts texts; one instance a process, for it remembers words."""

    def __init__(self, cut: Words, tag: Tags, knows: Callable[[str], bool]) -> None:
        """Take what knows the language.

        Args:
            cut: text -> words; joined they are the text.
            tag: text -> words with jieba's tags.
            knows: whether the dictionary has a word.
        """
        self.reader = Reader(cut, tag, knows, _hint_of)

    def redact(self, text: str) -> Redacted:
        """The text without identifiers. Redacting again changes nothing.

        Args:
            text: any str; disguises (full-width, circled, spelt, spaced digits, invisible characters) are seen through,
                and what is not an identifier stays as it was written.

        Cost: O(len(text)), some 90 to 200 microseconds for 140 characters (benchmarks/stages.py).
        """
        folded, reading = read(text)
        ways = ways_of(folded, reading.signs)
        if ways:
            return self._in_turn(text, ways)
        return self._marked(text) if "［" in text else self._without(_Draft(text, folded), reading)

    def _in_turn(self, text: str, ways: Sequence[Way]) -> Redacted:
        """Read it in each of the ways, until none finds more."""
        redacted, idle = Redacted(text, ()), 0
        for turn in range(len(ways) * _MAX_PASSES):
            further = self._marked(redacted.text, ways[turn % len(ways)])
            idle = 0 if further.found else idle + 1
            if further.found:
                kinds = {*redacted.found, *further.found}
                redacted = Redacted(further.text, tuple(sorted(kinds, key=_ORDER.__getitem__)))
            folded = fold(redacted.text)
            if idle == len(ways) or all(way(folded) is folded for way in ways):
                break
        return redacted

    def _marked(self, text: str, way: Way = as_it_stands) -> Redacted:
        """Read a text that may hold tokens of an earlier pass: they tell nothing, and stay."""
        tokens = iter(_TOKEN.findall(text))
        marked = _TOKEN.sub(_TAKEN, text.replace(_TAKEN, ""))
        folded, reading = read(marked)
        seen = way(folded)
        redacted = self._without(_Draft(marked, seen), reading if seen is folded else reading_of(seen.text))
        if redacted.text == marked:
            return Redacted(text, ())
        return Redacted(re.sub(_TAKEN, lambda _: next(tokens), redacted.text), redacted.found)

    def _without(self, draft: "_Draft", reading: Reading) -> Redacted:
        """Take out what the patterns find, then what the words tell, until neither finds more.

        Words are read only where the patterns find nothing any more. What stands beside something taken out is read
        again, so that another call finds nothing, either.
        """
        for _ in range(_MAX_PASSES):
            reading = _without_patterns(draft, reading)
            sentence = self.reader.read(draft.plain)
            if not draft.take(_by_words(sentence, reading)) or draft.is_settled(self._by_both):
                break
            reading = reading_of(draft.plain)
        return draft.redacted()

    def _by_both(self, plain: str, start: int, end: int) -> list[Span]:
        """All that is found in a part, as places of the part."""
        part = reading_of(plain[start:end])
        return _by_pattern(part) + _by_words(self.reader.read(plain, start, end), part)


def _without_patterns(draft: "_Draft", reading: Reading) -> Reading:
    """Take out what the patterns find, until they find nothing more; how what is left reads."""
    for _ in range(_MAX_PASSES):
        if not draft.take(_by_pattern(reading)):
            break
        reading = reading_of(draft.plain)
    return reading


def _by_pattern(reading: Reading) -> list[Span]:
    plain, digits, signs = reading.plain, reading.digits, reading.signs
    if len(signs) == 1:  # the one that every text has
        return []
    return [*find_accounts(plain, signs), *find_numbers(digits, signs), *find_particulars(digits, signs)]


def _by_words(sentence: Sentence, reading: Reading) -> list[Span]:
    return [*whereabouts.find_places(sentence, reading), *names.find_names(sentence, reading.signs)]


def _hint_of(word: str, tag_of: Callable[[str], str]) -> int:
    return name_hints.hint_of(word, tag_of) | whereabouts.hint_of(word)


class _Draft:
    """A text in the making: what is taken out of its plain form stands there as one character that no text has.

    Attributes:
        plain: the plain form as it stands.
    """

    def __init__(self, text: str, folded: Plain) -> None:
        self._text = text
        self._folded = folded
        self.plain = folded.text
        self._taken: list[Span] = []  # in the folded text, in order
        self._kinds: set[str] = set()
        self._fresh: list[int] = []  # where in `plain` that stands which was taken last

    def take(self, spans: list[Span]) -> bool:
        """Take out the outermost of these, unless they reach over what is taken already; false where none is left."""
        if not spans:
            return False
        outermost = _outermost(spans) if len(spans) > 1 else spans
        spans = [span for span in outermost if _TAKEN not in self.plain[span.start : span.end]]
        if not spans:
            return False
        apart = _merged(spans) if len(spans) > 1 else spans
        self._taken = sorted((*self._taken, *self._unfolded(apart))) if self._taken else apart
        kept: list[str] = []
        self._fresh, done, size = [], 0, 0
        for span in apart:
            kept += (self.plain[done : span.start], _TAKEN)
            size += span.start - done
            self._fresh.append(size)
            size, done = size + 1, span.end
        self.plain = "".join((*kept, self.plain[done:]))
        self._kinds.update(span.kind for span in spans)
        return True

    def _unfolded(self, apart: Iterable[Span]) -> Iterator[Span]:
        """Spans of the plain form, as they stand in the folded text: what was taken before them is longer there."""
        lost = place = 0
        for start, end, kind in apart:
            while place < len(self._taken) and self._taken[place].start < start + lost:
                lost += self._taken[place].end - self._taken[place].start - 1
                place += 1
            yield Span(start + lost, end + lost, kind)

    def is_settled(self, find: Find) -> bool:
        """Whether nothing more is found beside what was taken last; elsewhere all stands as it was read."""
        for start, end in self._beside_taken():
            part = self.plain[start:end]
            if not all(_TAKEN in part[span.start : span.end] for span in find(self.plain, start, end)):
                return False
        return True

    def _beside_taken(self) -> Iterator[tuple[int, int]]:
        """Parts `[start, end)` of the plain form that may read otherwise for what was taken last, in order.

        Each reaches to a mark of punctuation beyond all that a finder looks at.
        """
        start = end = 0
        for place in self._fresh:
            if place - _REACH > end:
                if end:
                    yield start, end
                start = max(self.plain.rfind(mark, end, place - _REACH) + 1 for mark in _MARKS) or end
            if place + _REACH > end:
                mark = _MARK.search(self.plain, place + _REACH)
                end = mark.start() if mark else len(self.plain)
        yield start, end

    def redacted(self) -> Redacted:
        """The text with tokens."""
        if not self._taken:
            return Redacted(self._text, ())
        made: list[str] = []
        done = 0
        for span in self._taken:
            start, end = self._folded.original(span.start, span.end)
            if self._folded.text[span.end - 1] not in SIGNS:
                end = start + len(self._text[start:end].rstrip(SIGNS))  # behind the last of what stood apart
            made += (self._text[done:start], KINDS[span.kind])
            done = end
        return Redacted("".join((*made, self._text[done:])), tuple(sorted(self._kinds, key=_ORDER.__getitem__)))


def _outermost(spans: Iterable[Span]) -> list[Span]:
    """Those that do not lie within a longer one: the digits of a passport are no number of their own.

    Of two in one place the one that a word beside it tells stays; a school is both a school and an address.
    """
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start, -span.end, _VAGUE.get(span.kind, 0))):
        is_same = bool(kept) and (span.start, span.end) == (kept[-1].start, kept[-1].end)
        if not kept or span.end > kept[-1].end or (is_same and span.kind not in _VAGUE):
            kept.append(span)
    return kept


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap: those that do become one, of the kind of the longest."""
    merged: list[Span] = []
    longest = 0
    for span in sorted(spans):
        size = span.end - span.start
        is_beside = bool(merged) and (span.start, span.kind) == (merged[-1].end, merged[-1].kind)
        if merged and (span.start < merged[-1].end or is_beside):
            last = merged[-1]
            kind = span.kind if size >= longest else last.kind
            longest = max(size, longest)
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append(span)
            longest = size
    return merged
