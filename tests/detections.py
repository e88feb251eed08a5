"""A stream of invented posts, stepped through a detector: what its tests share."""

import random
from collections.abc import Callable, Sequence

import msgspec
import rjieba

from contracts.topic import TopicLine
from detectors.broadcast import Broadcast
from detectors.delta import CONVERSATION, Delta, Evidence, quantum_of
from detectors.detector import Detector
from detectors.orders import NO_ORDERS, Orders
from detectors.rules import DetectRules
from detectors.state import DetectorState

__all__ = [
    "HOUR_MS", "MINUTE_MS", "RULES", "START_MS", "TICK_MS", "TURN", "Post",
    "chatter", "decode", "delta_of", "detector", "encode", "event", "raised", "run", "splinters",
]  # fmt: skip

START_MS = 1_772_380_800_000
HOUR_MS, MINUTE_MS, TICK_MS = 3_600_000, 60_000, 5000
RULES = DetectRules(warmup_ms=3 * HOUR_MS)
CHATTER = ("孩子", "作业", "学校", "老师", "吃饭", "周末", "幼儿园", "妈妈")
encode, decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(DetectorState).decode

Post = tuple[int, str, tuple[str, ...], str]  # at_ms, author, terms, conversation ("" = its own)


def detector(state: DetectorState | None = None) -> Detector:
    return Detector(RULES, Broadcast({"校车", "侧翻"}, rjieba.tag, str), state)


def chatter(hours: int, *, seed: int = 1, per_hour: int = 60) -> list[Post]:
    """Everyday posts about children at a steady pace; ten times as many posts about other things are seen."""
    chance = random.Random(seed)
    times = sorted(chance.randrange(hours * HOUR_MS) for _ in range(hours * per_hour))
    return [(START_MS + at, f"c{n}", tuple(chance.sample(CHATTER, 2)), "") for n, at in enumerate(times)]


def event(hour: float, authors: int, *terms: str, conversation: str = "", spacing_ms: int = 20_000) -> list[Post]:
    start = START_MS + round(hour * HOUR_MS)
    return [(start + n * spacing_ms, f"e{hour}-{n}", terms, conversation) for n in range(authors)]


def run(
    posts: Sequence[Post],
    *,
    restarts: frozenset[int] = frozenset(),
    hours: float = 12,
    orders: Callable[[int], Orders] = lambda _: NO_ORDERS,
) -> list[TopicLine]:
    """Step through the posts; at the ticks numbered in `restarts` go on from an encoded snapshot."""
    judge, lines, waiting = detector(), [], sorted(posts)
    for number, tick_ms in enumerate(range(START_MS + TICK_MS, START_MS + round(hours * HOUR_MS), TICK_MS)):
        deltas: list[Delta] = []
        while waiting and quantum_of(waiting[0][0]) <= tick_ms:
            deltas.append(delta_of(waiting.pop(0)))
        if deltas or tick_ms % MINUTE_MS == 0:
            lines += judge.step(tick_ms, deltas, orders(tick_ms))
        if number in restarts:
            judge = detector(decode(encode(judge.snapshot())))
    return lines


def delta_of(post: Post) -> Delta:
    at_ms, author, terms, conversation = post
    name = f"weibo:{author}-{at_ms}"
    counted = (*terms, CONVERSATION + conversation) if conversation else terms
    evidence = Evidence(name, author, at_ms, "weibo", 10, conversation or name, counted, ("safety",))
    minute = at_ms // MINUTE_MS
    return Delta(quantum_of(at_ms), {minute: 10}, {minute: dict.fromkeys(counted, 1)}, [evidence])


def raised(lines: Sequence[TopicLine]) -> list[str]:
    return list(dict.fromkeys(line.topic for line in lines))


TURN = ("校车", "侧翻", "校长", "道歉", "家委会", "停课", "整顿", "检查")


def splinters() -> tuple[list[Post], list[Post], list[Post]]:
    """A topic that goes on, later another telling of it, and something else at the same time."""
    crash = event(6, 90, "校车", "侧翻", "司机", "山路", spacing_ms=120_000)
    return crash, event(7.5, 12, *TURN), event(7.6, 12, "疫苗", "发烧", "批次", "接种")
