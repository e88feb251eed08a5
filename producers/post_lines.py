"""Our own Post lines, as they stand in frames: what another tongsheng or a script of yours wrote."""

from contracts.post import decode_post
from producers.source import Format

__all__ = ["POST_LINES"]


def _knows(value: object) -> bool:
    return isinstance(value, dict) and {"id", "platform", "at_ms", "author"} <= set(value)


POST_LINES = Format(name="tongsheng Post lines", knows=_knows, read=lambda line: (decode_post(line),))
