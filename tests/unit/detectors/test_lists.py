"""Topics from hot lists: what raises, joins, fades and returns."""

import math
import random
from itertools import pairwise

import msgspec
import pytest

from detectors.delta import Delta, quantum_of
from detectors.list_grounds import KINDS
from detectors.lists import SAME_EVENT
from tests.hot_lists import (
    CASE,
    COMMON,
    FOLLOW_UP,
    HOUR_MS,
    LIST,
    MINUTE_MS,
    OTHER,
    START_MS,
    TICK_MS,
    decode,
    delta_of,
    detector,
    encode,
    evidence,
    ranking,
    run,
    topics,
)

VILLAGES = "青鹭湾 蓝枫渡 橙竹坞 紫梅岭 赤莲塘 黄桃源 绿松岗 白芦洲 黑槐坡 灰棠溪 金桂庭 银柳陌 铜藤谷"


def test_an_entry_raises_a_topic_in_the_tick_of_its_snapshot() -> None:
    """No warm-up, no authors: the very first snapshot of a stream raises, within a minute."""
    first = run([{CASE: 483_000}])[0]

    assert (first.state, first.posts, first.authors) == ("emerging", 0, 0)
    assert first.at == "2026-03-02T00:00:05+08:00"
    assert first.since == "2026-03-02T00:00:00+08:00"
    assert first.evidence == [evidence(CASE)]
    assert first.reason == "登上微博热搜第 1 位，热度 48 万"
    assert first.reason_in == {"en": "no. 1 on Weibo hot search, heat 483,000"}


def test_two_headlines_of_one_event_share_a_topic() -> None:
    """The follow-up joins within its snapshot and leads the evidence of the line that it causes."""
    lines = run([{CASE: 400_000}, {CASE: 500_000, FOLLOW_UP: 100_000}])

    assert len(topics(lines)) == 1
    joined = next(line for line in lines if evidence(FOLLOW_UP) in line.evidence)
    assert joined.at == "2026-03-02T01:00:05+08:00"
    assert joined.evidence == [evidence(FOLLOW_UP), evidence(CASE)]


LIKE = {
    "place": ("湖南校车侧翻", "甘肃校车侧翻"),
    "child": ("男童坠楼身亡 警方通报", "女童坠楼身亡 警方通报"),
    "school": ("小学食堂学生食物中毒", "初中食堂学生食物中毒"),
    "parent": ("父亲打死孩子被判刑", "母亲打死孩子被判刑"),
    "season": ("教育部发布暑假通知", "教育部发布寒假通知"),
    "exam-of-a-place": ("上海中考成绩公布", "北京中考成绩公布"),
}


@pytest.mark.parametrize(("one", "other"), LIKE.values(), ids=LIKE)
def test_the_like_elsewhere_is_another_event(one: str, other: str) -> None:
    """However alike the words: docs/one-event.md."""
    assert len(topics(run([{one: 900}, {one: 800, other: 900}]))) == 2


@pytest.mark.parametrize("other", ["湖南校车侧翻致两人受伤", "校车侧翻"], ids=["more-of-it", "no-place"])
def test_the_same_in_other_words_is_no_other_event(other: str) -> None:
    """What tells more, or less, contradicts nothing."""
    assert len(topics(run([{"湖南校车侧翻": 900}, {"湖南校车侧翻": 800, other: 900}]))) == 1


def test_a_line_tells_what_tied_each_headline_to_those_before_it() -> None:
    """The first raised the topic; the second's parts add up to the odds that decided, and its title tells no place."""
    lines = run([{CASE: 400_000}, {CASE: 500_000, FOLLOW_UP: 100_000}])
    first, second = lines[-1].listed

    (tie,) = second.ties
    assert (first.ties, first.name, first.rank, first.heat) == ([], LIST, 1, 500_000)
    assert tie.odds == pytest.approx(math.fsum(tie.parts.values()), abs=0.05)
    assert tie.odds >= SAME_EVENT
    assert (tie.parts["start"] < 0 < tie.parts["words"], set(tie.parts) <= set(KINDS)) == (True, True)
    assert [told.title for told in lines[-1].listed] == ["幼儿园校车侧翻、幼儿受伤", "官方通报、校车侧翻事故"]


@pytest.mark.parametrize(
    ("one", "other"),
    [(CASE, OTHER), (COMMON, "孩子考试没考好家长很生气"), (OTHER, "北河中学学生给老师送花")],
    ids=["nothing-shared", "common-words-shared", "a-kind-of-place-shared"],
)
def test_headlines_of_two_events_are_two_topics(one: str, other: str) -> None:
    """Common words tie nothing, however many are shared."""
    assert len(topics(run([{one: 1000, other: 900}]))) == 2


