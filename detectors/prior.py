"""What is usual, learned from an archive, for a detector that starts on a new stream.

Without it the first hours are all surprise: no term has a past and no hour a habit. Reads the counts at the end of an
archive, gives counts to start with. Touches nothing. Holds words and how often they are used, no text, no post, no
author; conversations, which never come again, are left out.
"""

from hashlib import blake2b

import msgspec

from contracts.errors import SettingsError
from detectors.counts import Counts
from detectors.delta import CONVERSATION
from detectors.rhythm import Rhythm

__all__ = ["Prior", "counts_at", "decode_prior", "encode_prior", "lack_of", "prior_of"]

MAGIC = b"TSPR\x03"
LEAST_MINUTES = 1440  # it spares the first day's caution, so it has seen a day
LEAST_POSTS = 1000  # decayed
LEAST_WORDS = 100
_SUM_BYTES = 16
MIN_USES = 0.5  # decayed; rarer words are as good as new, and names are mostly rare
_MINUTES_PER_DAY = 1440


class Prior(msgspec.Struct, kw_only=True, frozen=True):
    """Counts at the end of an archive.

    Attributes:
        half_life_minutes: with which the uses are decayed.
        minutes: length of the archive.
        end: epoch minute of its end.
        authors: term -> decayed uses.
        posts: decayed posts.
        looks_per_day: distinct uses a day.
        rhythm: of the archive's last week.
    """

    half_life_minutes: float
    minutes: int
    end: int
    authors: dict[str, float]
    posts: float
    looks_per_day: float
    rhythm: Rhythm


def prior_of(counts: Counts) -> Prior:
    """Learn from an archive that has been run through; its last hour, still in the ring, is left out."""
    weight = counts.weight(counts.newest)
    uses = {term: past / weight for term, past in counts.past_authors.items() if not term.startswith(CONVERSATION)}
    return Prior(
        half_life_minutes=counts.half_life_minutes,
        minutes=counts.newest - counts.first,
        end=counts.newest,
        authors={term: past for term, past in sorted(uses.items()) if past >= MIN_USES},
        posts=counts.past_posts / weight,
        looks_per_day=counts.looks_per_day(),
        rhythm=Rhythm(
            authors={
                hour: {term: count for term, count in terms.items() if term in uses}
                for hour, terms in counts.rhythm.authors.items()
            },
            posts=counts.rhythm.posts,
        ),
    )


def lack_of(prior: Prior) -> str:
    """What an archive lacks to tell what is usual, "" where nothing: with such a prior everyday words would be news."""
    if prior.minutes < LEAST_MINUTES:
        return f"it is {prior.minutes / 60:.1f} hours long, and a prior needs {LEAST_MINUTES // 60}"
    if prior.posts < LEAST_POSTS:
        return f"its last days hold {prior.posts:,.0f} posts, and a prior needs {LEAST_POSTS:,}"
    if len(prior.authors) < LEAST_WORDS:
        return (
            f"its posts about children use {len(prior.authors):,} words, and a prior needs {LEAST_WORDS} "
            "(entries of hot lists do not count)"
        )
    return ""


def counts_at(prior: Prior, minute: int) -> Counts:
    """Counts to start with at `minute`, as if the archive had ended the day before."""
    today = minute // _MINUTES_PER_DAY
    shift = today - 1 - prior.end // _MINUTES_PER_DAY
    return Counts(
        half_life_minutes=prior.half_life_minutes,
        landmark=minute,
        first=minute - _MINUTES_PER_DAY,
        newest=minute,
        past_authors=dict(prior.authors),
        past_posts=prior.posts,
        borrowed=prior.posts,
        looks={today - 1: round(prior.looks_per_day)},
        rhythm=prior.rhythm.shifted(shift),
    )


def encode_prior(prior: Prior) -> bytes:
    """The bytes of a prior's file: MAGIC, a check sum, msgpack."""
    packed = msgspec.msgpack.encode(prior)
    return MAGIC + _sum_of(packed) + packed


def decode_prior(raw: bytes, name: str) -> Prior:
    """Read a prior's file.

    Raises:
        SettingsError: naming the file, when it is none of this version or damaged.
    """
    if not raw.startswith(MAGIC):
        raise SettingsError(name, "it is no prior of this version; make one with `tongsheng backtest --save-prior`")
    start = len(MAGIC) + _SUM_BYTES
    packed = raw[start:]
    if raw[len(MAGIC) : start] != _sum_of(packed):
        raise SettingsError(name, "it is damaged; make it anew with `tongsheng backtest --save-prior`")
    return msgspec.msgpack.decode(packed, type=Prior)


def _sum_of(packed: bytes) -> bytes:
    return blake2b(packed, digest_size=_SUM_BYTES).digest()
