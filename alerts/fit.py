"""Make a message fit: leave out whole pieces, the least telling first, so that no markup is ever cut."""

from collections.abc import Callable
from dataclasses import replace

from alerts.message import Message, Part
from contracts.told import shortened

__all__ = ["fitted", "plain", "widened", "within"]

_LEAST_HEADLINE = 12
_LEAST_LEAD = 20
# Signs that mean something in the markup of some app, and ones that look like them and mean nothing.
_MARKUP = str.maketrans("*_~`#<>[]|\\&", "∗＿～ˋ＃＜＞［］｜＼＆") | {
    ord(
        "@"
    ): "＠\u2060"  # and a word joiner: an app that takes the wide sign for the narrow one finds no name behind it
}
# Direction marks, and characters without width but the joiner above, can hide what a text says.
_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2061, 0x2070), 0xFEFF))


def plain(text: str) -> str:
    """One line of visible characters.

    >>> plain("校车" + chr(0x202E) + chr(10) + "事故")
    '校车 事故'
    """
    seen = text.translate(_UNSEEN)
    return "".join(sign if sign.isprintable() else " " for sign in seen)


def widened(text: str) -> str:
    """One line in which no app finds markup, a link or a mention.

    >>> widened("<!channel> [x](http://a)")
    '＜!channel＞ ［x］(http:／／a)'
    """
    joiner = "\u2060"
    safe = (sign if sign == joiner else plain(sign) for sign in text.translate(_MARKUP))
    return "".join(safe).replace("://", ":／／")


def fitted(message: Message, fits: Callable[[Message], bool]) -> Message:
    """The message, shorter by as much as it takes.

    Args:
        message: whole.
        fits: whether the app takes it so.

    Raises:
        ValueError: it cannot be made short enough; no app's limit is that low.
    """
    while not fits(message):
        shorter = _shorter(message)
        if shorter is None:
            raise ValueError("message: it does not fit even without all that can be left out")
        message = shorter
    return message


def within(message: Message, body_of: Callable[[Message], str], most_bytes: int) -> str:
    """The body of the message, shortened until it has so many bytes of UTF-8 at most.

    Raises:
        ValueError: see `fitted`.
    """
    return body_of(fitted(message, lambda one: len(body_of(one).encode()) <= most_bytes))


def _shorter(message: Message) -> Message | None:
    """Without one more piece; None where nothing can be left out. Guidance is never left out."""
    parts = list(message.parts)
    at = max(range(len(parts)), key=lambda place: len(parts[place].facts))
    if parts[at].facts:
        parts[at] = replace(parts[at], facts=parts[at].facts[:-1])
        return replace(message, parts=tuple(parts))
    at = max(range(len(parts)), key=lambda place: len(parts[place].items))
    if len(parts[at].items) > 1:
        parts[at] = replace(parts[at], items=parts[at].items[:-1])
        return replace(message, parts=tuple(parts))
    if len(parts) > 1:
        return replace(message, parts=tuple(parts[:-1]))
    shorter = _shorter_words(parts[0])
    return None if shorter is None else replace(message, parts=(shorter,))


def _shorter_words(part: Part) -> Part | None:
    if len(part.lead) > _LEAST_LEAD:
        return replace(part, lead=shortened(part.lead, len(part.lead) // 2))
    if len(part.headline) > _LEAST_HEADLINE:
        return replace(part, headline=shortened(part.headline, len(part.headline) // 2))
    return None
