"""Text that may leave is made in two places only; the type checker refuses the rest."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.told import compose, joined, release

ROOT = Path(__file__).parents[3]
FOLDERS = ("contracts", "producers", "streams", "detectors", "alerts", "feeds", "tongsheng")


def test_a_word_outside_the_vocabulary_is_refused_without_being_repeated() -> None:
    """Else an error message would tell what may not be told."""
    with pytest.raises(ValueError, match="vocabulary") as caught:
        release("苗禾禾", {"校车"})

    assert "苗" not in str(caught.value)


def test_what_is_composed_is_what_its_parts_and_templates_say() -> None:
    """Nothing else comes in."""
    bus = release("校车", {"校车"})

    assert joined("、", [bus, compose("{} 人", 12)]) == "校车、12 人"


def test_nothing_but_its_module_makes_what_may_leave() -> None:
    """No call of `Told(…)`, and no cast to it, anywhere else; templates are literals."""
    made: list[str] = []
    for path in (found for folder in FOLDERS for found in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            is_told = name == "Told" or (name == "cast" and "Told" in ast.unparse(node))
            is_loose = name in ("compose", "joined") and not is_literal(node.args[0])
            if (is_told or is_loose) and path.name != "told.py":
                made.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert made == []


def is_literal(template: ast.expr) -> bool:
    """A literal, a name, or an entry of the tables of templates."""
    if isinstance(template, ast.Subscript):
        template = template.value
    if isinstance(template, ast.Attribute):
        return isinstance(template.value, ast.Name) and template.value.id == "texts"
    return isinstance(template, ast.Constant | ast.Name)


def test_the_tables_of_templates_hold_literals_only() -> None:
    """What stands in alerts/texts.py was written by us, word for word."""
    tree = ast.parse((ROOT / "alerts" / "texts.py").read_text(encoding="utf-8"))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Texts"]

    values = [keyword.value for table in tables for keyword in table.keywords]
    plain = [part for value in values for part in (value.values if isinstance(value, ast.Dict) else [value])]

    assert len(tables) == 2
    assert [ast.unparse(part) for part in plain if not isinstance(part, ast.Constant)] == []


def test_the_type_checker_refuses_the_text_of_a_post(tmp_path: Path) -> None:
    """A title made of anything but `Told` is an error before it is a leak."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from contracts.post import Post\n"
        "from contracts.told import Told, compose\n"
        "def title(post: Post) -> Told:\n"
        "    return post.text\n"
        "def reason(post: Post) -> Told:\n"
        "    return compose('{}', post.text)\n",
        encoding="utf-8",
    )
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", str(wrong)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer.returncode == 1
    assert "wrong.py:4" in answer.stdout
    assert "wrong.py:6" in answer.stdout
