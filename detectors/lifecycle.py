"""The states of a raised topic: emerging, trending, fading, closed.

    emerging ──growing to 3x, or 30 min sustained──▶ trending ──x < 0.6──▶ fading ──6 h without a burst──▶ closed
                                                        ▲──────x > 1.2──────┘
x = rate of the last 10 minutes over the rate of the last 60, of the topic's five most telling terms. Those go on in
other talk, too: a topic of which no more people speak than usually, or a third as many as when it was raised, fades
whatever x is.
A state is left only after two minutes, so that a topic on an edge does not flicker.
"""

from contracts.topic import State
from detectors.counts import RING_MINUTES, WINDOWS_MINUTES, Counts
from detectors.topics import Topic

__all__ = ["CLOSE_AFTER_MS", "advance", "next_state", "pace_of"]

CLOSE_AFTER_MS = 6 * 3_600_000
GROWING = 1.2
FADING = 0.6
GROWN = 3  # times its size when it was raised
SHRUNK = 1 / 3  # of it
SUSTAINED_MS = 30 * 60_000
HOLD_MINUTES = 2


def advance(topic: Topic, *, now_ms: int, pace: float, authors: int, usual: float) -> bool:
    """Judge a raised topic once a minute; true when its state has changed.

    Args:
        topic: raised; changed in place.
        now_ms: event time.
        pace: x as above; 0 when nobody speaks of it.
        authors: its distinct authors of the last hour.
        usual: how many were to be expected of them.
    """
    wanted = next_state(topic, now_ms=now_ms, pace=pace, authors=authors, usual=usual)
    if wanted == topic.state:
        topic.pending, topic.pending_minutes = None, 0
        return False
    topic.pending_minutes = topic.pending_minutes + 1 if wanted == topic.pending else 1
    topic.pending = wanted
    if topic.pending_minutes < HOLD_MINUTES and wanted != "closed":
        return False
    topic.state, topic.pending, topic.pending_minutes = wanted, None, 0
    return True


def next_state(topic: Topic, *, now_ms: int, pace: float, authors: int, usual: float) -> State | None:
    """The state that the numbers call for now."""
    if now_ms - topic.active_ms >= CLOSE_AFTER_MS:
        return "closed"
    if pace < FADING or authors <= max(usual, SHRUNK * topic.raised_authors):
        return "fading"
    grown = pace > GROWING and authors >= GROWN * topic.raised_authors
    sustained = now_ms - topic.raised_ms >= SUSTAINED_MS
    if topic.state == "emerging":
        return "trending" if grown or sustained else "emerging"
    if topic.state == "fading":
        return "trending" if pace > GROWING else "fading"
    return topic.state


def pace_of(topic: Topic, counts: Counts) -> float:
    """Rate of the last 10 minutes over the rate of the last 60, of the core terms; 0 when nobody speaks of them."""
    core = topic.core()
    hour, short = counts.uses(core, RING_MINUTES), WINDOWS_MINUTES[0]
    return counts.uses(core, short) * RING_MINUTES / short / hour if hour else 0.0
