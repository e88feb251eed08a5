"""Whether a post takes a message up, speaks against it, or does neither. Pure.

The organisation gives phrases of those who agree and of those who do the opposite. A phrase alone decides nothing: who
asks others to stop sharing a photo names the sharing, too. So each use of a phrase is read in its sentence:

    不要      随手拍           不要停止        随手拍          “随手拍”   是另一种伤害        随手拍    合适吗?
    negated   against ─▶ for   negated twice  ─▶ against      quoted     judged ─▶ for      asked   ─▶ neither

What is only reported, asked or quoted counts as neither: a share is to be believed rather than large. The words that
tell stand in data/stance.txt. Precision on lines that they were not made on: docs/decisions/0026.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from detectors.text import spoken

__all__ = ["Message", "Stance", "negations", "stance_of"]

Stance = Literal["for", "against", "neither"]
_Use = tuple[int, int, int]  # start, end, side: 1 for, -1 against

_MAX_CHARS = 2000  # of a post that are read
_GAP = "[^,。!?;]{0,8}?"  # what … in a phrase stands for
_BEFORE, _BEHIND = 16, 28  # characters that are read for a negation, and for a judgement
_SENTENCE = re.compile(r"[^。!?;\n~]{1,300}[。!?;\n~]{0,3}")
_BREAK = re.compile(r"[,:。!?;\n~]")
_ASKED = re.compile(r"\?|[吗呢][。!~\s]*\Z|在哪")
_QUOTED = re.compile(r"[\"“”「『‘'][^\"“”「」『』‘’']{1,40}[\"“”」』’']")
# "不打不成器": who will not do it fails: no negation, but a threat
_THREAT = re.compile(
    "不[^,。!?不]{1,3}(?:不?[^,。!?]{0,6}?)(?:怎么|谁|不行|不成|不长|学校|没人|就是(?:冷|帮凶|纵容|自私|麻木))"
)
# "我没打码" (I have not blurred it): told of what was not done, and no side is taken
_UNDONE = re.compile("没(?:有|能|来得及)?\\Z")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is looked for.

    Attributes:
        name: as told.
        uses: phrase as a pattern, and which side it is on: 1 for, -1 against.
        since_ms: earlier posts do not count.
    """

    name: str
    uses: tuple[tuple["re.Pattern[str]", int], ...]
    since_ms: int = 0

    @classmethod
    def of(cls, name: str, phrases_for: Iterable[str], phrases_against: Iterable[str], since_ms: int = 0) -> "Message":
        """From the phrases as the organisation writes them."""
        sides = ((phrases_for, 1), (phrases_against, -1))
        return cls(name, tuple((_pattern(phrase), side) for phrases, side in sides for phrase in phrases), since_ms)


def stance_of(message: Message, words: str) -> Stance:
    """Where the words (`detectors.text.spoken`) stand.

    Cost: a microsecond a phrase and 100 characters; where one is found some 20 more.

    >>> message = Message.of("不拍街头儿童", ["保护隐私"], ["随手拍"])
    >>> [stance_of(message, text) for text in ("大家一起随手拍!", "请不要随手拍", "随手拍合适吗?")]
    ['against', 'for', 'neither']
    """
    words = words[:_MAX_CHARS]
    found: list[int] = []
    for sentence in _SENTENCE.finditer(words):
        if uses := _uses(message, sentence[0]):
            found += _sides(uses, sentence[0], words[sentence.end() : sentence.end() + _BEHIND])
    if not found:
        return "neither"
    total = sum(found) or found[-1]  # where both are said, what is said last is meant
    return "for" if total > 0 else "against"


def _uses(message: Message, sentence: str) -> list[_Use]:
    """The phrases in it, in order; the longest of those that overlap."""
    found = [(*match.span(), side) for pattern, side in message.uses for match in pattern.finditer(sentence)]
    kept: list[_Use] = []
    for use in sorted(found, key=lambda use: (use[0] - use[1], use[0])):
        if all(use[1] <= start or use[0] >= end for start, end, _ in kept):
            kept.append(use)
    return sorted(kept)


def _sides(uses: Iterable[_Use], sentence: str, next_words: str) -> list[int]:
    """The side of each use that is meant."""
    tell = _cues()
    is_rhetorical = tell["rhetorical"].search(sentence) is not None
    if tell["left open"].search(sentence) and not is_rhetorical:
        return []
    if tell["reported"].search(sentence) and not tell["attitude"].search(sentence):
        return []
    is_asked = _ASKED.search(sentence) is not None and not is_rhetorical
    is_meant = tell["meant"].search(sentence) is not None
    quoted = [found.span() for found in _QUOTED.finditer(sentence)]
    sides: list[int] = []
    last_end = 0
    for start, end, side in uses:
        # of "不要拍照上传" the 不要 is for both phrases; of "不转发就是保护" it is for the first
        turns = negations(sentence, start, end, since=last_end if start - last_end > 1 else 0)
        last_end = end
        if _UNDONE.search(sentence, 0, start):
            continue
        if turns:
            sides.append(side * (-1) ** turns)
            continue
        if is_asked:
            continue
        behind = sentence[end : end + _BEHIND]
        judged = _judged(behind if behind.strip(' !。,~?"”」') else behind + next_words, side)
        is_quoted = any(first <= start and end <= last for first, last in quoted)
        if judged or (not is_quoted and (is_meant or tell["negation"].search(sentence[start:end]))):
            sides.append(judged or side)
    return sides


def negations(sentence: str, start: int, end: int, *, since: int = 0) -> int:
    """How often the words from `start` to `end` are turned round by what stands before them in their clause.

    >>> [negations(text, text.index("转发"), len(text)) for text in ("大家转发", "请不要转发", "看看就好,转发")]
    [0, 1, 0]
    """
    if sentence[:start].endswith("不") and _THREAT.match(sentence, start - 1):
        return 0
    breaks = [found.end() for found in _BREAK.finditer(sentence, 0, start)]
    since = max(since, *breaks[-1:], start - _BEFORE)
    found = _cues()["negation"].finditer(sentence[since:end])  # with the phrase, of which some negations need a part
    return sum(negation.end() <= start - since for negation in found)


def _judged(behind: str, side: int) -> int:
    """The side that a judgement on the phrase gives it; 0 where there is none."""
    tell = _cues()
    if tell["judged useless"].search(behind):
        return -side
    bad, good = tell["judged bad"].search(behind), tell["judged good"].search(behind)
    if good is not None and (bad is None or good.start() <= bad.start()):
        return side
    return 1 if bad is not None and side < 0 else 0


def _pattern(phrase: str) -> "re.Pattern[str]":
    parts = [part.strip() for part in re.split("…|\\.\\.\\.", spoken(phrase))]
    return re.compile(_GAP.join(re.escape(part) for part in parts if part))


@lru_cache(maxsize=1)
def _cues() -> dict[str, "re.Pattern[str]"]:
    """Heading of data/stance.txt -> any of its words."""
    words: dict[str, list[str]] = {}
    heading = ""
    for line in (Path(__file__).parent / "data" / "stance.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            words.setdefault(heading, []).extend(line.split())
    return {heading: re.compile("|".join(found)) for heading, found in words.items() if heading}
