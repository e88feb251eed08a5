"""Take out of a text what tells who a child is, or leads to a private person.

Reads a str, gives it again with readable tokens (［电话］, ［姓名］ …) in place of identifiers, and which kinds there
were. Pure: no clock, no network, no state but a cache of words. Patterns cannot carry the promise that no
child is named (what is found and missed: docs/decisions/0010); what is broadcast is therefore composed, never
redacted: see `detectors.broadcast`.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from detectors import name_hints, names, whereabouts
from detectors.disguise import fold, spell_digits
from detectors.numbers import Span, find_accounts, find_numbers
from detectors.words import Reader, Tags, Words

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
_MAX_PASSES = 6  # what is left is read again; ordinary posts with a name in them need two


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

        Cost: O(len(text)), some 150 to 200 microseconds for 140 characters (benchmarks/stages.py).
        """
        if "［" not in text:
            return self._without(text)
        tokens = iter(_TOKEN.findall(text))  # of an earlier pass: they tell nothing, and stay
        marked = _TOKEN.sub(_TAKEN, text.replace(_TAKEN, ""))
        redacted = self._without(marked)
        if redacted.text == marked:
            return Redacted(text, ())
        return Redacted(re.sub(_TAKEN, lambda _: next(tokens), redacted.text), redacted.found)

    def _without(self, text: str) -> Redacted:
        """Take out what the patterns find, then what the words tell, until neither finds more.

        Words are read only where the patterns find nothing any more; the last reading found nothing in what stands, so
        that another call finds nothing, either.
        """
        draft = _Draft(text)
        for _ in range(_MAX_PASSES):
            for _ in range(_MAX_PASSES):
                digits = spell_digits(draft.plain)
                if not draft.take([*find_accounts(draft.plain), *find_numbers(digits)]):
                    break
            sentence = self.reader.read(draft.plain)
            if not draft.take([*whereabouts.find_places(sentence, digits), *names.find_names(sentence)]):
                break
        return draft.redacted()


def _hint_of(word: str, tag_of: Callable[[str], str]) -> int:
    return name_hints.hint_of(word, tag_of) | whereabouts.hint_of(word)


class _Draft:
    """A text in the making: what is taken out of its plain form stands there as one character that no text has.

    Attributes:
        plain: the plain form as it stands.
    """

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self.plain = folded.text
        self._text = text
        self._places = folded.places  # place in `plain` -> place in the text, one more at the end; None = the same
        self._taken: list[Span] = []  # in the text
        self._kinds: set[str] = set()

    def take(self, spans: Iterable[Span]) -> bool:
        """Take out the outermost of these, unless they reach over what is taken already; false where none is left."""
        spans = list(spans)
        if not spans:
            return False
        outermost = _outermost(spans) if len(spans) > 1 else spans
        spans = [span for span in outermost if _TAKEN not in self.plain[span.start : span.end]]
        if not spans:
            return False
        places = self._places or list(range(len(self._text) + 1))
        kept, kept_places, done = [], list[int](), 0
        for span in _merged(spans) if len(spans) > 1 else spans:
            self._taken.append(Span(places[span.start], places[span.end], span.kind))
            kept += [self.plain[done : span.start], _TAKEN]
            kept_places += [*places[done : span.start], places[span.start]]
            done = span.end
        self.plain = "".join((*kept, self.plain[done:]))
        self._places = kept_places + places[done:]
        self._kinds.update(span.kind for span in spans)
        return True

    def redacted(self) -> Redacted:
        """The text with tokens."""
        if not self._taken:
            return Redacted(self._text, ())
        made, done = list[str](), 0
        for span in sorted(self._taken):
            made += [self._text[done : span.start], KINDS[span.kind]]
            done = span.end
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
