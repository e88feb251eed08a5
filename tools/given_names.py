"""Derive detectors/data/given_names.txt from jieba's dictionary: characters rare and common in given names.

    PYTHONPATH=. .venv/bin/python -m tools.given_names > detectors/data/given_names.txt

A character is listed as rare when it is over RARITY times commoner in running text (words weighed by their frequency)
than among the characters behind a family name in the dictionary's personal names, and as common when it is over
COMMONNESS times commoner there.
"""

import textwrap
from collections import Counter
from pathlib import Path

import jieba

from detectors.name_lists import SURNAMES

RARITY = 6.0
COMMONNESS = 2.0
LEAST = 2000  # uses in running text: of a rarer character too little is known
LEAST_NAMES = 4  # names that hold a common one
GIVEN_NOW = frozenset("奋央涓研织协党准获团年创作")  # rare among the dictionary's names, which are of older people


def main() -> None:
    """Print the lists."""
    given: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split()
        if tag == "nr" and len(word) in (2, 3) and word[0] in SURNAMES:
            given.update(word[1:])
        running.update(dict.fromkeys(word, int(frequency)))
    names, texts = sum(given.values()), sum(running.values())
    rare = [
        character
        for character, uses in running.items()
        if character not in GIVEN_NOW and uses >= LEAST and uses / texts > RARITY * (given[character] + 0.5) / names
    ]
    common = [
        character
        for character, uses in given.items()
        if uses >= LEAST_NAMES and uses / names > COMMONNESS * running[character] / texts
    ]
    print("# Characters of given names: tools/given_names.py, from jieba's dictionary (MIT).\n")
    for heading, listed in (("Rare: they hardly ever stand in one", rare), ("Common: often", common)):
        print(f"# {heading}")
        print("\n".join(textwrap.wrap("".join(sorted(listed)), 100)) + "\n")


if __name__ == "__main__":
    main()
