"""The detector's step: what raises a topic, what does not, and that a snapshot leaves no trace."""

import random
import re
from collections.abc import Callable

import msgspec
import pytest

from contracts.topic import TopicLine
from detectors.delta import Delta, quantum_of
from detectors.moments import iso
from detectors.rules import DetectRules
from detectors.state import without_samples
from tests.detections import (
    HOUR_MS,
    MINUTE_MS,
    START_MS,
    TICK_MS,
    Post,
    chatter,
    decode,
    delta_of,
    detector,
    encode,
    event,
    raised,
    run,
)


def test_a_stream_says_while_too_little_of_it_is_known() -> None:
    """Three hours here, after which posts raise topics."""
    judge = detector()
    told: list[bool] = []
    for hour in (1, 2, 3.9, 4):
        judge.step(START_MS + round(hour * HOUR_MS), [])
        told.append(judge.warms_up)

    assert told == [True, True, True, False]


def test_what_a_conversation_began_with_belongs_to_its_topic() -> None:
    """Also where all of its words are everyday ones and only the reposts burst: it is the first of its posts."""
    begin_ms = START_MS + 6 * HOUR_MS
    first: Post = (begin_ms, "o", ("孩子", "老师"), "")
    name = f"weibo:o-{begin_ms}"
    reposts = event(6.02, 8, "孩子", "老师", conversation=name)

    line = run([*chatter(8), first, *reposts], hours=8)[0]

    assert name in line.evidence
    assert line.since == iso(begin_ms)


@pytest.mark.parametrize(("allowed", "hours"), [(1.0, 24), (5.0, 24), (10.0, 3)], ids=["one", "five", "ten"])
def test_who_allows_few_false_topics_hears_nothing_on_the_first_day(allowed: float, hours: int) -> None:
    """Its habits alone raised seventeen on a stream without bursts."""
    assert DetectRules(false_topics_per_day=allowed).quiet_ms == hours * HOUR_MS


@pytest.mark.parametrize(("allowed", "authors"), [(10.0, 5), (20.0, 5), (25.0, 4), (50.0, 3)])
def test_who_allows_many_false_topics_hears_of_fewer_people(allowed: float, authors: int) -> None:
    """Whom a false topic costs little hears earlier; a number of authors that is set stays."""
    assert DetectRules(false_topics_per_day=allowed).authors == authors
    assert DetectRules(false_topics_per_day=allowed, min_authors=7).authors == 7


def test_everyday_talk_raises_nothing() -> None:
    """Twelve hours of steady chatter about children are no news."""
    assert run(chatter(12)) == []


def test_a_burst_of_distinct_authors_raises_one_topic() -> None:
    """Twelve people on one new matter within four minutes make one topic, about two minutes after the first."""
    lines = run([*chatter(12), *event(6, 12, "校车", "侧翻")])

    assert len(raised(lines)) == 1
    assert lines[0].state == "emerging"
    assert "2026-03-02T06:02:" in lines[0].at
    assert 5 <= lines[0].authors <= 8
    assert "儿童安全：" in lines[0].title
    assert {"校车", "侧翻"} == set(lines[0].keywords)
    assert all(post.startswith("weibo:e6") for post in lines[0].evidence)


def test_an_event_of_which_one_word_alone_is_new_is_raised() -> None:
    """Its other words are those of every day, so nobody shares two that burst; each post adds one of its own."""
    posts = event(6, 12, "孩子")
    told = [(at, author, (*terms, "侧翻", f"心痛{number}"), "") for number, (at, author, terms, _) in enumerate(posts)]

    lines = run([*chatter(12), *told])

    assert len(raised(lines)) == 1
    assert max(line.authors for line in lines) == 12


def test_what_begins_again_in_its_words_is_no_second_topic() -> None:
    """Two hours later nothing is left of the first posts to compare with, and what is new is one word more."""
    again = event(8, 12, "校车", "侧翻", "校长")

    lines = run([*chatter(12), *event(6, 12, "校车", "侧翻"), *again])

    assert len(raised(lines)) == 1
    assert max(line.authors for line in lines if line.at >= iso(again[0][0])) == 12


def test_who_says_its_word_in_passing_is_no_part_of_a_topic() -> None:
    """Of a post of many words one tells little."""
    passing = (START_MS + 6 * HOUR_MS + 150_000, "passing", ("侧翻", *(f"见闻{number}" for number in range(9))), "")

    lines = run([*chatter(12), *event(6, 12, "孩子", "侧翻"), passing])

    assert [post for line in lines for post in line.evidence if "passing" in post] == []
    assert max(line.authors for line in lines) == 12


