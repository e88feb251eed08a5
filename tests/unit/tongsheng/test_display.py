"""What a run tells at its end."""

import io

import msgspec
from rich.console import Console

from tests.feed_lines import line
from tongsheng.display import Display, Numbers


def test_a_child_in_danger_stands_first_however_few_speak_of_it() -> None:
    """Also when it was flagged at another moment than its peak, and when the table has no room for all topics."""
    console = Console(file=io.StringIO(), width=160)
    display = Display(Numbers(), console=console)
    for number in range(20):
        display.topic(line(topic=f"{number:012x}", title=f"儿童安全：落水{number}", authors=100 + number, flags=[]))
    small = line(topic="f" * 12, title="儿童安全：天台", authors=5, flags=["minor-at-risk"])
    display.topic(small)
    display.topic(msgspec.structs.replace(small, authors=6, flags=[]))
    display.summary()

    assert isinstance(console.file, io.StringIO)
    said = console.file.getvalue()
    assert 0 < said.index("‼ 儿童安全：天台") < said.index("落水19")


def test_an_archive_in_the_wrong_order_is_told_what_to_do() -> None:
    """Nearly all of its posts are late, and nothing else would say why it raised nothing."""
    assert "--sort" in Numbers(posts=1000, late=990).lateness()
    assert Numbers(posts=1000, late=3).lateness() == "3 late"
    assert Numbers().lateness() == "0 late"
