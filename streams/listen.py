"""One post in, what the fold needs of it out: relevance, redaction, words, terms. Pure.

The original that a repost quotes is cleaned, cut and judged once and remembered: a viral post is reposted
10^5 times. The memory is of a pure function, so that forgetting it changes nothing but time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from contracts.post import Post
from detectors.delta import CONVERSATION, Evidence
from detectors.relevance import Judgement, Relevance
from detectors.terms import terms_of
from detectors.text import CleanText, clean
from streams.segment import Segmenter
from streams.window_store import KEY_BYTES
from streams.windows import Heard

__all__ = ["Listener", "Redact", "keep_text"]

# What the identity issue installs: text in, text out, with nothing in it that tells who a child is. It
# stands before segmentation, so that no name can become a term.
Redact = Callable[[str], str]

_REMEMBERED_ORIGINALS = 1 << 14
_UNHEARD = Judgement(0.0, ())


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text's judgement and terms; no terms where it is not about children."""

    judgement: Judgement
    terms: tuple[str, ...]


_NOTHING = _Heard(_UNHEARD, ())


def keep_text(text: str) -> str:
    """The redaction hook while no redactor is installed: safe only because no text goes past this step."""
    return text


class Listener:
    """Turns posts into what is counted."""

    def __init__(
        self, segmenter: Segmenter, relevance: Relevance, *, threshold: float | None = None, redact: Redact = keep_text
    ) -> None:
        """Wire the step.

        Args:
            segmenter: cuts Chinese text into words.
            relevance: the judge of "is this about children".
            threshold: score from which a text counts; None = the one shipped with the model.
            redact: applied to every text before it is cut.
        """
        self._segmenter = segmenter
        self._relevance = relevance
        self._threshold = relevance.threshold if threshold is None else threshold
        self._redact = redact
        self._original = lru_cache(maxsize=_REMEMBERED_ORIGINALS)(self._hear_text)

    def hear(self, post: Post) -> Heard:
        """What the fold needs of a post. Cost: microseconds where nothing is about children."""
        key = blake2b(post.id.encode(), digest_size=KEY_BYTES).digest()
        judged = self._judged(post)
        if judged.judgement.score < self._threshold:
            return Heard(key, post.at_ms)
        return Heard(key, post.at_ms, self._evidence(post, judged))

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
