"""Take out of a text what tells who a child is, or leads to a private person.

Reads a str, gives it again with readable tokens (［电话］, ［姓名］ …) in place of identifiers, and which kinds there
were. Pure: no clock, no network, no state but a cache of words. Patterns cannot carry the promise that no
child is named (what is found and missed: docs/decisions/0010); what is broadcast is therefore composed, never
redacted: see `detectors.broadcast`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from detectors.disguise import fold, spell_digits
from detectors.names import find_names
from detectors.numbers import Span, find_accounts, find_numbers
from detectors.whereabouts import find_places
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
_MAX_PASSES = 6  # what a pass leaves is looked at again; ordinary posts need two


@dataclass(frozen=True, slots=True)
class Redacted:
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
        self._reader = Reader(cut, tag, knows)

    def redact(self, text: str) -> Redacted:
        """The text without identifiers. Redacting again changes nothing.

        Args:
            text: any str; disguises (full-width, circled, spelt, spaced digits, invisible characters) are seen through,
                and what is not an identifier stays as it was written.

        Cost: O(len(text)), some 100 microseconds for 140 characters (benchmarks/stages.py).
        """
        kinds: set[str] = set()
        for _ in range(_MAX_PASSES):
            changed = self._pass(text, kinds)
            if changed == text:
                break
            text = changed
        return Redacted(text, tuple(sorted(kinds, key=_ORDER.__getitem__)))

    def _pass(self, text: str, kinds: set[str]) -> str:
        """Take out what is found in the text as it stands; tokens of an earlier pass tell nothing."""
        if "［" not in text:
            return self._without(text, kinds)
        tokens = iter(_TOKEN.findall(text))
        marked = _TOKEN.sub(_TAKEN, text.replace(_TAKEN, ""))
        changed = self._without(marked, kinds)
        return text if changed == marked else re.sub(_TAKEN, lambda _: next(tokens), changed)

    def _without(self, piece: str, kinds: set[str]) -> str:
        plain = fold(piece)
        digits = spell_digits(plain.text)
        sentence = self._reader.read(plain.text)
        spans = [
            *find_accounts(plain.text),
            *find_numbers(digits),
            *find_places(sentence, digits),
            *find_names(sentence),
        ]
        if not spans:
            return piece
        spans = [span for span in _outermost(spans) if _TAKEN not in plain.text[span.start : span.end]]
        kinds.update(span.kind for span in spans)
        made, done = [], 0
        for span in _merged(spans):
            start, end = plain.original(span.start, span.end)
            made += [piece[done:start], KINDS[span.kind]]
            done = end
        return "".join((*made, piece[done:]))


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
