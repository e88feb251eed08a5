"""Post (contract): one utterance on a platform, as it travels on Kafka.

Reads JSON lines (UTF-8, unknown keys ignored), gives `Post`. Touches nothing.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Literal, TypeVar

import msgspec

from contracts.errors import UnusablePostError
from contracts.platforms import PLATFORMS
from contracts.rejection import Reason

__all__ = [
    "EARLIEST_AT_MS",
    "FORGETTING",
    "FUTURE_TOLERANCE_MS",
    "MAX_LINE_BYTES",
    "MAX_TEXT_CHARS",
    "UNDECODABLE",
    "Author",
    "Post",
    "Quoted",
    "decode_post",
    "encode_post",
    "read_whole",
    "unusable",
    "vet",
]

MAX_LINE_BYTES = 1 << 20  # a WeChat article of 100 000 characters with its fields fits
MAX_TEXT_CHARS = 100_000  # the longest WeChat article has 50 000
EARLIEST_AT_MS = 1_199_145_600_000  # 2008-01-01: before the first Chinese microblog of the sources
FORGETTING = "forget"  # author key of who asks that a post be forgotten: it is not gone from its platform
FUTURE_TOLERANCE_MS = 120_000  # clocks of platforms and crawlers differ by less than two minutes

# C0 controls but tab, newline, carriage return; DEL. JSON may carry them escaped; no post needs them, and
# they break terminals, logs and C strings downstream.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What an id and an author key may be. `evidence` publishes ids, so the id of a post must have no room for a name;
# the entry of a hot list is known by its title alone, which the platform itself has published.
_ID = re.compile(r"[a-z0-9_]{1,40}:[0-9A-Za-z._~=-]{1,120}\Z")
_RANKING_ID = re.compile(r"[a-z0-9_]{1,40}:(?!\s)[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{1,200}(?<!\s)\Z")
# C1 controls and what turns text around or breaks lines, too: no province needs them
_NO_REGION = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_KEY = re.compile(r"[!-~]{1,64}\Z")
# One escape of a JSON text: a character of two halves, half a one, any other
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)

Value = TypeVar("Value")

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # all that a msgspec decoder raises

Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class Author(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who wrote it, as far as the pipeline may know: a salted hash, never a raw user id.

    `region` is a province, or a province and a prefecture ("广东", "广东广州"); whatever is finer, is cut off before it
    counts (`detectors.regions`).
    """

    key: str
    followers: Count | None = None
    verified: bool | None = None
    region: str | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The original that a repost or comment quotes."""

    id: str
    text: str = ""
    author: Author | None = None
    deleted: bool = False


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One post; a later one with the same id is an update of it (counts grow, `deleted` may turn true).

    Attributes:
        id: platform-qualified, for instance "weibo:4454572602912349"; of a ranking, list and title.
        platform: one of `contracts.platforms.PLATFORMS`.
        at_ms: event time, epoch milliseconds UTC.
        text: the author's own words.
        of: the quoted original, or None.
        pictures, videos, links: how many; never their addresses.
        rank, heat: place and heat on a hot list (kind "ranking" only).
        archived: replayed from an archive, so never alerted as now.
    """

    id: str
    platform: str
    at_ms: int
    author: Author
    kind: Literal["post", "repost", "comment", "article", "message", "ranking"] = "post"
    text: str = ""
    of: Quoted | None = None
    pictures: Count = 0
    videos: Count = 0
    links: Count = 0
    likes: Count = 0
    comments: Count = 0
    reposts: Count = 0
    deleted: bool = False
    rank: Count | None = None
    heat: Count | None = None
    archived: bool = False


_decoder = msgspec.json.Decoder(Post)
_encoder = msgspec.json.Encoder()


def encode_post(post: Post) -> bytes:
    """One JSON line, without the newline."""
    return _encoder.encode(post)


def decode_post(line: bytes) -> Post:
    """Read one JSON line; the limits of `vet` are the caller's to apply.

    Raises:
        UnusablePostError: with the reason; its detail names the field, never the content.
    """
    if len(line) > MAX_LINE_BYTES:
        raise UnusablePostError(Reason.LINE_TOO_LONG, f"{len(line)} bytes, at most {MAX_LINE_BYTES}")
    try:
        return read_whole(_decoder.decode, line)
    except UNDECODABLE as error:
        raise unusable(error, line) from error


