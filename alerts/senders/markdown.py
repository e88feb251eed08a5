"""Markdown for the robots of DingTalk and WeCom, which know a small part of it."""

from alerts.fit import plain, widened
from alerts.message import Message, Part

__all__ = ["markdown"]


def markdown(message: Message, *, prefix: str, heading: str, bullet: str, newline: str) -> str:
    """The whole message; only our own labels, headings and the link to the console are markup.

    Args:
        message: to write.
        prefix: the keyword that a robot demands.
        heading: what begins a headline, for instance "#### ".
        bullet: what begins a fact or a topic, for instance "- ".
        newline: what the app takes for the end of a line.
    """
    blocks = [_block(part, prefix if number == 0 else "", heading, bullet) for number, part in enumerate(message.parts)]
    if message.link:
        blocks.append([f"[{widened(message.parts[0].link)}]({message.link})"])
    return newline.join(line for block in blocks for line in block)


def _block(part: Part, prefix: str, heading: str, bullet: str) -> list[str]:
    headline = f"{plain(prefix)} {widened(part.headline)}".strip()
    lines = [f"{heading}{headline}"]
    lines += [widened(part.lead)] if part.lead else []
    lines += [f"⚑ **{widened(note)}**" for note in part.notes]
    listed = [f"**{widened(fact.label)}** {widened(fact.value)}" for fact in part.facts]
    listed += [widened(item) for item in part.items]
    lines += ["\n".join(f"{bullet}{one}" for one in listed)] if listed else []
    return lines + ([widened(part.footer)] if part.footer else [])
