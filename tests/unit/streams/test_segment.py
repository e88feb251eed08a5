"""The segmenters' words and the user's dictionary."""

from pathlib import Path

import pytest

from contracts.errors import SettingsError
from streams.segment import JiebaSegmenter, RjiebaSegmenter, load_segmenter, read_user_dictionary


def test_a_domain_word_comes_out_whole() -> None:
    """What jieba would split is one word once it was named."""
    text = "大家都在找梧桐里托育点"

    assert "梧桐里托育点" not in RjiebaSegmenter([]).cut(text)
    assert "梧桐里托育点" in RjiebaSegmenter(["梧桐里托育点"]).cut(text)


def test_each_segmenter_keeps_its_own_dictionary() -> None:
    """Words given to one instance are unknown to the next."""
    RjiebaSegmenter(["梧桐里托育点"])

    assert "梧桐里托育点" not in RjiebaSegmenter([]).cut("梧桐里托育点")


def test_the_words_joined_are_the_text() -> None:
    """Cutting loses nothing."""
    text = "孩子 3.5 岁, app[泪]\n😂留守儿童"

    assert text == "".join(RjiebaSegmenter([]).cut(text))


def test_the_bundled_words_are_known_and_the_users_come_on_top(tmp_path: Path) -> None:
    """A user's dictionary adds to the shipped one."""
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("梧桐里托育点\n", encoding="utf-8")

    words = load_segmenter("rjieba", user_dictionary=dictionary).cut("梧桐里托育点的校园欺凌")

    assert words == ["梧桐里托育点", "的", "校园欺凌"]


def test_jieba_loads_without_a_word_and_without_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is read from or left in a directory that others can write to, and stderr stays the operator's."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    words = JiebaSegmenter(["梧桐里托育点"]).cut("去梧桐里托育点")

    assert words == ["去", "梧桐里托育点"]
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_the_dictionary_is_read_in_jiebas_format(tmp_path: Path) -> None:
    """Frequency, tag, comments, blank lines and a byte order mark are taken as jieba writes them."""
    dictionary = tmp_path / "words.txt"
    dictionary.write_text(
        "\ufeff云南白药 3 n\n\n# 学校\n家校通 100\nHPV疫苗 nz # 针\n校園欺凌\n家校通\n", encoding="utf-8"
    )

    assert read_user_dictionary(dictionary) == ("云南白药", "家校通", "hpv疫苗", "校园欺凌")


@pytest.mark.parametrize(
    "line",
    [
        "校园 欺凌",
        "校园欺凌 x1",
        "校园欺凌 0",
        "校园欺凌 -3 n",
        "校园欺凌 3 n 4",
        "校",
        "校" * 21,
        "校。园",
        "@校园欺凌",
    ],
    ids=ascii,
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """The operator learns which line of which file, and what it should be."""
    dictionary = tmp_path / "words.txt"
    dictionary.write_text(f"家校通\n{line}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"words\.txt, line 2: ") as caught:
        read_user_dictionary(dictionary)

    assert caught.value.field == "user_dictionary"


def test_a_dictionary_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """GBK files are common; the message says what to do."""
    dictionary = tmp_path / "words.txt"
    dictionary.write_bytes("校园欺凌\n".encode("gbk"))

    with pytest.raises(SettingsError, match="save it as UTF-8"):
        read_user_dictionary(dictionary)


def test_a_missing_dictionary_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere stops the start, not the first post."""
    with pytest.raises(SettingsError, match=r"none\.txt: No such file"):
        read_user_dictionary(tmp_path / "none.txt")
