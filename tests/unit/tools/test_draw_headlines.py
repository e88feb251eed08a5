"""What is drawn for people to judge: merges and near-misses of hot lists."""

import random

import pytest
import rjieba

from detectors.delta import Ranking
from tools.draw_headlines import Drawn, Followed, cosine, population, sample, told, week_of

AT_MS, HOUR_MS = 1_772_380_800_000, 3_600_000
CASE, FOLLOW_UP, OTHER = "临湖县幼儿园校车侧翻多名幼儿受伤", "官方通报临湖县校车侧翻事故", "校车司机获评劳模"


def ranking(title: str, at_ms: int) -> Ranking:
    words = tuple(rjieba.cut(title))
    head = tuple(word for word in words if len(word) > 1)
    return Ranking(f"list:{title}", at_ms, "weibo", "list", 1, 1000, words, head, (), ("safety",))


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    titles = ((CASE, 0), (FOLLOW_UP, 1), (OTHER, 2), ("南岭中学食堂饭菜发霉", 3), (OTHER, 4))
    return population([(AT_MS + hour * HOUR_MS, [ranking(title, AT_MS + hour * HOUR_MS)]) for title, hour in titles])


def test_a_headline_that_joined_is_a_merge_and_one_that_did_not_a_near_miss(drawn: list[Drawn]) -> None:
    """Each is drawn when it was new, with earlier ones of the topic; one like nothing is neither."""
    found = [(one.kind, "".join(one.headline.title), "".join(one.earlier[0].title)) for one in drawn]

    assert found == [("merge", FOLLOW_UP, CASE), ("near", OTHER, FOLLOW_UP), ("like", OTHER, FOLLOW_UP)]


def test_a_line_to_judge_does_not_tell_what_became_of_it(drawn: list[Drawn]) -> None:
    """The reader sees the day and the headlines, in one form for both kinds."""
    assert told(drawn[0], 12) == f"03-02 01 {FOLLOW_UP} ## {CASE}"
    assert week_of(drawn[0].headline) == "2026-W10"


def test_a_seed_draws_the_same_and_as_many_of_each(drawn: list[Drawn]) -> None:
    """A reading can be repeated; kinds are shuffled together."""
    first, again = (sample(drawn * 9, 7, random.Random(1)) for _ in range(2))

    assert first == again
    assert [one.kind for one in first].count("merge") == [one.kind for one in first].count("near") == 7
    assert len(sample(drawn, 7, random.Random(1))) == len(drawn)


def test_likeness_is_one_for_the_same_words_and_nothing_for_none_shared() -> None:
    """The yardstick is the cosine of terms by rarity."""
    lists = Followed()
    one, other = (lists.profile_of(ranking(title, AT_MS)) for title in (CASE, "南岭中学食堂饭菜发霉"))

    assert cosine(one, one, lists.state.rarity) == pytest.approx(1.0)
    assert cosine(one, other, lists.state.rarity) == 0.0