def test_two_words_of_one_text_are_one_look() -> None:
    """Copies of one text share all their words; that these burst together says no more than one of them does."""
    known = [post for hour in range(0, 30, 6) for post in event(hour, 1, "扭伤", "操场")]  # 3.5 bans below, not 4.3

    assert run([*chatter(36), *known, *event(30, 5, "扭伤", "操场", spacing_ms=400_000)], hours=32) == []
    assert run([*chatter(36), *known, *event(30, 9, "扭伤", "操场", spacing_ms=400_000)], hours=32) != []


@pytest.mark.parametrize(
    ("relevance", "is_raised"),
    [
        pytest.param(lambda _: 60, False, id="none-by-itself"),
        pytest.param(lambda number: 120 if number % 4 == 0 else 60, False, id="some-of-many"),
        pytest.param(lambda number: 160 if number % 2 == 0 else 60, True, id="half-and-clearly"),
    ],
)
def test_a_topic_is_about_children_when_its_posts_are_together(
    relevance: Callable[[int], int], *, is_raised: bool
) -> None:
    """Of an event's posts some may be taken for what they are not; those that were not taken for it count against."""
    judge, lines = detector(), list[TopicLine]()
    for number, post in enumerate(sorted([*chatter(8), *event(6, 24, "校车", "侧翻")])):
        delta = delta_of(post)
        told = relevance(number) if post[2] == ("校车", "侧翻") else 100
        delta.evidence = [msgspec.structs.replace(delta.evidence[0], relevance=told)]
        lines += judge.step(max(delta.quantum_ms, judge.state.tick_ms + 1), [delta])

    assert bool(lines) == is_raised


