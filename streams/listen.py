"""One post in, what the fold needs of it out: relevance, redaction, words, terms. Pure.

The original that a repost quotes is cleaned, cut and judged once and remembered: a viral post is reposted
10^5 times. An entry of a hot list comes again with each snapshot, and is remembered likewise. The memory is of a
pure function, so that forgetting it changes nothing but time.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from hashlib import blake2b
from sys import intern

from msgspec import Struct
from msgspec.structs import replace

from contracts.post import FORGETTING, Post
from detectors.delta import CALLED, CONVERSATION, PERHAPS, SURE, Evidence, Ranking
from detectors.exposure import Sign, headline_signs, signs_of
from detectors.identity import Redacted
from detectors.named_words import beside_child_in, called_in, named_in
from detectors.notices import is_notice
from detectors.own import NOBODY, Own
from detectors.regions import region_of
from detectors.relevance import Judgement, Relevance
from detectors.terms import is_place, joints_of, terms_of
from detectors.text import CleanText, clean
from detectors.topics import ABOUT_CHILDREN
from detectors.veil import Veil
from streams.segment import Segmenter
from streams.window_store import KEY_BYTES
from streams.windows import Heard

__all__ = ["Judged", "Listener", "Redact"]

Redact = Callable[[str], Redacted]  # `detectors.identity.Redactor.redact`

LIST_AUTHOR = "list:"  # before the name of a hot list, in the author's key of its entries
LISTED_THRESHOLD = 0.4  # of the mean of title and whole entry; docs/decisions/0006

_REMEMBERED_ORIGINALS = 1 << 14
_REMEMBERED_WORDS = 1 << 10  # what reposts add; half of them say what others have said
_REMEMBERED_ENTRIES = 1 << 12  # some 50 stand on a list at a time
_REMEMBERED_TEXTS = 1 << 12  # of those judged by themselves, which are what reposts add as often as not
_MAX_ENTRY_CHARS = 600  # of title and description that are cut into terms
# Ages, counts, sums: at most four digits, so that no phone number or id becomes a term
_NUMBER = re.compile(
    "(?<![0-9.])(?:[0-9]{1,4}|[一二两三四五六七八九十]{1,3})(?:岁|名|人|个月|元|万|天|年|次|楼|斤|分|级|米|孩|倍)"
)
_MAX_TOLD_CHARS = 2000  # of an article: its terms are chosen from these, which bounds what redaction costs
_SAMPLE_CHARS = 140
# Of the threshold: from here on a post may be about children, and counts; whether its topic is, all posts of it decide
# together (`detectors.topics`, docs/decisions/0019)
_NEAR = 0.32
_FULL_NAME_CHARS = 3
_SAMPLED = 32  # of 256 reposts so many carry the original's text: a cascade is to have it, not to be made of it
_UNHEARD = Judgement(0.0, ())


class _Told(Struct, frozen=True):
    """What of a text may be counted and kept; see `detectors.delta.Evidence`."""

    terms: tuple[str, ...]
    withheld: tuple[str, ...]
    sample: str
    signs: tuple[Sign, ...] = ()
    joints: tuple[tuple[int, int], ...] = ()


_UNTOLD = _Told((), (), "")


class _Heard(Struct, frozen=True):
    """A text's judgement, and what it tells where it is about children; of an original, whether a notice stands there.

    A notice is what a platform puts in the place of a post that is gone (`detectors.notices`).
    """

    judgement: Judgement
    told: _Told
    is_notice: bool = False


class _Entry(Struct, frozen=True):
    """What an entry of a hot list says; see `detectors.delta.Ranking`."""

    title: tuple[str, ...]
    head: tuple[str, ...]
    body: tuple[str, ...]
    categories: tuple[str, ...]
    relevance: int
    signs: tuple[Sign, ...]


_NOTHING = _Heard(_UNHEARD, _UNTOLD)


class Judged(Struct, frozen=True):
    """What one text is about, and whether that counts under the threshold in force."""

    judgement: Judgement
    is_child: bool


class Listener:
    """Turns posts into what is counted."""

    def __init__(
        self,
        segmenter: Segmenter,
        relevance: Relevance,
        redact: Redact,
        veil: Veil,
        *,
        threshold: float | None = None,
        newest: Callable[[], Relevance] | None = None,
        own: Own = NOBODY,
    ) -> None:
        """Wire the step.

        Args:
            segmenter: cuts Chinese text into words.
            relevance: the judge of "is this about children".
            redact: takes out of a text what tells who somebody is; nothing of a text goes on that it took out.
            veil: hides the words that might still name somebody.
            threshold: score from which a text is about children; None = the one shipped with the model.
            newest: asked before every post for the judge that counts now, the same object until the lexicon
                changes; None = `relevance` for good.
            own: the organisation that listens.
        """
        self._segmenter = segmenter
        self._relevance = relevance
        self._threshold = relevance.threshold if threshold is None else threshold
        self._near = _NEAR * self._threshold
        self._least_quoted = ABOUT_CHILDREN / SURE * self._threshold  # all that quote it are judged by the same text
        self._redact = redact
        self._veil = veil
        self._newest = newest or (lambda: relevance)
        self._own = own
        self._original = lru_cache(maxsize=_REMEMBERED_ORIGINALS)(self._hear_original)
        self._own_words = lru_cache(maxsize=_REMEMBERED_WORDS)(self._hear_own_words)
        self._entry = lru_cache(maxsize=_REMEMBERED_ENTRIES)(self._hear_entry)
        self._judged = lru_cache(maxsize=_REMEMBERED_TEXTS)(self._judge)

    def hear(self, post: Post) -> Heard:
        """What the fold needs of a post. Cost: microseconds where nothing is about children."""
        self._renew()
        if post.kind == "ranking":
            return self._hear_ranking(post)
        key, of = blake2b(post.id.encode(), digest_size=KEY_BYTES).digest(), post.of
        if post.deleted or (of is None and is_notice(post.text)):
            return Heard(key, post.at_ms, forgets=post.id, gone="" if post.author.key == FORGETTING else post.id)
        if of is not None and of.text:  # it is about what it quotes: its own words are few, and often of something else
            judged, least = self._original(of.text), self._least_quoted
        else:
            judged, least = self._hear_cued(post.text), self._near
        evidence = self._evidence(post, judged) if judged.judgement.score >= least else None
        return Heard(key, post.at_ms, evidence, gone=of.id if of and (of.deleted or judged.is_notice) else "")

    def _hear_ranking(self, post: Post) -> Heard:
        """An entry of a hot list; its key holds the snapshot's time, for each snapshot tells where it stands."""
        key = blake2b(f"{post.at_ms} {post.id}".encode(), digest_size=KEY_BYTES).digest()
        name = post.author.key.removeprefix(LIST_AUTHOR)
        entry = self._entry(post.text)
        if entry is None:
            return Heard(key, post.at_ms, list=name, rank=post.rank or 0)
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
            archived=post.archived,
            relevance=entry.relevance,
            signs=entry.signs,
        )
        return Heard(key, post.at_ms, list=name, rank=post.rank or 0, ranking=ranking)

    def _hear_entry(self, text: str) -> _Entry | None:
        """Title, and description behind the first line break; None where they are not about children.

        Judged without the cue scan, which misses one accepted headline in thirty: entries are few.
        """
        title, _, description = text.partition("\n")
        named, told = clean(title), clean(description)
        whole = f"{named.own}。{told.own}" if told.own not in ("", named.own) else named.own
        whole = whole[:_MAX_ENTRY_CHARS]
        words, title_words = self._segmenter.cut(whole), self._segmenter.cut(named.own)
        judged = self._relevance.judge(whole, words)
        alone = self._relevance.judge(named.own, title_words)
        score = (judged.score + alone.score) / 2
        if score < LISTED_THRESHOLD:
            return None
        numbers = dict.fromkeys(_NUMBER.findall(whole))
        masked = self._redact(f"{named.own}\n{whole}").text

        def veiled(terms: Sequence[str]) -> list[str]:
            """What the redactor took for an identifier is hidden; other names on a list are public already."""
            return [term if term.strip("#") in masked else self._veil.over(term, is_masked=True) for term in terms]

        head = (*veiled(terms_of(title_words, ())), *(number for number in numbers if number in named.own))
        terms = (*veiled(terms_of(words, told.hashtags)), *numbers)
        body = tuple(term for term in terms if term not in head)
        return _Entry(
            tuple(veiled(title_words)),
            head,
            body,
            judged.categories or alone.categories,
            int(SURE * score / LISTED_THRESHOLD),
            headline_signs(named.own, whole),
        )

    def judge(self, text: str, *, is_scanned: bool = True) -> Judged:
        """What a text of its own is about; unheard without a cue, as in the stream, where it is scanned."""
        self._renew()
        if is_scanned and not self._relevance.has_cue(text):
            return Judged(Judgement(0.0, (), "", self._relevance.lexicon.version), is_child=False)
        return self._judged(text)

    def _judge(self, text: str) -> Judged:
        found, _, _ = self._weigh(text)
        return Judged(found, found.score >= self._threshold)

    def _renew(self) -> None:
        """Take the judge that counts now; what was judged under another lexicon is forgotten."""
        relevance = self._newest()
        if relevance is not self._relevance:
            self._relevance = relevance
            self._original.cache_clear()
            self._entry.cache_clear()
            self._judged.cache_clear()

    def _hear_original(self, text: str) -> _Heard:
        heard = self._hear_cued(text)
        return replace(heard, is_notice=True) if is_notice(text) else heard

    def _hear_cued(self, text: str) -> _Heard:
        """Nothing where no word hints at children: the judge costs a hundred times what the scan does."""
        return self._hear_text(text) if self._relevance.has_cue(text) else _NOTHING

    def _hear_text(self, text: str) -> _Heard:
        judgement, cleaned, words = self._weigh(text)
        return _Heard(judgement, self._told(cleaned, words) if judgement.score >= self._near else _UNTOLD)

    def _weigh(self, text: str) -> tuple[Judgement, CleanText, list[str]]:
        cleaned = clean(text)
        whole = _whole(cleaned)
        words = self._segmenter.cut(whole)
        return self._relevance.judge(whole, words, has_lead=not cleaned.chain), cleaned, words

    def _told(self, cleaned: CleanText, words: list[str]) -> _Told:
        """Terms that may be counted, and a text that may be shown: nothing in them that the redactor took out."""
        whole = _whole(cleaned)
        if len(whole) > _MAX_TOLD_CHARS:
            whole = whole[:_MAX_TOLD_CHARS]
            words = self._segmenter.cut(whole)
        redacted = self._redact(whole)
        safe = redacted.text
        found = terms_of(words, cleaned.hashtags)
        places = tuple(term for term in found if is_place(term))
        named = named_in(words)
        terms: dict[str, None] = {}
        withheld: dict[str, None] = {}
        for term in found:
            is_masked = term in places or term.strip("#") not in safe
            terms[intern(self._veil.over(term, is_masked=is_masked))] = None
            if is_masked or _is_of_name(term, places, named):
                withheld.update((self._veil.mark(form), None) for form in _forms(term))
        if named:
            withheld.update((CALLED + self._veil.mark(word), None) for word in called_in(words))
        withheld.update((PERHAPS + self._veil.mark(word), None) for word in beside_child_in(words))
        signs, joints = signs_of(whole, redacted.found), joints_of(words, tuple(terms))
        return _Told(tuple(terms), tuple(withheld), safe[:_SAMPLE_CHARS], signs, joints)

    def _hear_own_words(self, text: str) -> _Told:
        """What a repost adds to the original."""
        cleaned = clean(text)
        whole = _whole(cleaned)
        return self._told(cleaned, self._segmenter.cut(whole)) if whole or cleaned.hashtags else _UNTOLD

    def _evidence(self, post: Post, judged: _Heard) -> Evidence:
        told = judged.told
        # by a mark, so that counts and topics do not hold the id of a post that is to be forgotten
        conversation = self._veil.mark(post.id if post.of is None else post.of.id)
        terms, withheld, signs = dict.fromkeys(told.terms), dict.fromkeys(told.withheld), told.signs
        if post.of is not None:
            own = self._own_words(post.text)
            terms.update(dict.fromkeys(own.terms))
            withheld.update(dict.fromkeys(own.withheld))
            signs = tuple(dict.fromkeys((*signs, *own.signs)))
            terms[CONVERSATION + conversation] = None
        return Evidence(
            post=post.id,
            author=post.author.key,
            at_ms=post.at_ms,
            platform=post.platform,
            followers=self._own.followers(post.author),
            conversation=conversation,
            terms=tuple(terms),
            categories=judged.judgement.categories,
            sample=told.sample if _is_sampled(post) else "",
            withheld=tuple(withheld),
            signs=signs,
            joints=told.joints,  # of the original: its terms come first
            region=(region_of(post.author.region) or "") if post.author.region else "",
            marks=self._own.marks(post),
            verified=post.author.verified is True,
            relevance=int(SURE * judged.judgement.score / self._threshold),
            archived=post.archived,
        )


def _is_sampled(post: Post) -> bool:
    """Whether the console may show its text: never a message, for it was told in confidence."""
    if post.kind == "message":
        return False
    return post.of is None or blake2b(post.id.encode(), digest_size=1).digest()[0] < _SAMPLED


def _is_of_name(term: str, places: Collection[str], named: Collection[str]) -> bool:
    """Whether a term begins the name of one of these places, or holds one of these names; mostly there are none."""
    if not (places or named):
        return False
    return any(place.startswith(term) for place in places) or any(word in term for word in named)


def _forms(word: str) -> tuple[str, ...]:
    """The word, and what is left of a name of three characters without the family's: how friends write it."""
    return (word, word[1:]) if len(word) == _FULL_NAME_CHARS else (word,)


def _whole(cleaned: CleanText) -> str:
    """Own words and what the chain behind them says."""
    return f"{cleaned.own} {cleaned.chain}" if cleaned.chain else cleaned.own