def read_whole(read: Callable[[bytes], Value], line: bytes) -> Value:
    """What `read` makes of a JSON text, where need be of one with U+FFFD for each half of a character.

    Platforms cut emoji in half where they shorten a text. JSON allows that, Unicode does not; the rest of it counts.

    Raises:
        UNDECODABLE: `read` raised it, and again if it was tried again.
    """
    try:
        return read(line)
    except UNDECODABLE:
        whole = _ESCAPE.sub(_whole, line)
        if whole == line:
            raise
        return read(whole)


def _whole(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape["half"] else escape[0]


def vet(post: Post, *, received_ms: int) -> None:
    """Refuse a post whose fields are well-typed and yet absurd; the one place where their limits are held.

    A post that a reader has built and one that came over the wire meet the same limits here.

    Args:
        post: as decoded.
        received_ms: when it was received (the Kafka record's time; a file run's start). Not the wall clock
            of the reader, so that reading again decides the same.

    Raises:
        UnusablePostError: an id, author key or platform that is none, text too long, control characters, a time
            no post can have. The detail names the field, never the content.

    Cost: about a microsecond; it runs for every post, at its source and in the worker.

    >>> good = Post(id="weibo:1", platform="weibo", at_ms=1_772_380_800_000, author=Author(key="a"))
    >>> vet(good, received_ms=1_772_380_800_000)
    """
    if (_RANKING_ID if post.kind == "ranking" else _ID).match(post.id) is None:
        raise _wrong_id("id", post.id)
    if post.platform not in PLATFORMS:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"platform: none of {', '.join(PLATFORMS)}")
    _vet_words(post.author, post.text, "")
    if post.of is not None:
        _vet_quoted(post.of)
    if post.at_ms < EARLIEST_AT_MS:
        raise UnusablePostError(Reason.TIME_ABSURD, "before 2008")
    if post.at_ms > received_ms + FUTURE_TOLERANCE_MS:
        ahead_s = (post.at_ms - received_ms) // 1000
        raise UnusablePostError(Reason.TIME_IN_FUTURE, f"{ahead_s} s after it was received")


@lru_cache(maxsize=1 << 10)
def _vet_quoted(quoted: Quoted) -> None:
    """Once where a reader gives the reposts of one original the same object."""
    if _ID.match(quoted.id) is None:
        raise _wrong_id("of.id", quoted.id)
    _vet_words(quoted.author, quoted.text, "of.")


def _vet_words(author: Author | None, text: str, where: str) -> None:
    """Author key and text, of the post itself or (`where` "of.") of what it quotes."""
    if author is not None and _KEY.match(author.key) is None:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"{where}author.key: not 1 to 64 printable ASCII characters")
    if author is not None and author.region and _NO_REGION.search(author.region):
        raise UnusablePostError(Reason.CONTROL_CHARACTERS, f"{where}author.region: a control character")
    if len(text) > MAX_TEXT_CHARS:
        raise UnusablePostError(Reason.TEXT_TOO_LONG, f"{where}text: {len(text)} characters, at most {MAX_TEXT_CHARS}")
    if _CONTROL.search(text):
        raise UnusablePostError(Reason.CONTROL_CHARACTERS, f"{where}text: a control character, such as NUL or ESC")


def _wrong_id(field: str, found: str) -> UnusablePostError:
    if _CONTROL.search(found):
        return UnusablePostError(Reason.CONTROL_CHARACTERS, f"{field}: a control character, such as NUL or ESC")
    return UnusablePostError(Reason.WRONG_SHAPE, f"{field}: not like weibo:4454572602912349 or too long")


def unusable(error: Exception, line: bytes) -> UnusablePostError:
    """What a decoder's refusal (one of UNDECODABLE) means, as a reason of the closed set."""
    if isinstance(error, msgspec.ValidationError):
        return UnusablePostError(Reason.WRONG_SHAPE, str(error))
    if isinstance(error, RecursionError):
        return UnusablePostError(Reason.TOO_DEEP, "brackets nested deeper than a decoder follows (about 1000)")
    where = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else str(error)
    return UnusablePostError(Reason.NOT_JSON if _is_text(line) else Reason.NOT_UTF8, where)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
