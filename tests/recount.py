"""A plain loop over the input: what every window count must equal. Shares no code with the fold."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from contracts.frame import Mark
from streams.windows import Heard

__all__ = ["recount", "verdict"]

MINUTE_MS = 60_000
HOUR_MINUTES = 60


def recount(items: Iterable[Heard | Mark], *, lateness_minutes: int = 10) -> dict[int, Counter[str]]:
    """minute -> term -> distinct authors ("*" -> posts) of one partition's items in order."""
    progress_ms = 0
    seen: dict[bytes, int] = {}  # id -> end of its minute; forgotten once that minute is late
    accepted: list[Heard] = []
    for item in items:
        if isinstance(item, Heard) and item.forgets:
            continue  # a deletion counts nowhere
        if isinstance(item, Heard):
            end_ms = (item.at_ms // MINUTE_MS + 1) * MINUTE_MS
            if end_ms + lateness_minutes * MINUTE_MS <= progress_ms:
                continue  # late
            if item.key in seen and seen[item.key] + lateness_minutes * MINUTE_MS > progress_ms:
                continue  # a repeat
            seen[item.key] = end_ms
            accepted.append(item)
        progress_ms = max(progress_ms, item.at_ms)
    first_use: dict[tuple[str, str, int], int] = {}
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for heard in accepted:
        minute = heard.at_ms // MINUTE_MS
        counts[minute]["*"] += 1
        if heard.evidence is not None:
            for term in heard.evidence.terms:
                use = (heard.evidence.author, term, minute // HOUR_MINUTES)
                first_use[use] = min(first_use.get(use, minute), minute)
    for (_, term, _), minute in first_use.items():
        counts[minute][term] += 1
    return dict(counts)


def verdict(expected: dict[int, Counter[str]], found: dict[int, dict[str, int]]) -> str:
    """OK, MISSING (some count too small) or DOUBLE (some too large; worse, so it wins)."""
    missing = double = 0
    for minute in expected.keys() | found.keys():
        want, have = expected.get(minute, Counter()), found.get(minute, {})
        for term in want.keys() | have.keys():
            missing += have.get(term, 0) < want.get(term, 0)
            double += have.get(term, 0) > want.get(term, 0)
    return f"DOUBLE ({double} counts)" if double else f"MISSING ({missing} counts)" if missing else "OK"
