"""Which words of a title are joined: those that the posts say in one breath, and never so that a child did it."""

from detectors.delta import Evidence
from detectors.phrases import links_of, phrases_of
from detectors.terms import joints_of

ROOM = 20


def post(number: int, words: list[str], *, author: str = "") -> Evidence:
    terms = tuple(dict.fromkeys(word for word in words if len(word) > 1))
    return Evidence(
        post=f"weibo:{number}",
        author=author or f"author{number}",
        at_ms=number,
        platform="weibo",
        followers=None,
        conversation=f"weibo:{number}",
        terms=terms,
        categories=("abuse",),
        joints=joints_of(words, terms),
    )


def links(*texts: list[str], author: str = "") -> dict[str, str]:
    posts = [post(number, words, author=author) for number, words in enumerate(texts)]
    return dict(links_of(posts, lambda one, other: "、" not in one + other))


def test_words_side_by_side_in_the_posts_of_three_authors_are_joined() -> None:
    """Two authors are too few, and one author three times is one."""
    text = ["教师", "打死", "学生"]

    assert links(text, text, text) == {"教师": "打死", "打死": "学生"}
    assert links(text, text) == {}
    assert links(text, text, text, author="one") == {}


def test_a_word_that_turns_the_sense_keeps_what_follows_apart() -> None:
    """Who was hit did not hit; what was denied did not happen."""
    passive, denied = ["幼童", "被", "教师", "毒打"], ["校方", "否认", "教师", "毒打", "幼童"]

    assert links(passive, passive, passive) == {}
    assert links(denied, denied, denied) == {"毒打": "幼童"}


def test_a_word_for_a_child_never_comes_first() -> None:
    """A text that was cut must not make the child the one who did it."""
    text = ["女儿", "开枪", "扫射"]

    assert links(text, text, text) == {"开枪": "扫射"}


def test_words_that_stand_apart_in_most_posts_are_not_joined() -> None:
    """A comma between them, or another word, in more than two posts of five."""
    beside, apart = ["邻居", "报警"], ["邻居", "，", "报警"]

    assert links(beside, beside, beside, apart, apart, apart) == {}
    assert links(beside, beside, beside, apart) == {"邻居": "报警"}


def test_a_phrase_grows_to_both_sides_and_stops_at_the_room_there_is() -> None:
    """The telling term stays, alone if need be; a phrase has at most four words and twelve characters."""
    behind = {"父亲": "跪地", "跪地": "崩溃"}

    assert phrases_of(["跪地", "官员"], behind, ROOM) == [("父亲", "跪地", "崩溃"), ("官员",)]
    assert phrases_of(["跪地", "官员"], behind, 4) == [("跪地",), ("官员",)]
    assert phrases_of(["跪地", "崩溃"], behind, ROOM) == [("父亲", "跪地", "崩溃")]
