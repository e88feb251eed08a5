"""What stands in one answer of a live source, read as a file would be."""

import io
from pathlib import Path

from contracts.clock import Clock
from contracts.errors import SourceAwayError, SourceError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.author_key import AuthorKeys
from producers.files import FileSource

__all__ = ["read_answer"]


def read_answer(
    body: bytes, *, name: str, keys: AuthorKeys, fetched: Clock, has_raw_keys: bool = False
) -> list[Post | Rejected]:
    """Posts and rejected pieces, in order.

    Raises:
        SourceAwayError: it is in no known format: a page of a login or of an error, as a rule.
    """
    source = FileSource(
        Path(f"/live/{name}"),
        keys,
        received_ms=fetched(),
        clock=fetched,
        is_archived=False,
        fetched=fetched,
        has_raw_keys=has_raw_keys,
        opens=lambda _: io.BytesIO(body),
    )
    try:
        return [item.what for item in source.items()]
    except SourceError:
        raise SourceAwayError(
            "its answer is in no known format; it may be the page of a login", kind=FaultKind.UNREADABLE
        ) from None
