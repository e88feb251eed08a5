"""Where platforms and crawlers put an array of records within their answers.

A document of any size is read element by element at one of PATHS; an answer on a line of its own is taken apart
by the format that `enveloped` makes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import UNDECODABLE, Post, unusable
from contracts.rejection import Reason
from producers.source import Format

__all__ = ["PATHS", "enveloped"]

_PATHS = (
    ("statuses",),  # Sina API v2
    ("reposts",),
    ("comments",),
    ("data", "statuses"),  # weibo.com/ajax, hot timelines
    ("data", "list"),  # weibo.com/ajax/statuses/mymblog
    ("data", "cards"),  # m.weibo.cn
    ("cards",),
    ("data", "info"),  # Tencent Weibo
    ("weibo",),  # weibo-crawler
    ("items",),  # JSON Feed
    ("data",),
)
PATHS = ((), *_PATHS)  # () of a document that is an array

_LOOKED_AT = 50  # records; the first may be an advertisement


def enveloped(form: Format) -> Format:
    """The format of answers that hold records of `form`. Text behind the answer ("out of memery") is passed over."""

    def knows(value: object) -> bool:
        return any(form.knows(record) for record in _records(value)[:_LOOKED_AT])

    def read(line: bytes) -> Iterator[Post | UnusablePostError]:
        value = _decoded(line)
        records = _records(value)
        if not records and not _is_empty(value):
            raise UnusablePostError(Reason.WRONG_SHAPE, _said(value))
        for record in records:
            yield from _read(form, _encoded(record))

    return replace(form, knows=knows, read=read)


def _encoded(record: object) -> bytes:
    try:
        return msgspec.json.encode(record)
    except (RecursionError, OverflowError, ValueError) as error:
        raise UnusablePostError(Reason.TOO_DEEP, "nested deeper, or with a longer number, than any post") from error


def _read(form: Format, raw: bytes) -> Iterator[Post | UnusablePostError]:
    """The posts of one record, or what is wrong with it, with its own bytes."""
    try:
        yield from form.read(raw)
    except UNDECODABLE as error:
        refused = unusable(error, raw)
        yield UnusablePostError(refused.reason, refused.detail, raw=raw)
    except UnusablePostError as error:
        yield UnusablePostError(error.reason, error.detail, raw=raw if error.raw is None else error.raw)


def _decoded(line: bytes) -> object:
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return msgspec.json.decode(line[: line.rfind(b"}") + 1])


def _records(value: object) -> Sequence[object]:
    """The first array of objects at one of the known places; a single object where Tencent Weibo put it."""
    for path in _PATHS:
        found = value
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list) and any(isinstance(record, dict) for record in found):
            return found
    alone = value.get("data") if isinstance(value, dict) else None
    return [alone] if isinstance(alone, dict) and "id" in alone else []


def _is_empty(value: object) -> bool:
    """Whether it is a good answer that holds nothing."""
    if not isinstance(value, dict) or value.get("error_code") or value.get("errcode"):
        return False
    return any(value.get(key, value) in (None, []) for key in ("data", "statuses", "items", "weibo"))


def _said(value: object) -> str:
    """The platform's number for its refusal, where it is one; its words may hold anything."""
    code = (value.get("error_code") or value.get("errcode")) if isinstance(value, dict) else None
    known = isinstance(code, int) or (isinstance(code, str) and code.isascii() and code.isdigit())
    return f"the platform refused, error {code}" if known else "an answer without records"
