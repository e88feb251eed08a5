"""Derive detectors/data/no_given_name.txt from jieba's dictionary: characters that hardly ever stand in a given name.

    PYTHONPATH=. .venv/bin/python -m tools.given_names > detectors/data/no_given_name.txt

A character is listed when it is over RARITY times commoner in running text (words weighed by their frequency) than
among the characters behind a family name in the dictionary's personal names.
"""

import textwrap
from collections import Counter
from pathlib import Path

import jieba

from detectors.names import SURNAMES

RARITY = 6.0
LEAST = 2000  # uses in running text: of a rarer character too little is known


def main() -> None:
    """Print the list."""
    given: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split()
        if tag == "nr" and len(word) in (2, 3) and word[0] in SURNAMES:
            given.update(word[1:])
        running.update(dict.fromkeys(word, int(frequency)))
    names, texts = sum(given.values()), sum(running.values())
    listed = [
        character
        for character, uses in running.items()
        if uses >= LEAST and uses / texts > RARITY * (given[character] + 0.5) / names
    ]
    print("# Characters that hardly ever stand in a given name: tools/given_names.py, from jieba's dictionary (MIT).\n")
    print("\n".join(textwrap.wrap("".join(sorted(listed)), 100)))


if __name__ == "__main__":
    main()
