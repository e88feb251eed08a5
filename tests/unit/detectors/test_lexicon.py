"""The lexicon: what each rule does, which one wins, and files that cannot be taken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detectors
from contracts.errors import SettingsError
from detectors.lexicon import LEXICON_FILE, NO_RULES, Lexicon, read_rules

TERMS = ("红领巾", "打歌服", "宝宝们", "应援棒", "小校服")


@pytest.fixture(scope="module", autouse=True)
def _converters() -> None:
    """The first "always" loads the converters to traditional script, which takes longer than a drawn case may."""
    lexicon("always 铁锁村")


def lexicon(*files: str) -> Lexicon:
    return Lexicon(*(read_rules(content.encode(), f"{number}.txt") for number, content in enumerate(files)))


@pytest.mark.parametrize(
    ("rule", "text", "kind"),
    [
        ("always 铁锁村", "铁锁村有新消息", "always"),
        ("always 铁锁村 女孩", "铁锁村有新消息", None),
        ("always 铁锁村 女孩", "女孩在铁锁村", "always"),
        ("never 宝宝 打歌", "宝宝今天打歌", "never"),
        ("never 宝宝 打歌", "宝宝今天发烧", None),
        ("only-with 宝宝: 妈妈 医院", "宝宝太可爱", "only-with"),
        ("only-with 宝宝: 妈妈 医院", "宝宝在医院", None),
        ("only-with 宝宝：妈妈", "宝宝太可爱", "only-with"),
        ("never 寶寶 打歌", "宝宝今天打歌", "never"),
        ("# never 宝宝 打歌", "宝宝今天打歌", None),
        ("never 宝宝 打歌  # fan talk", "宝宝今天打歌", "never"),
    ],
)
def test_a_rule_applies_when_its_terms_stand_in_the_text(rule: str, text: str, kind: str | None) -> None:
    """All terms of always and never; of only-with, the term without any of the others."""
    verdict = lexicon(rule).verdict(text)

    assert kind == (verdict.kind if verdict else None)


@given(order=st.permutations(["always 宝宝们", "never 宝宝们", "only-with 宝宝们: 医院"]))
def test_within_a_file_always_wins_over_never_wins_over_only_with(order: list[str]) -> None:
    """However the lines stand: a child overheard costs more than a post too many."""
    verdict = lexicon("\n".join(order)).verdict("宝宝们好")
    without = lexicon("\n".join(rule for rule in order if not rule.startswith("always"))).verdict("宝宝们好")

    assert verdict is not None
    assert without is not None
    assert (verdict.kind, without.kind) == ("always", "never")


@given(
    own=st.sampled_from(["always", "never", "only-with"]),
    bundled=st.sampled_from(["always", "never", "only-with"]),
    term=st.sampled_from(TERMS),
)
def test_the_operators_rule_wins_over_the_releases(own: str, bundled: str, term: str) -> None:
    """Whatever their kinds: an operator corrects what the release got wrong."""

    def written(kind: str) -> str:
        return f"{kind} {term}: 医院" if kind == "only-with" else f"{kind} {term}"

    verdict = lexicon(written(own), written(bundled)).verdict(f"今天的{term}")

    assert verdict is not None
    assert verdict.kind == own


@given(text=st.text(max_size=30), term=st.sampled_from(TERMS))
def test_a_text_without_any_term_is_left_to_the_model(text: str, term: str) -> None:
    """No rule speaks where its term is missing; lone surrogates included."""
    rules = lexicon(f"always {term}")

    assert (term in text) == (rules.verdict(text) is not None)
    assert rules.verdict(f"{text}{term}\ud83d") is not None


def test_struck_terms_leave_blanks_of_their_length() -> None:
    """Other words keep their places."""
    verdict = lexicon("only-with 宝宝们: 医院").verdict("今天宝宝们好")

    assert verdict is not None
    assert verdict.strike("今天宝宝们好") == "今天   好"


def test_the_version_follows_the_rules_and_nothing_else() -> None:
    """Comments and blanks do not change it, a rule does; no rules have none."""
    assert lexicon("never 宝宝 打歌").version == lexicon("# why\n\nnever  宝宝   打歌").version
    assert lexicon("never 宝宝 打歌").version != lexicon("never 宝宝 打榜").version
    assert NO_RULES.version == ""


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"never \xe5\xae\x9d\xe5\xae\x9d\nsometimes x", 'line 2: begins with "sometimes"'),
        ("always 铁锁村 -> sports".encode(), 'no category "sports"'),
        (b"always", "write it as: always TERM"),
        ("only-with 宝宝".encode(), "write it as: only-with TERM: OTHER"),
        ("only-with 宝宝:".encode(), "write it as: only-with TERM: OTHER"),
        ("never 宝宝: 打歌".encode(), "write it as: never TERM"),
        ("never 娃".encode(), "two or more characters"),
        (f"never ok\nalways {'娃' * 51}".encode(), f'line 2: "{"娃" * 50}…" has 51 characters; a term has at most 50'),
        (b"never ok\n\xff", "line 2: is no UTF-8"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(content: bytes, hint: str) -> None:
    """File, line, fault and remedy in one sentence."""
    with pytest.raises(SettingsError) as raised:
        read_rules(content, "own.txt")

    assert hint in str(raised.value)
    assert raised.value.field == "own.txt"


def test_the_bundled_lexicon_is_readable() -> None:
    """What is shipped loads, and holds rules."""
    path = Path(detectors.__file__).parent / "data" / LEXICON_FILE

    assert read_rules(path.read_bytes(), str(path))
