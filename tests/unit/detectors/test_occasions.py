"""What a headline tells of the national exam, or of a storm or a quake."""

import pytest

from detectors.occasions import is_of_hazard, stage_of


def told(title: str, *more: str, names: tuple[str, ...] = ()) -> tuple[str, bool]:
    return stage_of(title, {title, *more}, names)


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("高考倒计时三天", "exam"),
        ("白鹭县高考首日降雨", "exam"),
        ("高考数学大题", "exam:maths"),
        ("高考英语作文", "exam:english"),
        ("高考作文题一览", "exam:chinese"),
        ("福建高考分数线", "exam:results"),
        ("一分一段表公布", "exam:results"),
        ("高考录取分数线公布", "exam:results"),
        ("高考志愿填报指南", "exam:admission"),
    ],
)
def test_a_stage_of_the_exam_is_one_wherever_it_is_told_of(title: str, stage: str) -> None:
    """Countdown, papers, results, admission: places, days and round-ups divide none of them."""
    assert told(title) == (stage, False)


@pytest.mark.parametrize(
    "title",
    [
        "女生高考后骑行千里",
        "妈妈穿红裙送考",
        "~aB3 高考成绩公布",
        "高考生跑出考场欢呼",
        "一考生高考迟到",
        "首个走出高考考场的人",
    ],
    ids=["girl", "mother", "hidden-name", "a-candidate-does", "one-candidate", "the-first"],
)
def test_somebody_at_the_exam_stands_beside_it(title: str) -> None:
    """What befalls one of them is no news of the exam."""
    assert told(title)[1]


def test_a_wish_or_advice_is_of_the_stage_whoever_gives_it() -> None:
    """A name does not make it somebody's own story, a family does."""
    assert told("~aB3 祝高考学子顺利") == ("exam", False)
    assert told("~aB3 建议高考志愿这样填") == ("exam:admission", False)
    assert told("爸爸祝女儿高考顺利") == ("exam", True)


def test_a_full_name_tells_of_somebody_a_province_does_not() -> None:
    """Of terms that may be names, only such as begin with a family name count, and no places."""
    assert told("高考后李小霞打工", names=("李小霞",))[1]
    assert not told("云南高考分数线", names=("云南",))[1]


def test_a_paper_names_whom_its_essay_is_about() -> None:
    """The writer of a text in a paper is nobody who sits the exam."""
    assert told("高考语文选了 ~aB3 的文章") == ("exam:chinese", False)


def test_a_paper_is_known_without_the_exam_where_the_description_or_its_version_tells() -> None:
    """Whoever complains of "物理" names the province or leaves the exam to the description; else it is any lesson."""
    assert told("福建物理 难")[0] == "exam:physics"
    assert told("物理也太难了吧", "高考")[0] == "exam:physics"
    assert told("物理也太难了吧")[0] == ""


def test_a_long_headline_on_the_exam_without_other_signs_tells_no_stage() -> None:
    """It may as well be a story about somebody: the words decide."""
    assert told("高考前夜整条街的灯都为他们亮到天明") == ("", False)


@pytest.mark.parametrize("title", ["白鹭县中考分数线", "考研查分", "国考分数线"], ids=["local", "graduate", "civil"])
def test_other_exams_have_no_stages(title: str) -> None:
    """A local exam is its place's own; the rest are no children's."""
    assert told(title) == ("", False)


def test_a_storm_and_a_quake_are_hazards() -> None:
    """Both are told of by their name in the title, and by nothing else."""
    assert [told("台风天学校停课"), told("地震时老师护住学生"), told("大雨天学校停课")] == [
        ("storm", False),
        ("quake", False),
        ("", False),
    ]
    assert is_of_hazard("storm")
    assert not is_of_hazard("exam")