def test_a_headline_that_belongs_to_two_topics_makes_them_one() -> None:
    """The elder goes on with all entries; the younger is told once more, as closed, and never again."""
    one, two = "白鹭县校车侧翻", "临湖县医院抢救室灯火通明"
    both = "白鹭县校车侧翻伤者在临湖县医院抢救室"

    lines = run([{one: 1000}, {one: 1000, two: 900}, {one: 1000, two: 900, both: 800}], hours=4)

    elder, younger = topics(lines)
    at_once = [line for line in lines if line.at == "2026-03-02T02:00:05+08:00"]
    assert [(line.topic, line.state) for line in at_once if line.topic == younger] == [(younger, "closed")]
    assert next(line for line in at_once if line.topic == elder).evidence[0] == evidence(both)
    assert set(lines[-1].evidence) == {evidence(one), evidence(two), evidence(both)}
    assert younger not in {line.topic for line in lines if line.at > "2026-03-02T02:00:05+08:00"}


def test_no_headline_makes_two_stages_of_the_exam_one_topic() -> None:
    """Results of all provinces share a topic, papers have another, and who tells of both at once ties nothing."""
    results, paper = {"福建高考分数线": 1000, "山东一分一段表": 900}, {"高考数学大题": 800}
    both = "高考数学大题之后看高考分数线"

    together = run([results])
    assert len(topics(together)) == 1
    assert [list(tie.parts) for entry in together[-1].listed for tie in entry.ties] == [["rule"]]
    assert len(topics(run([{**results, **paper}, {**results, **paper, both: 700}]))) == 2


def test_headlines_of_a_boy_and_of_a_girl_are_two_topics() -> None:
    """Like words about another child tell of another event; about a boy again, of the same one."""
    boy = "男孩公园落水获救"

    assert len(topics(run([{boy: 1000, "男孩公园落水路人施救": 900}]))) == 1
    assert len(topics(run([{boy: 1000, "女孩公园落水路人施救": 900}]))) == 2


def test_a_description_that_comes_late_is_looked_at_again() -> None:
    """What the title alone did not tell, the first description may: the entry's topic ends in the other one."""
    judge, title = detector(), "一位母亲在幼儿园门口痛哭"
    first = judge.step(START_MS + TICK_MS, [delta_of({CASE: 1000, title: 900}, START_MS)])
    told = ("临湖县", "幼儿园", "校车", "侧翻", "多名", "幼儿", "受伤")
    late = msgspec.structs.replace(ranking(title, START_MS + HOUR_MS), body=told)
    delta = Delta(quantum_of(late.at_ms), {}, {}, [], [late], {LIST: late.at_ms})
    lines = judge.step(START_MS + HOUR_MS + TICK_MS, [delta])

    assert len(topics(first)) == 2
    assert sorted((line.state, len(line.evidence)) for line in lines) == [("closed", 1), ("trending", 2)]


def test_words_that_stand_side_by_side_in_a_headline_are_told_so() -> None:
    """What may not be shown falls out; what is denied is told as denied."""
    told, denied = run([{"赵小宝的校车侧翻受伤": 1}])[0], run([{"赵小宝否认校车侧翻": 1}])[0]

    assert told.title == "儿童安全：校车侧翻受伤"
    assert denied.title == "儿童安全：否认校车侧翻"


def test_an_event_on_two_lists_is_one_topic() -> None:
    """A list is only a place to stand on."""
    judge = detector()
    first = judge.step(START_MS + TICK_MS, [delta_of({CASE: 1000}, START_MS)])
    second = judge.step(START_MS + 2 * TICK_MS, [delta_of({FOLLOW_UP: 10}, START_MS + TICK_MS, listed="douyin_hot")])

    assert topics([*first, *second]) == [first[0].topic]


def test_a_topic_trends_fades_off_its_list_and_closes_after_six_hours() -> None:
    """Standing for half an hour makes it trend; the first whole snapshot without it makes it fade."""
    lines = run([{CASE: 1000}, {CASE: 1000}, {OTHER: 5}], hours=9)

    mine = [line for line in lines if line.topic == lines[0].topic]
    assert [(line.at[11:16], line.state) for line in mine] == [
        ("00:00", "emerging"), ("00:31", "trending"), ("02:02", "fading"), ("07:00", "closed")
    ]  # fmt: skip
    assert mine[-1].reason.startswith("曾登上微博热搜")


def test_what_stands_no_more_tells_the_best_place_of_all_its_entries() -> None:
    """Not that of the entry that stood highest at the end."""
    lines = run([{CASE: 800}, {OTHER: 900, FOLLOW_UP: 700, CASE: 600}, {OTHER: 5}, {OTHER: 5}], hours=4)
    mine = [line for line in lines if evidence(FOLLOW_UP) in line.evidence]

    assert mine[-1].reason == "曾登上微博热搜第 1 位，热度 800；相关条目 2 个"


