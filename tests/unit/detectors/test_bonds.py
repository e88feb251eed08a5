"""One event on hot lists and in posts is one topic, whichever comes first."""

import random
from collections.abc import Sequence

import msgspec
import rjieba

from contracts.told import Told
from contracts.topic import Listed, TopicLine
from detectors.bonds import with_list
from detectors.broadcast import Broadcast
from detectors.delta import Delta, Evidence, Ranking, quantum_of
from detectors.detector import Detector
from detectors.rules import DetectRules
from detectors.state import DetectorState
from tests.feed_lines import line

START_MS = 1_772_380_800_000
HOUR_MS, MINUTE_MS, TICK_MS = 3_600_000, 60_000, 5000
LIST = "weibo_hot_search"
CHATTER = ("孩子", "作业", "学校", "老师", "吃饭", "周末", "幼儿园", "妈妈")
CASE, OTHER = ("临湖县", "校车", "侧翻"), ("食堂", "饭菜", "发霉")
encode, decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(DetectorState).decode


def detector(state: DetectorState | None = None) -> Detector:
    names = Broadcast({"校车", "侧翻", "食堂", "饭菜", "发霉"}, rjieba.tag, str)
    return Detector(DetectRules(warmup_ms=3 * HOUR_MS), names, state)


def said(hour: float, authors: int, terms: tuple[str, ...]) -> list[Delta]:
    """As many people saying the same, 20 seconds apart."""
    return [_post(START_MS + round(hour * HOUR_MS) + n * 20_000, f"e{hour}-{n}", terms) for n in range(authors)]


def everyday(hours: int) -> list[Delta]:
    chance = random.Random(1)
    times = sorted(chance.randrange(hours * HOUR_MS) for _ in range(hours * 60))
    return [_post(START_MS + at, f"c{n}", tuple(chance.sample(CHATTER, 2))) for n, at in enumerate(times)]


def listed(hours: Sequence[int], terms: tuple[str, ...]) -> list[Delta]:
    """One entry, in the snapshots of these hours; other snapshots are empty."""
    return [_snapshot(START_MS + hour * HOUR_MS, terms) for hour in hours]


def _post(at_ms: int, author: str, terms: tuple[str, ...]) -> Delta:
    name, minute = f"weibo:{author}-{at_ms}", at_ms // MINUTE_MS
    post = Evidence(name, author, at_ms, "weibo", 10, name, terms, ("safety",))
    return Delta(quantum_of(at_ms), {minute: 10}, {minute: dict.fromkeys(terms, 1)}, [post])


def _snapshot(at_ms: int, terms: tuple[str, ...]) -> Delta:
    name = entry(terms)
    ranking = Ranking(name, at_ms, "weibo", LIST, 1, 400_000, terms, terms, (), ("safety",))
    return Delta(quantum_of(at_ms), {}, {}, [], [ranking], {LIST: at_ms})


def entry(terms: tuple[str, ...]) -> str:
    return f"{LIST}:{''.join(terms)}"


def run(deltas: list[Delta], *, hours: float, restarts: frozenset[int] = frozenset()) -> list[TopicLine]:
    judge, lines, waiting = detector(), [], sorted(deltas, key=lambda delta: delta.quantum_ms)
    for number, tick_ms in enumerate(range(START_MS + TICK_MS, START_MS + round(hours * HOUR_MS), TICK_MS)):
        due: list[Delta] = []
        while waiting and waiting[0].quantum_ms <= tick_ms:
            due.append(waiting.pop(0))
        if due or tick_ms % MINUTE_MS == 0:
            lines += judge.step(tick_ms, due)
        if number in restarts:
            judge = detector(decode(encode(judge.snapshot())))
    return lines


def topics(lines: Sequence[TopicLine]) -> list[str]:
    return list(dict.fromkeys(line.topic for line in lines))


def test_an_entry_joins_the_topic_of_posts_of_its_event() -> None:
    """No second topic: the posts' line is written anew with the entry in front and its place in the reason."""
    lines = run([*everyday(9), *said(5.9, 60, CASE), *listed([6], CASE)], hours=6.2)

    assert len(topics(lines)) == 1
    joined = next(line for line in lines if entry(CASE) in line.evidence)
    assert joined.evidence[0] == entry(CASE)
    assert joined.authors > 0
    assert joined.reason.endswith("；登上微博热搜第 1 位，热度 40 万")
    assert joined.reason_in["en"].endswith("; no. 1 on Weibo hot search, heat 400,000")


def test_posts_take_up_the_topic_of_the_list_that_tells_of_them() -> None:
    """The list was first: the posts are told under its id, and nothing else is raised."""
    lines = run([*everyday(9), *listed([5, 6, 7], CASE), *said(6.2, 40, CASE)], hours=8)

    assert len(topics(lines)) == 1
    assert next(line.authors for line in lines) == 0
    assert max(line.authors for line in lines) > 20


def test_an_entry_of_another_event_is_a_topic_of_its_own() -> None:
    """Only what says the same is one."""
    lines = run([*everyday(9), *said(5.9, 60, CASE), *listed([6, 7], OTHER)], hours=8)

    assert len(topics(lines)) == 2


def test_what_still_stands_when_the_posts_have_closed_goes_on() -> None:
    """Six hours without a post end the posts' part; the topic closes only when it has left the list as well."""
    lines = run([*everyday(16), *said(4, 40, CASE), *listed(range(4, 14), CASE)], hours=15)

    assert len(topics(lines)) == 1
    assert "closed" not in [line.state for line in lines]
    assert lines[-1].authors == 0


def test_a_headline_does_not_tell_what_the_posts_topic_withholds() -> None:
    """A method of suicide, or what turned out to be a name, after the list's line was made."""
    listed = Listed(Told("女生坠楼"), LIST, "", 1, 9, 100, [])
    both = with_list(line(), line(listed=[listed]), "zh", {"坠楼"})

    assert [found.title for found in both.listed] == [""]
    assert with_list(line(), line(listed=[listed]), "zh", {"割腕"}).listed == [listed]


def test_posts_that_a_list_tells_of_danger_for_tell_no_method() -> None:
    """The list knew first that a child is in danger: what the posts' line says is held to that."""
    terms = ("坠楼", "小学生", "老师")
    snapshots = [
        msgspec.structs.replace(
            delta, rankings=[msgspec.structs.replace(one, signs=("minor-at-risk",)) for one in delta.rankings]
        )
        for delta in listed([6], terms)
    ]
    lines = run([*everyday(9), *said(5.9, 60, terms), *snapshots], hours=6.2)

    both = next(line for line in lines if entry(terms) in line.evidence)
    assert both.flags[0] == "minor-at-risk"
    assert "坠楼" not in "".join((both.title, *both.keywords, *(found.title for found in both.listed)))


def test_a_restart_leaves_no_trace_in_bound_topics() -> None:
    """Snapshots carry what is bound to what."""
    deltas = [*everyday(8), *said(5.9, 60, CASE), *listed([5, 6, 7], CASE)]

    assert run(deltas, hours=8, restarts=frozenset(range(4200, 5600, 97))) == run(deltas, hours=8)
