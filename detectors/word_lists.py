"""Lists of words that are shipped beside the code."""

from pathlib import Path

__all__ = ["words_in"]


def words_in(name: str) -> tuple[str, ...]:
    """The words of a file in `data/`, in its order, any number in a line; a line that begins with # is a comment."""
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())