def test_one_author_alone_raises_nothing() -> None:
    """The windows count an author once an hour; forty posts of one are one."""
    one = [(at, "spammer", terms, conversation) for at, _, terms, conversation in event(6, 40, "校车", "侧翻")]
    counted_once = [delta_of(one[0]), *(Delta(quantum_of(at), {at // MINUTE_MS: 10}, {}, []) for at, *_ in one[1:])]
    judge = detector()
    for hour in range(1, 6):
        judge.step(START_MS + hour * HOUR_MS, [])

    assert judge.step(START_MS + 7 * HOUR_MS, counted_once) == []


def test_reposts_of_one_original_are_one_topic_and_two_events_are_two() -> None:
    """A conversation ties posts together; a word that both share ties nothing."""
    first = event(6, 12, "孩子", "校车", "侧翻", conversation="weibo:1")
    second = event(6.05, 12, "孩子", "疫苗", "过期", conversation="weibo:2")

    lines = run([*chatter(12), *first, *second])

    assert len(raised(lines)) == 2


def test_nothing_is_raised_while_it_warms_up() -> None:
    """In the first three hours there is no past to judge by."""
    assert run([*chatter(12), *event(1, 30, "校车", "侧翻")], hours=2.9) == []


def test_a_topic_fades_and_closes() -> None:
    """Without further posts a topic fades within the hour and closes six hours after its last burst."""
    lines = run([*chatter(14), *event(4, 20, "校车", "侧翻")], hours=13)

    states = list(dict.fromkeys(line.state for line in lines))
    assert states[0] == "emerging"
    assert states[-2:] == ["fading", "closed"]


def test_a_closed_topic_that_returns_keeps_its_id() -> None:
    """The same matter within 48 hours is the same topic, emerging again."""
    lines = run([*chatter(24), *event(4, 20, "校车", "侧翻"), *event(14, 20, "校车", "侧翻")], hours=15)

    assert len(raised(lines)) == 1
    states = [line.state for line in lines]
    assert "emerging" in states[states.index("closed") :]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_snapshot_leaves_no_trace(seed: int) -> None:
    """Restarted at random ticks from an encoded snapshot, it writes the same lines."""
    posts = [*chatter(12), *event(4, 20, "校车", "侧翻"), *event(5, 15, "疫苗", "过期", conversation="weibo:9")]
    restarts = frozenset(random.Random(seed).sample(range(8000), 12))

    assert run(posts) == run(posts, restarts=restarts)


def test_the_order_of_partitions_leaves_no_trace() -> None:
    """Deltas of one tick in any order give the same lines."""
    posts = [*chatter(7), *event(6, 15, "校车", "侧翻", spacing_ms=1000)]
    judges = (detector(), detector())
    lines: tuple[list[TopicLine], list[TopicLine]] = ([], [])
    waiting = sorted(posts)
    for tick_ms in range(START_MS + TICK_MS, START_MS + 7 * HOUR_MS, TICK_MS):
        deltas: list[Delta] = []
        while waiting and quantum_of(waiting[0][0]) <= tick_ms:
            deltas.append(delta_of(waiting.pop(0)))
        lines[0].extend(judges[0].step(tick_ms, deltas))
        lines[1].extend(judges[1].step(tick_ms, reversed(deltas)))

    assert lines[0]
    assert lines[0] == lines[1]


def test_a_date_of_years_ago_at_the_start_stops_nothing() -> None:
    """The baseline of 17 years ago is forgotten in one step; today's burst is raised all the same."""
    judge = detector()
    judge.step(START_MS - 17 * 365 * 24 * HOUR_MS, [])
    lines: list[TopicLine] = []
    for post in sorted([*chatter(8), *event(6, 12, "校车", "侧翻")]):
        lines += judge.step(quantum_of(post[0]) + post[0] % 1000, [delta_of(post)])

    assert len(raised(lines)) == 1


def test_a_forgotten_post_leaves_evidence_and_samples_at_once() -> None:
    """The topic that showed it gets a new line without it; counts stay as they were."""
    judge, waiting = detector(), sorted([*chatter(8), *event(6, 12, "校车", "侧翻")])
    line: TopicLine | None = None
    for tick_ms in range(START_MS + TICK_MS, START_MS + 7 * HOUR_MS, TICK_MS):
        deltas: list[Delta] = []
        while waiting and quantum_of(waiting[0][0]) <= tick_ms:
            deltas.append(delta_of(waiting.pop(0)))
        line = next(iter(judge.step(tick_ms, deltas)), line)
        if line is not None and len(line.evidence) > 8:
            break
    assert line is not None
    gone = line.evidence[0]

    [renewed] = judge.step(judge.state.tick_ms + TICK_MS, [Delta(judge.state.tick_ms, {}, {}, [], forgotten=[gone])])

    assert gone not in renewed.evidence
    assert len(renewed.evidence) == len(line.evidence) - 1
    assert gone not in [post.post for post in judge.snapshot().evidence]
    assert gone.encode() not in encode(judge.snapshot().topics)


def test_a_line_tells_where_from_twenty_authors_on() -> None:
    """Of nineteen people in one prefecture nothing is told; the reason names where most are."""
    waiting = sorted([*chatter(12), *event(6, 60, "校车", "侧翻")])
    regions = iter(["广东广州"] * 25 + ["河北唐山"] * 19 + ["广东深圳"] * 16)
    judge, lines = detector(), list[TopicLine]()
    for tick_ms in range(START_MS + TICK_MS, START_MS + 8 * HOUR_MS, TICK_MS):
        deltas: list[Delta] = []
        while waiting and quantum_of(waiting[0][0]) <= tick_ms:
            told = delta_of(waiting.pop(0))
            if told.evidence[0].author.startswith("e"):
                told.evidence = [msgspec.structs.replace(told.evidence[0], region=next(regions))]
            deltas.append(told)
        lines += judge.step(tick_ms, deltas) if deltas or tick_ms % MINUTE_MS == 0 else []
    full = max(lines, key=lambda line: line.authors)

    assert full.regions == {"广东广州": 25}
    assert "其中广东广州 25 人" in full.reason
    assert all(count >= 20 for line in lines for count in line.regions.values())
    explained = judge.explain(full.topic)
    assert explained is None or set(explained.regions) <= {"广东广州"}


def test_the_numbers_of_a_reason_are_of_the_same_people() -> None:
    """Others use the topic's word too, and its people said much before: both have no place in the sentence."""
    crash = event(6, 12, "校车", "侧翻", spacing_ms=MINUTE_MS)
    others = [(post[0] + 90_000, f"other-{post[1]}", ("校车", "接送", "学费", "早餐"), "") for post in crash[5:]]
    lines = run([*chatter(12), *crash, *others])
    told = [re.fullmatch(r"(\d+) 人 \d+ 分钟内提到，平时.*；微博 (\d+)", line.reason) for line in lines if line.posts]
    authors = [line.authors for line in lines if line.posts]

    assert all(found is not None and found[1] == found[2] for found in told)
    assert all(found is not None and int(found[1]) <= of for found, of in zip(told, authors, strict=True))
    assert max(authors) == 12


def test_a_line_tells_how_much_of_it_few_accounts_wrote() -> None:
    """Where they wrote more than one post each; those who post again count once all the same."""
    crash = event(6, 12, "校车", "侧翻", spacing_ms=MINUTE_MS)
    again = [(at + 30_000, "e6-0", terms, "") for at, _, terms, _ in crash[2:]]

    plain, told = (run([*chatter(12), *crash, *more]) for more in ([], again))

    assert {line.top_share for line in plain} == {None}
    assert {line.top_share for line in told if (line.posts, line.authors) == (22, 12)} == {round(13 / 22, 2)}


def test_of_a_flood_the_reason_tells_shares() -> None:
    """All are counted, but not all kept as evidence: how these divide is told in percent."""
    mass = event(6, 12, "校车", "侧翻", spacing_ms=MINUTE_MS, conversation="o1")
    waiting = sorted([*chatter(12), *mass])
    judge, lines = detector(), list[TopicLine]()
    for number, post in enumerate(waiting):
        delta = delta_of(post)
        if post[1].startswith("e"):
            platform = "weibo" if number % 2 else "wechat"
            delta.evidence = [msgspec.structs.replace(delta.evidence[0], platform=platform)]
            delta.authors = {minute: dict.fromkeys(terms, 50) for minute, terms in delta.authors.items()}
        lines += judge.step(max(delta.quantum_ms, judge.state.tick_ms + 1), [delta])

    assert lines[0].authors > 10 * len(lines[0].evidence)
    assert lines[0].reason.startswith(f"{lines[0].authors} 人 ")
    assert re.search(r"；(微博|微信) \d+%、(微博|微信) \d+%$", lines[0].reason)


def questions(hour: float, authors: int) -> list[Delta]:
    """A topic in which `authors` of twenty ask what the organisation says."""
    made = []
    for number, post in enumerate(event(hour, 20, "校车", "侧翻")):
        delta = delta_of(post)
        marks = ("asked",) if number < authors else ()
        made.append(msgspec.structs.replace(delta, evidence=[msgspec.structs.replace(delta.evidence[0], marks=marks)]))
    return made


@pytest.mark.parametrize(("authors", "is_flagged"), [(0, False), (2, False), (6, True)], ids=["none", "two", "six"])
def test_a_topic_in_which_people_ask_is_flagged_first_of_all(authors: int, is_flagged: bool) -> None:
    """Six of twenty are more than usual; two are those two."""
    judge, waiting = detector(), [*map(delta_of, chatter(12)), *questions(6, authors)]
    lines: list[TopicLine] = []
    for tick_ms in range(START_MS + TICK_MS, START_MS + 7 * HOUR_MS, TICK_MS):
        due = [delta for delta in waiting if delta.quantum_ms <= tick_ms]
        waiting = [delta for delta in waiting if delta.quantum_ms > tick_ms]
        if due or tick_ms % MINUTE_MS == 0:
            lines += judge.step(tick_ms, due)

    assert lines
    assert [line.flags for line in lines if line.flags][:1] == ([["asked"]] if is_flagged else [])
    if is_flagged:
        assert max(line.asked.authors for line in lines if line.asked is not None) == authors


def test_a_detector_goes_on_from_a_state_without_texts() -> None:
    """What is saved on Kafka has no samples; from it the same is judged, and the state in Redis keeps its own."""
    judge = detector()
    posts = [msgspec.structs.replace(delta_of(post).evidence[0], sample="校车侧翻了") for post in event(5, 8, "校车")]
    deltas = [Delta(quantum_of(post.at_ms), {}, {post.at_ms // MINUTE_MS: {"校车": 1}}, [post]) for post in posts]
    judge.step(START_MS + 6 * HOUR_MS, deltas)
    state = judge.snapshot()

    saved = encode(without_samples(state))

    assert "侧翻了".encode() in encode(state)
    assert "侧翻了".encode() not in saved
    assert decode(saved).counts == state.counts
    assert [post.post for post in decode(saved).evidence] == [post.post for post in state.evidence]
