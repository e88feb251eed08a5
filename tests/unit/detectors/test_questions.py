"""Which posts ask the organisation something: labelled lines that were written for it."""

from pathlib import Path

import pytest

from contracts.settings import Settings
from detectors.questions import Questions
from detectors.text import spoken

LINES = [
    (line[0] == "+", line[2:])
    for line in (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith(("+", "-"))
]
QUESTIONS = Questions(Settings().organisation.names)


@pytest.mark.parametrize(("asks", "text"), LINES, ids=range(len(LINES)))
def test_a_question_is_told_from_a_report(asks: bool, text: str) -> None:
    """Who names the organisation may ask it, quote it, thank it."""
    assert QUESTIONS.asks(spoken(text)) is asks


def test_without_a_name_nobody_is_asked() -> None:
    """An organisation that has not said how it is called gets no flag."""
    assert not Questions(()).asks("联合国儿童基金会怎么看?")
    assert not Questions(["", " "]).asks("怎么看?")


def test_a_name_is_no_pattern() -> None:
    """What stands in the settings is taken as it is written."""
    assert not Questions([".*"]).asks("你们怎么看?")


def test_a_hostile_text_costs_linear_time() -> None:
    """A hundred thousand characters, each of which could begin a question."""
    for text in ("儿基会请" * 25_000, "请" * 100_000 + "儿基会", "@儿基会" * 20_000, "?" * 100_000 + "儿基会"):
        QUESTIONS.asks(text[:100_000])
