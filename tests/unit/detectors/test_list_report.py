"""What the lines of topics from hot lists may say: no name, no method, nothing that a headline denies."""

import msgspec
import pytest

from detectors.broadcast import Broadcast
from detectors.delta import Delta, quantum_of
from detectors.list_report import describe_listed
from detectors.list_topics import Entry, ListTopic
from detectors.profile import profile_of
from tests.hot_lists import HOUR_MS, LIST, MINUTE_MS, START_MS, TICK_MS, detector, ranking, run, tag, told_by


def test_a_name_on_a_list_is_not_broadcast() -> None:
    """A hot list may name a child: the title falls back to a headline of terms that may be shown."""
    line = run([{"苗禾禾在幼儿园走失警方寻找": 1000}])[0]

    assert "禾" not in line.title + "".join(line.keywords)
    assert "幼儿园" in line.title


def test_a_title_of_ordinary_words_is_shown_as_it_stands() -> None:
    """Reviewed and ordinary words in their order."""
    assert run([{"幼儿园食堂道歉": 1000}])[0].title == "幼儿园食堂道歉"


@pytest.mark.parametrize(
    "words", [("阳光", "小学", "道歉"), ("苗", "禾", "道歉"), ("老师", "13", "道歉"), ("思思", "道歉")]
)
def test_a_title_that_may_point_to_somebody_is_not_shown(words: tuple[str, ...]) -> None:
    """Names cut into characters, a school's name, numbers, doubled characters."""
    assert not Broadcast((), tag, str).may_show_headline(words)


METHODS = {
    "the word says both": ("女生割腕后被同学救下", "割腕"),
    "beside the word for it": ("学生自杀前买来农药", "农药"),
    "with the place": ("少女从学校楼顶跳下身亡", "楼顶"),
    "with a letter": ("男孩留遗书后从天台坠楼", "坠楼"),
}


@pytest.mark.parametrize(("title", "method"), METHODS.values(), ids=METHODS)
def test_a_headline_tells_no_method_of_suicide(title: str, method: str) -> None:
    """Public as the headline is: neither title, keywords nor the entry hand it on (WHO, 2023)."""
    line = run([{title: 1000}])[0]

    told = told_by(line)
    assert method not in told
    assert line.title


def test_of_an_accident_the_same_words_are_told() -> None:
    """A fall from a window, and pesticide on vegetables, are what an officer has to hear of."""
    assert "坠楼后家长道歉" in run([{"幼儿坠楼后家长道歉": 1000}])[0].title
    assert "农药" in run([{"学校食堂蔬菜农药超标": 1000}])[0].title


CALLED = {
    "behind-an-age": ("8岁年糕获救后平安回家", "年糕"),
    "behind-a-child": ("女学生花卷的一天", "花卷"),
    "in-a-case": ("少年蚕豆坠亡案开庭", "蚕豆"),
    "with-a-score": ("学生橘子高考732分", "橘子"),
    "found-again": ("被拐女童团子找到亲生父母", "团子"),
    "little": ("失踪女童小陀螺已找到", "陀螺"),
    "two-of-family": ("8岁轩辕友好在河边获救", "轩辕"),
    "behind-family": ("8岁轩辕友好在河边获救", "友好"),
    "home": ("杏花福利院虐童案宣判", "杏花"),
    "camp": ("矿山夏令营女童被害案", "矿山"),
    "custody": ("火箭少管所女生被霸凌", "火箭"),
    "course": ("童话培训班老师虐童", "童话"),
    "town": ("虎头镇多名孩子食物中毒", "虎头"),
    "village": ("石油村多名孩子食物中毒", "石油"),
}


@pytest.mark.parametrize(("title", "name"), CALLED.values(), ids=CALLED)
def test_a_headline_does_not_tell_what_a_child_or_its_home_is_called(title: str, name: str) -> None:
    """Ordinary words where a name stands; what befell the child is told."""
    line = run([{title: 1000}])[0]
    told = told_by(line)

    assert name not in told
    assert len(line.title) > len("伤害虐待：")


@pytest.mark.parametrize(
    ("title", "word"),
    [("男孩头部受伤后家属发声", "头部"), ("女孩照片引争议家属发声", "照片")],
    ids=["body", "what-is-theirs"],
)
def test_a_thing_of_a_child_is_told(title: str, word: str) -> None:
    """It stands where a name does, and is none."""
    assert word in run([{title: 1000}])[0].title


def test_what_one_headline_shows_to_be_a_name_is_not_told_of_another() -> None:
    """The second names nobody by itself."""
    line = run([{"幼儿园女孩书包走失": 900, "幼儿园老师寻找书包": 1000}])[0]
    other = run([{"幼儿园校车侧翻书包散落": 1000}])[0]

    assert "书包" not in told_by(line)
    assert "书包" in told_by(other)


def test_what_posts_show_to_be_a_name_is_not_told_of_a_headline() -> None:
    """书包 is a satchel on the list, and a child in what people write."""
    title = "幼儿园校车侧翻书包散落"
    topic = ListTopic(id="t", entries={}, first_ms=START_MS, raised_ms=START_MS, seen_ms=START_MS)
    found = ranking(title, START_MS)
    profile = profile_of(title, found.head, (), str.isdigit, str.isdigit, categories=found.categories)
    topic.entries[found.id] = Entry(ranking=found, profile=profile, first_ms=START_MS, top_rank=1, top_heat=9)
    broadcast = Broadcast({"校车", "幼儿园"}, tag, str)

    def told(names: frozenset[str]) -> str:
        line = describe_listed(topic, [*topic.entries.values()], (), at_ms=START_MS, broadcast=broadcast, names=names)
        return told_by(line)

    assert "书包" in told(frozenset())
    assert "书包" not in told(frozenset({"书包"}))
    assert "校车" in told(frozenset({"校车"}))  # people have read and released it


def test_a_headline_of_a_child_in_danger_now_is_flagged() -> None:
    """As posts are, while it stands on the list; and it tells no method."""
    found = msgspec.structs.replace(ranking("消防营救楼顶女学生", START_MS), signs=("minor-at-risk",))
    judge = detector()
    delta = Delta(quantum_of(START_MS), {}, {}, [], [found], {LIST: START_MS})
    first = judge.step(START_MS + TICK_MS, [delta])[0]
    gone = Delta(quantum_of(START_MS + HOUR_MS), {}, {}, [], [], {LIST: START_MS + HOUR_MS})
    later = [line for n in range(1, 4) for line in judge.step(START_MS + HOUR_MS + n * MINUTE_MS, [gone][n - 1 :])]

    assert first.flags == ["minor-at-risk"]
    assert "楼顶" not in first.title + "".join(first.keywords)
    assert later[-1].flags == []


@pytest.mark.parametrize(
    ("title", "denied"),
    [
        ("校车司机拒不认罪", "认罪"),
        ("阿福的校车案件未宣判", "宣判"),
        ("他非校车司机", "校车"),
        ("校车副园长致歉", "园长"),
    ],
    ids=["refused", "not-yet", "is-none", "another-office"],
)
def test_what_a_headline_denies_is_not_told_without_the_denial(title: str, denied: str) -> None:
    """Neither as title nor as keyword: half a sentence may say the opposite of the whole."""
    [line] = [line for line in run([{title: 1000}]) if line.state == "emerging"][:1]
    told = told_by(line)

    assert denied not in told or title in told
