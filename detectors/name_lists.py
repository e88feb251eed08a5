"""The lists by which names are known: family names, characters of given names, people of public life, places.

Read once, when imported, from the files beside this module; touches nothing else.
"""

from pathlib import Path

from detectors.regions import PREFECTURES, PROVINCES

__all__ = [
    "CHILDREN",
    "COMMON",
    "COMPOUND",
    "GIVEN",
    "NAMING",
    "NO_GIVEN",
    "PERSONS",
    "PLACES",
    "PUBLIC",
    "STAGE",
    "SURNAMES",
]


def _sections(name: str) -> list[str]:
    """The lists of a file beside this module, without their headings."""
    text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")
    return [part.partition("\n")[2] for part in text.split("\n# ")[1:]]


def _words_of(section: str) -> frozenset[str]:
    return frozenset(word for line in section.splitlines() if not line.startswith("#") for word in line.split())


SURNAMES, COMPOUND, COMMON = map(_words_of, _sections("surnames.txt"))
CHILDREN, PERSONS, NAMING, STAGE = map(_words_of, _sections("roles.txt"))
PUBLIC = frozenset[str]().union(*map(_words_of, _sections("public_figures.txt")))
NO_GIVEN, GIVEN = (frozenset(section) - {"\n"} for section in _sections("given_names.txt"))
PLACES = frozenset((*PROVINCES, *(place for _, place in PREFECTURES.values())))
