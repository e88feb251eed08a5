"""When a topic is vanishing, and what the lost posts shared; counts stay, evidence and samples go."""

import msgspec
import pytest
import rjieba

from contracts.topic import TopicLine
from detectors.broadcast import Broadcast
from detectors.deletions import lose, lost_words
from detectors.delta import CONVERSATION, Delta, Evidence, quantum_of
from detectors.detector import Detector
from detectors.notices import is_notice
from detectors.rules import DetectRules
from detectors.state import DetectorState
from detectors.topics import Topic

START_MS = 1_772_380_800_000
HOUR_MS, MINUTE_MS, TICK_MS = 3_600_000, 60_000, 5000
STORY_MS = START_MS + 4 * HOUR_MS
BROADCAST = Broadcast({"校车", "侧翻", "校长", "司机", "学生"}, rjieba.tag, str)


def post(name: str, at_ms: int, *terms: str, of: str = "") -> Delta:
    counted = (*terms, CONVERSATION + of) if of else terms
    evidence = Evidence(name, f"a{name}", at_ms, "weibo", 10, of or name, counted, ("safety",), sample=f"text {name}")
    minute = at_ms // MINUTE_MS
    return Delta(quantum_of(at_ms), {minute: 10}, {minute: dict.fromkeys(counted, 1)}, [evidence])


def gone(name: str, at_ms: int) -> Delta:
    """As a deleted post's update makes it."""
    return Delta(quantum_of(at_ms), {}, {}, [], forgotten=[name], gone=[name])


def chatter() -> list[Delta]:
    """Two posts a minute about this and that; one in a hundred is deleted, as on any day."""
    made = []
    for n in range(5 * 120):
        at_ms = START_MS + n * 30_000
        made.append(post(f"c{n}", at_ms, "孩子", f"词{n % 50}"))
        if n % 100 == 50:
            made.append(gone(f"c{n}", at_ms + 1000))
    return made


def story() -> list[Delta]:
    """Thirty posts in ten minutes."""
    return [post(f"s{n}", STORY_MS + n * 20_000, "校车", "侧翻", "校长" if n % 3 == 0 else "司机") for n in range(30)]


def run(deltas: list[Delta], *, hours: float = 4.4, restart: bool = False) -> list[TopicLine]:
    judge, lines = Detector(DetectRules(), BROADCAST), []
    waiting = sorted(deltas, key=lambda delta: delta.quantum_ms)
    for tick_ms in range(START_MS + TICK_MS, START_MS + round(hours * HOUR_MS), TICK_MS):
        due = []
        while waiting and waiting[0].quantum_ms <= tick_ms:
            due.append(waiting.pop(0))
        if due or tick_ms % MINUTE_MS == 0:
            lines += judge.step(tick_ms, due)
        if restart and tick_ms // TICK_MS % 97 == 0:
            packed = msgspec.msgpack.encode(judge.snapshot())
            judge = Detector(DetectRules(), BROADCAST, msgspec.msgpack.decode(packed, type=DetectorState))
    return lines


def test_what_is_known_to_be_gone_is_not_shown_when_it_comes_late() -> None:
    """One source reads the deletion before another sends the post: it counts, and is neither evidence nor sample."""
    name = "s9"
    lines = run([*chatter(), gone(name, STORY_MS), *story()])

    assert lines[-1].audience is not None
    assert lines[-1].audience.authors == 30
    assert any("s10" in line.evidence for line in lines)
    assert all(name not in line.evidence for line in lines)
    assert all(f"text {name}" not in line.samples for line in lines)


def test_posts_that_vanish_together_are_told_with_what_they_shared() -> None:
    """All ten that name the headmaster, within five minutes: how many of how many, and that word."""
    lost = [gone(f"s{n}", STORY_MS + (12 * 60 + n * 10) * 1000) for n in range(0, 30, 3)]
    lines = run([*chatter(), *story(), *lost])
    flagged = [line for line in lines if "vanishing" in line.flags]
    told = flagged[-1].vanishing[0]

    assert "vanishing" not in lines[0].flags
    assert (told.cause, told.count, told.of) == ("deleted", 10, 30)
    assert told.since == "2026-03-02T04:12:05+08:00"
    assert told.expected is not None
    assert told.expected < 1
    assert told.words == ["校长"]


def test_counts_stay_and_evidence_and_samples_go_at_once() -> None:
    """The line of the next tick shows the post no more; the day's posts are as many as before."""
    lines = run([*chatter(), *story(), gone("s0", STORY_MS + 11 * 60_000)])
    before, after = (
        next(line for line in found if ("s0" in line.evidence) is is_there)
        for found, is_there in ((lines, True), (lines[::-1], False))
    )

    assert before.samples
    assert "text s0" not in after.samples
    assert before.audience is not None
    assert after.audience is not None
    assert after.audience.posts == 30
    assert "vanishing" not in after.flags


def test_what_is_usual_is_no_news() -> None:
    """One of thirty, and two: people think better of what they wrote."""
    for count in (1, 2):
        lost = [gone(f"s{n}", STORY_MS + 11 * 60_000) for n in range(count)]
        assert not [line for line in run([*chatter(), *story(), *lost]) if line.flags]


def test_an_original_that_much_of_the_topic_quotes_is_enough() -> None:
    """Its reposts say that it is gone, each again; it counts once."""
    reposts = [post(f"r{n}", STORY_MS + n * 15_000, "校车", "侧翻", of="s0") for n in range(20)]
    told = [Delta(quantum_of(STORY_MS + 400_000 + n * 1000), {}, {}, [], gone=["s0"]) for n in range(10)]
    flagged = [line for line in run([*chatter(), *story(), *reposts, *told]) if "vanishing" in line.flags]

    assert flagged
    assert flagged[-1].vanishing[0].count == 1


def test_a_restart_changes_nothing() -> None:
    """Nor does a post that is told gone by two partitions."""
    lost = [gone(f"s{n}", STORY_MS + 12 * 60_000) for n in range(0, 30, 3)]

    assert run([*chatter(), *story(), *lost], restart=True) == run([*chatter(), *story(), *lost, *lost])


def test_no_word_that_may_name_somebody_is_told() -> None:
    """However much the lost posts shared it."""
    topic = Topic(id="t", born_ms=0, first_ms=0, active_ms=0, withheld={"小明"})
    for n in range(20):
        topic.posts[f"s{n}"] = post(f"s{n}", START_MS, "校车").evidence[0]
    for n in range(5):
        lose(topic, post(f"g{n}", START_MS, "校车", "小明", "#小明#", "~abc").evidence[0], f"g{n}", START_MS)

    assert lost_words(topic, lambda term: not term.startswith("~"), lambda _: 1.0) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("抱歉，此微博已被作者删除。查看帮助：http://t.cn/Rfd3rQV", True),
        ("该微博因被多人投诉，根据《微博社区公约》，已被删除。查看帮助：网页链接", True),
        ("此内容因违规无法查看", True),
        ("该内容已被发布者删除", True),
        ("对不起，原文已经被作者删除", True),
        ("该文章涉嫌违反相关法律法规和政策无法查看", True),
        ("抱歉，由于作者设置，你暂时没有这条微博的查看权限哦", False),
        ("我的微博被删除了，气死", False),
        ("视频已删除，请不要再传，保护孩子", False),
        ("删除了", False),
        ("", False),
    ],
)
def test_a_notice_is_told_from_what_people_write(text: str, is_one: bool) -> None:
    """Who speaks of a deletion has not been deleted."""
    assert is_notice(text) is is_one
