"""Categories learned anew leave what tells about children as it was."""

import pytest

from contracts.errors import SettingsError
from detectors.categories import CATEGORIES
from detectors.category_rank import CATEGORY_BUCKETS, PAIR, PAIR_BUCKETS
from detectors.relevance import MODEL_FILE, Relevance
from streams.segment import load_segmenter
from tools.kafka_kit import ROOT
from tools.relevance_file import with_category_tables

LINES = (
    "临湖县一幼儿园校车侧翻，多名孩子受伤",
    "孩子的疫苗打完发烧了，医院说要观察",
    "老师体罚学生，家长报警",
    "今天大风降温，出门多穿点",
)


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return (ROOT / "detectors" / "data" / MODEL_FILE).read_bytes()


def tables_for(category: str) -> bytes:
    """Invented ones that know no word, and take every text for this category."""
    heads = b"".join(PAIR.pack(1.0, 1.0 if name == category else -1.0) for name in CATEGORIES)
    return heads + bytes((CATEGORY_BUCKETS + PAIR_BUCKETS) * len(CATEGORIES))


def test_other_categories_change_no_score(shipped: bytes) -> None:
    """Each line is as much about children as before, to the last bit; what else it is about is as the tables say."""
    cut = load_segmenter("rjieba").cut
    before, after = (
        Relevance(model, ["x"]) for model in (shipped, with_category_tables(shipped, tables_for("online")))
    )

    judged = [(before.judge(line, cut(line)), after.judge(line, cut(line))) for line in LINES]

    assert [one.score for one, _ in judged] == [other.score for _, other in judged]
    assert [one.score >= before.threshold for one, _ in judged] == [True, True, True, False]
    assert {other.categories[0] for _, other in judged[:3]} == {"online"}
    assert {one.categories[0] for one, _ in judged[:3]} == {"safety", "health", "abuse"}


def test_a_file_that_is_no_whole_model_is_refused(shipped: bytes) -> None:
    """Rather than written anew from half of it."""
    with pytest.raises(SettingsError):
        with_category_tables(shipped[:-100], tables_for("online"))