def test_growing_heat_makes_a_topic_trend_at_once() -> None:
    """One and a half times the heat it was raised with."""
    judge = detector()
    judge.step(START_MS + TICK_MS, [delta_of({CASE: 1000}, START_MS)])
    judge.step(START_MS + 10 * MINUTE_MS, [delta_of({CASE: 1500}, START_MS + 10 * MINUTE_MS - 1000)])

    states = [line.state for n in range(11, 14) for line in judge.step(START_MS + n * MINUTE_MS, [])]
    assert states == ["trending"]


def test_a_snapshot_that_is_still_coming_makes_nothing_fade() -> None:
    """A list's entries may straddle two ticks: what the newest snapshot lacks is believed after a minute."""
    judge, at_ms = detector(), START_MS + HOUR_MS
    judge.step(START_MS + TICK_MS, [delta_of({CASE: 1000, OTHER: 900}, START_MS)])
    judge.step(START_MS + 40 * MINUTE_MS, [])

    lines = judge.step(at_ms + TICK_MS, [delta_of({OTHER: 900}, at_ms)])
    lines += judge.step(at_ms + 2 * TICK_MS, [delta_of({CASE: 1000}, at_ms)])
    lines += judge.step(at_ms + 2 * MINUTE_MS, [])

    assert "fading" not in [line.state for line in lines]


@pytest.mark.parametrize(("hours_away", "ids"), [(40, 1), (60, 2)], ids=["within-48-hours", "later"])
def test_an_event_that_returns_keeps_its_id_for_two_days(hours_away: int, ids: int) -> None:
    """Closed six hours after it was seen last, it reopens within 48 hours of that."""
    lines = run([{CASE: 1000}, *[{OTHER: 5}] * hours_away, {FOLLOW_UP: 1000}])

    mine = topics([line for line in lines if evidence(OTHER) not in line.evidence])
    assert len(mine) == ids


def test_a_list_that_is_not_read_makes_nothing_fade() -> None:
    """Without a snapshot nobody knows that the entry has gone; after six hours it closes all the same."""
    lines = run([{CASE: 1000}, None, None, None], hours=7)

    assert [line.state for line in lines] == ["emerging", "trending", "closed"]


def test_repeats_of_an_unchanged_entry_write_no_line() -> None:
    """Ten snapshots alike tell two things: it emerged, it trends."""
    assert [line.state for line in run([{CASE: 1000}] * 10)] == ["emerging", "trending"]


def test_a_topic_cannot_drift_entry_by_entry() -> None:
    """Each headline shares something with the one before; the last has nothing in common with the first six."""
    titles = [f"{one}和{other}" for one, other in pairwise(VILLAGES.split())]

    assert len(topics(run([{title: 1000} for title in titles]))) > 1


EVENTS = [{CASE: 900, OTHER: 500}, {CASE: 1000, FOLLOW_UP: 700}, {COMMON: 10}, {FOLLOW_UP: 40, OTHER: 600}, {COMMON: 9}]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_snapshot_of_the_state_leaves_no_trace(seed: int) -> None:
    """Restarted at random ticks from an encoded state, it writes the same lines."""
    restarts = frozenset(random.Random(seed).sample(range(8000), 12))

    assert run(EVENTS, hours=12) == run(EVENTS, hours=12, restarts=restarts)


def test_the_order_within_a_tick_leaves_no_trace() -> None:
    """Entries of one tick in any order, over one delta or many, give the same lines."""
    entries = [ranking(title, START_MS, rank=n) for n, title in enumerate((CASE, FOLLOW_UP, OTHER, COMMON))]
    whole = [Delta(quantum_of(START_MS), {}, {}, [], entries, {LIST: START_MS})]
    parts = [Delta(quantum_of(START_MS), {}, {}, [], [entry], {LIST: START_MS}) for entry in reversed(entries)]

    lines = detector().step(START_MS + TICK_MS, whole)
    assert len(lines) == 3
    assert lines == detector().step(START_MS + TICK_MS, parts)


def test_states_saved_before_there_were_lists_still_decode() -> None:
    """A delta of four fields, and a detector's state without lists."""
    old = msgspec.msgpack.encode([1000, {}, {}, []])
    fields = msgspec.to_builtins(detector().snapshot())
    del fields["lists"]

    assert msgspec.msgpack.decode(old, type=Delta) == Delta(1000, {}, {}, [])
    assert decode(encode(fields)).lists.topics == {}
