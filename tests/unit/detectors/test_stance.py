"""Where posts stand on a message: on labelled lines, half of which the rules have never been made on."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.settings import Settings
from detectors.stance import Message, Stance, stance_of
from detectors.text import spoken
from tongsheng import wiring

FOLDER = Path(__file__).parent / "stances"
SETTINGS = Settings.model_validate(tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8")))
MESSAGES = {message.name: message for message in wiring.own(SETTINGS).messages}
LABELS: dict[str, Stance] = {"+": "for", "-": "against", "=": "neither"}
PHOTOS = MESSAGES["不拍街头儿童"]


def lines(name: str) -> Iterator[tuple[Message, Stance, str]]:
    message = PHOTOS
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            message = MESSAGES[line.strip("[]")]
        elif line[:1] in LABELS:
            yield message, LABELS[line[0]], line[2:]


@pytest.mark.parametrize(("name", "least"), [("developed.txt", 0.95), ("held_out.txt", 0.85)])
def test_who_is_said_to_take_a_side_takes_it(name: str, least: float) -> None:
    """Precision of both sides together, and most of those who take one are found."""
    found = [(label, stance_of(message, spoken(text))) for message, label, text in lines(name)]
    said = [label == stance for label, stance in found if stance != "neither"]
    taken = [label == stance for label, stance in found if label != "neither"]

    assert len(found) >= 290
    assert sum(said) / len(said) >= least
    assert sum(taken) / len(taken) >= 0.8


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("大家一起随手拍！", "against"),
        ("请不要随手拍", "for"),
        ("请大家不要停止随手拍", "against"),
        ("“随手拍”是对孩子的伤害", "for"),
        ("随手拍合适吗？", "neither"),
        ("记者报道了随手拍", "neither"),
        ("#随手拍解救孩子# 请保护隐私", "for"),
        ("不随手拍就是冷漠", "against"),
        ("随手拍就是在消费孩子", "for"),
        ("我没打码，忘了", "neither"),
        ("随手拍违法吗", "neither"),
        ("今天天气很好", "neither"),
        ("", "neither"),
    ],
)
def test_negation_quotation_and_questions_are_read(text: str, stance: Stance) -> None:
    """Asking people to stop sharing a photo is not sharing it."""
    assert stance_of(PHOTOS, spoken(text)) == stance


def test_a_hostile_text_costs_linear_time() -> None:
    """Tens of thousands of phrases, negations, quotation marks."""
    for text in (
        "随手拍" * 30_000,
        "不要" * 40_000 + "随手拍",
        "“随手拍" * 20_000,
        "不" * 90_000 + "随手拍",
        "转发" * 40_000,
    ):
        stance_of(PHOTOS, spoken(text))


def test_a_phrase_is_no_pattern_and_a_gap_is_short() -> None:
    """What stands in the settings is taken as it is written, but for … ."""
    message = Message.of("m", ["删除…照片", "a.c("], [])

    assert stance_of(message, "请删除孩子的照片") == "for"
    assert stance_of(message, "请删除这个已经被很多很多人看到过的照片") == "neither"
    assert stance_of(message, "请abc") == "neither"
    assert stance_of(message, "请a.c(") == "for"
