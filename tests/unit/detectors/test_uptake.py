"""Whether a message takes hold: shares of the last hour, and the moment at which the balance turned."""

import random

import pytest

from contracts.post import Author, Post, Quoted
from detectors.delta import Voice
from detectors.own import Own
from detectors.questions import Questions
from detectors.stance import Message
from detectors.tally import SLOT_MS, Tally
from detectors.uptake import turn_of, uptake_of, wilson

AT_MS = 1_772_380_800_000
HOUR_MS = 3_600_000
MESSAGE = Message.of("不拍街头儿童", ["保护隐私"], ["随手拍"])
OWN = Own(Questions(()), {}, (MESSAGE,))


def heard(number: int, text: str, *, at_ms: int, author: str = "", of: str = "") -> Voice:
    quoted = Quoted(id="weibo:0", text=of) if of else None
    post = Post(
        id=f"weibo:{number}",
        platform="weibo",
        kind="repost" if of else "post",
        at_ms=at_ms,
        author=Author(key=author or f"a{number}"),
        text=text,
        of=quoted,
    )
    return Voice("c", post.author.key, at_ms, "weibo", None, marks=OWN.marks(post))


def tally_of(*voices: Voice) -> Tally:
    tally = Tally()
    for voice in voices:
        tally.add(voice)
    return tally


AGAINST, FOR = "大家一起随手拍！", "请保护隐私，不要随手拍"


def six_hours_that_turn() -> list[Voice]:
    """Twelve voices an hour; against at first, from the third hour on for."""
    return [heard(n, AGAINST if n < 36 else FOR, at_ms=AT_MS + n * HOUR_MS // 12) for n in range(72)]


def test_the_last_hour_is_told_and_the_turn_with_its_band() -> None:
    """Three hours after the first voice, to the slot, and certain."""
    (found,) = uptake_of(tally_of(*six_hours_that_turn()), [MESSAGE], AT_MS + 6 * HOUR_MS - 1)

    assert (found.message, found.voices.oppose, found.reposts.agree) == ("不拍街头儿童", 0, 0)
    assert found.voices.agree >= 12
    assert found.turn is not None
    assert (found.turn.to, found.turn.at) == ("for", "2026-03-02T03:00:00+08:00")
    assert found.turn.earliest <= found.turn.at <= found.turn.latest
    assert found.low > 0.7


def test_machines_that_repost_turn_nothing() -> None:
    """A thousand reposts of "against", and one account that says it in its own words all the time."""
    bots = [heard(1000 + n, "转发微博", at_ms=AT_MS + 5 * HOUR_MS + n * 3000, of=AGAINST) for n in range(1000)]
    loud = [heard(3000 + n, AGAINST, at_ms=AT_MS + 5 * HOUR_MS + n * 3000, author="loud") for n in range(500)]
    (found,) = uptake_of(tally_of(*six_hours_that_turn(), *bots, *loud), [MESSAGE], AT_MS + 6 * HOUR_MS - 1)

    assert found.reposts.oppose == 1000
    assert found.voices.oppose == 1
    assert found.turn is not None
    assert found.turn.to == "for"


def test_a_repost_says_what_it_adds_else_what_it_hands_on() -> None:
    """Who reposts an appeal to say that it is wrong is not for it."""
    told = heard(1, "请不要随手拍了", at_ms=AT_MS, of=AGAINST)
    mute = heard(2, "转发微博", at_ms=AT_MS, of=AGAINST)

    assert told.marks == ("r", "r+不拍街头儿童")
    assert mute.marks == ("r", "r-不拍街头儿童")


def test_before_the_message_was_out_nothing_counts() -> None:
    """`since` is the moment from which people could know of it."""
    late = Message.of("不拍街头儿童", ["保护隐私"], ["随手拍"], AT_MS + HOUR_MS)
    own = Own(Questions(()), {}, (late,))
    post = Post(id="weibo:1", platform="weibo", at_ms=AT_MS, author=Author(key="a"), text=FOR)

    assert own.marks(post) == ("o",)


def test_a_topic_in_which_nearly_nobody_takes_a_side_has_no_uptake() -> None:
    """Four are no discussion."""
    assert uptake_of(tally_of(*six_hours_that_turn()[:4]), [MESSAGE], AT_MS + HOUR_MS) == []


@pytest.mark.parametrize("seed", range(20))
def test_chance_alone_turns_nothing(seed: int) -> None:
    """Two days of a share that stays the same: no seed of twenty."""
    chance = random.Random(seed)
    agree = [sum(chance.random() < 0.5 for _ in range(4)) for _ in range(288)]

    assert turn_of([(slot, count, 4 - count) for slot, count in enumerate(agree)]) is None


def test_the_band_holds_the_turn() -> None:
    """From 40 % to 70 % at a known slot: nineteen of twenty bands hold it."""
    held = 0
    for seed in range(20):
        chance = random.Random(seed)
        agree = [sum(chance.random() < (0.3 if slot < 60 else 0.75) for _ in range(5)) for slot in range(144)]
        turned = turn_of([(slot, count, 5 - count) for slot, count in enumerate(agree)])
        held += turned is not None and turned[1] <= 60 <= turned[2]

    assert held >= 18


def test_a_share_of_nothing_may_be_anything() -> None:
    """Nobody took a side."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[0] < 1.0
    assert SLOT_MS == 600_000
