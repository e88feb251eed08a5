"""`tongsheng redact`: what the console would show of a text, and which kinds of identifiers were in it."""

from contracts.settings import Settings
from tongsheng.json_lines import Change, Row
from tongsheng.wiring import redactor

__all__ = ["redacting"]


def redacting(settings: Settings) -> Change:
    """Adds "redacted" and "found" to a line; true where something was found.

    The text itself stays in the line: this is for trying the redactor, not for handing posts on.
    """
    identity = redactor(settings)

    def add(row: Row) -> bool:
        redacted = identity.redact(row["text"])
        row["redacted"], row["found"] = redacted.text, list(redacted.found)
        return bool(redacted.found)

    return add
