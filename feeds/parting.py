"""What a topic's page tells of splits: those that were made, and where another one could be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.split import Split
from contracts.topic import TopicLine
from feeds.board import Entry
from feeds.plain import plain
from feeds.texts import Catalogue

__all__ = ["Made", "Part", "made_of", "sides_of", "threads_of", "words_of"]

_WAITS_MS = 60_000  # the detector hears of a split within seconds; by then it has found nothing, or does not run
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A split of a topic, or by which it came about.

    Attributes:
        split: as it was asked for.
        is_here: whether this topic is the new one.
        title: of the other one, "" where it is not on the board.
        state: "there" when it is, "waits" while the detector may not have heard of it, "none" when it found nothing.
    """

    split: Split
    is_here: bool
    title: str
    state: Literal["there", "waits", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of a topic's posts that could be split off: what a form sends, and how it is told."""

    words: Sequence[str]
    conversations: Sequence[str]
    told: str
    size: str


def made_of(splits: Sequence[Split], topic: str, entries: Mapping[str, Entry], now_ms: int) -> list[Made]:
    """The splits with the topic on the other side."""
    return [_made(split, topic, entries, now_ms) for split in splits]


def sides_of(line: TopicLine, t: Catalogue) -> list[Part]:
    """The two sides of its seam."""
    return [
        _part(side.words, side.conversations, t("topic.split.size", side.posts, side.authors), t) for side in line.seam
    ]


def threads_of(line: TopicLine, t: Catalogue) -> list[Part]:
    """Its larger conversations."""
    return [
        _part(thread.words, [thread.mark], t("topic.split.size", thread.posts, thread.authors), t)
        for thread in line.threads
    ]


def words_of(entry: Entry) -> list[str]:
    """Words by which it may be split, each once: its own, for what was merged into it the detector has apart."""
    line = entry.line
    own = {word for said in entry.wordings for word in said.keywords}
    keywords = [word for word in line.keywords if word in own] if entry.merged else line.keywords
    of_parts = [
        *(word for side in line.seam for word in side.words),
        *(w for found in line.threads for w in found.words),
    ]
    return [plain(word, 40) for word in dict.fromkeys((*keywords, *of_parts))][:_MOST_WORDS]


def _made(split: Split, topic: str, entries: Mapping[str, Entry], now_ms: int) -> Made:
    is_here = split.id == topic
    other = entries.get(split.topic if is_here else split.id)
    waits = now_ms - split.at_ms < _WAITS_MS
    return Made(
        split=split,
        is_here=is_here,
        title="" if other is None else plain(other.line.title, 60),
        state="there" if other is not None else "waits" if waits and not is_here else "none",
    )


def _part(words: Sequence[str], conversations: Sequence[str], size: str, t: Catalogue) -> Part:
    told = "、".join(plain(word, 40) for word in words) or t("topic.split.unnamed")
    return Part(words=words, conversations=conversations, told=told, size=size)
