"""Text of others, as text: nothing in it turns the line round, hides, or runs on without end."""

import unicodedata

__all__ = ["plain"]

_MARKS = 2  # combining marks on one character; more is a tower over the lines above


def plain(text: str, limit: int = 300) -> str:
    r"""The text without control, bidirectional, zero-width and unassigned characters, at most `limit` long.

    Escaping for HTML is the templates' work; this is for what escaping leaves as it is.

    >>> plain("学\u200b生\u202e校车\n")
    '学生校车 '
    """
    kept: list[str] = []
    marks = 0
    for character in text[: 4 * limit]:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if character in "\n\t\r":
            kept.append(" ")
        elif kind[0] != "C" and marks <= _MARKS and kind not in ("Zl", "Zp"):
            kept.append(character)
    said = "".join(kept)
    return said if len(said) <= limit else said[: limit - 1] + "…"
