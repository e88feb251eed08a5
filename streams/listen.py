"""One post in, what the fold needs of it out: relevance, redaction, words, terms. Pure.

The original that a repost quotes is cleaned, cut and judged once and remembered: a viral post is reposted
10^5 times. An entry of a hot list comes again with each snapshot, and is remembered likewise. The memory is of a
pure function, so that forgetting it changes nothing but time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from contracts.post import Post
from detectors.delta import CONVERSATION, Evidence, Ranking
from detectors.relevance import Judgement, Relevance
from detectors.terms import terms_of
from detectors.text import CleanText, clean
from streams.segment import Segmenter
from streams.window_store import KEY_BYTES
from streams.windows import Heard

__all__ = ["Judged", "Listener", "Redact", "keep_text"]

# What the identity issue installs: text in, text out, with nothing in it that tells who a child is. It
# stands before segmentation, so that no name can become a term.
Redact = Callable[[str], str]

LIST_AUTHOR = "list:"  # before the name of a hot list, in the author's key of its entries
LISTED_THRESHOLD = 0.4  # of the mean of title and whole entry; docs/decisions/0006

_REMEMBERED_ORIGINALS = 1 << 14
_REMEMBERED_ENTRIES = 1 << 12  # some 50 stand on a list at a time
_MAX_ENTRY_CHARS = 600  # of title and description that are cut into terms
# Ages, counts, sums: at most four digits, so that no phone number or id becomes a term
_NUMBER = re.compile(
    "(?<![0-9.])(?:[0-9]{1,4}|[一二两三四五六七八九十]{1,3})(?:岁|名|人|个月|元|万|天|年|次|楼|斤|分|级|米|孩|倍)"
)
_UNHEARD = Judgement(0.0, ())


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text's judgement and terms; no terms where it is not about children."""

    judgement: Judgement
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry of a hot list says; see `detectors.delta.Ranking`."""

    title: tuple[str, ...]
    head: tuple[str, ...]
    body: tuple[str, ...]
    categories: tuple[str, ...]


_NOTHING = _Heard(_UNHEARD, ())


@dataclass(frozen=True, slots=True)
class Judged:
    """What one text is about, and whether that counts under the threshold in force."""

    judgement: Judgement
    is_child: bool


def keep_text(text: str) -> str:
    """The redaction hook while no redactor is installed: safe only because no text goes past this step."""
    return text


class Listener:
    """Turns posts into what is counted."""

    def __init__(
        self,
        segmenter: Segmenter,
        relevance: Relevance,
        *,
        threshold: float | None = None,
        redact: Redact = keep_text,
        newest: Callable[[], Relevance] | None = None,
    ) -> None:
        """Wire the step.

        Args:
            segmenter: cuts Chinese text into words.
            relevance: the judge of "is this about children".
            threshold: score from which a text counts; None = the one shipped with the model.
            redact: applied to every text before it is cut.
            newest: asked before every post for the judge that counts now, the same object until the lexicon
                changes; None = `relevance` for good.
        """
        self._segmenter = segmenter
        self._relevance = relevance
        self._threshold = relevance.threshold if threshold is None else threshold
        self._redact = redact
        self._newest = newest
        self._original = lru_cache(maxsize=_REMEMBERED_ORIGINALS)(self._hear_text)
        self._entry = lru_cache(maxsize=_REMEMBERED_ENTRIES)(self._hear_entry)

    def hear(self, post: Post) -> Heard:
        """What the fold needs of a post. Cost: microseconds where nothing is about children."""
        self._renew()
        if post.kind == "ranking":
            return self._hear_ranking(post)
        key = blake2b(post.id.encode(), digest_size=KEY_BYTES).digest()
        judged = self._judged(post)
        if judged.judgement.score < self._threshold:
            return Heard(key, post.at_ms)
        return Heard(key, post.at_ms, self._evidence(post, judged))

    def _hear_ranking(self, post: Post) -> Heard:
        """An entry of a hot list; its key holds the snapshot's time, for each snapshot tells where it stands."""
        key = blake2b(f"{post.at_ms} {post.id}".encode(), digest_size=KEY_BYTES).digest()
        name = post.author.key.removeprefix(LIST_AUTHOR)
        entry = self._entry(post.text)
        if entry is None:
            return Heard(key, post.at_ms, list=name)
        ranking = Ranking(
            id=post.id,
            at_ms=post.at_ms,
            platform=post.platform,
            list=name,
            rank=post.rank,
            heat=post.heat,
            title=entry.title,
            head=entry.head,
            body=entry.body,
            categories=entry.categories,
        )
        return Heard(key, post.at_ms, list=name, ranking=ranking)

    def _hear_entry(self, text: str) -> _Entry | None:
        """Title, and description behind the first line break; None where they are not about children.

        Judged without the cue scan, which misses one accepted headline in thirty: entries are few.
        """
        title, _, description = self._redact(text).partition("\n")
        named, told = clean(title), clean(description)
        whole = f"{named.own}。{told.own}" if told.own not in ("", named.own) else named.own
        whole = whole[:_MAX_ENTRY_CHARS]
        words, title_words = self._segmenter.cut(whole), self._segmenter.cut(named.own)
        judged = self._relevance.judge(whole, words)
        alone = self._relevance.judge(named.own, title_words)
        if (judged.score + alone.score) / 2 < LISTED_THRESHOLD:
            return None
        head = (*terms_of(title_words, ()), *dict.fromkeys(_NUMBER.findall(named.own)))
        terms = (*terms_of(words, told.hashtags), *dict.fromkeys(_NUMBER.findall(whole)))
        body = tuple(term for term in terms if term not in head)
        return _Entry(tuple(title_words), head, body, judged.categories or alone.categories)

    def judge(self, text: str) -> Judged:
        """What a text of its own is about, cue or none: the scan only saves the stream's time."""
        self._renew()
        found = self._hear_text(text).judgement
        return Judged(found, found.score >= self._threshold)

    def _renew(self) -> None:
        """Take the judge that counts now; what was judged under another lexicon is forgotten."""
        if self._newest is None:
            return
        relevance = self._newest()
        if relevance is not self._relevance:
            self._relevance = relevance
            self._original.cache_clear()
            self._entry.cache_clear()

    def _judged(self, post: Post) -> _Heard:
        """What a repost is about is what it quotes: its own words are few, and often about something else."""
        if post.of is not None and post.of.text:
            return self._original(post.of.text) if self._relevance.has_cue(post.of.text) else _NOTHING
        return self._hear_text(post.text) if self._relevance.has_cue(post.text) else _NOTHING

    def _hear_text(self, text: str) -> _Heard:
        cleaned = clean(self._redact(text))
        words = self._segmenter.cut(_whole(cleaned))
        return _Heard(self._relevance.judge(_whole(cleaned), words), terms_of(words, cleaned.hashtags))

    def _terms(self, text: str) -> tuple[str, ...]:
        cleaned = clean(self._redact(text))
        return terms_of(self._segmenter.cut(_whole(cleaned)), cleaned.hashtags)

    def _evidence(self, post: Post, judged: _Heard) -> Evidence:
        terms = dict.fromkeys(judged.terms)
        if post.of is not None:
            terms.update(dict.fromkeys(self._terms(post.text)))
            terms[CONVERSATION + post.of.id] = None
        return Evidence(
            post=post.id,
            author=post.author.key,
            at_ms=post.at_ms,
            platform=post.platform,
            followers=post.author.followers,
            conversation=post.of.id if post.of is not None else post.id,
            terms=tuple(terms),
            categories=judged.judgement.categories,
        )


def _whole(cleaned: CleanText) -> str:
    """Own words and what the chain behind them says."""
    return f"{cleaned.own} {cleaned.chain}" if cleaned.chain else cleaned.own
