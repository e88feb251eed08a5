"""The operator's word on what is about children: rules that overrule the learned judge.

Reads the text of lexicon files (docs/lexicon.md tells how to write one), gives `Lexicon`, which is asked of
every text that is judged. No clock, no file, no state.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Literal

from ahocorasick_rs import AhoCorasick, Implementation
from opencc import OpenCC

from contracts.errors import SettingsError
from detectors.categories import CATEGORIES
from detectors.text import clean

__all__ = ["LEXICON_FILE", "NO_RULES", "Lexicon", "Rule", "Verdict", "read_rules"]

LEXICON_FILE = "lexicon.txt"
MAX_RULES = 20_000
MIN_TERM_CHARS = 2  # one character stands in too many words
MAX_TERM_CHARS = 50  # of one; a word or a phrase, and what the automaton takes without delay
Kind = Literal["always", "never", "only-with"]

_KINDS: dict[str, Kind] = {"always": "always", "never": "never", "only-with": "only-with"}
_SHAPES = {
    "always": "always TERM [TERM ...] [-> CATEGORY]",
    "never": "never TERM [TERM ...]",
    "only-with": "only-with TERM: OTHER [OTHER ...]",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a lexicon.

    Attributes:
        kind: what it does.
        terms: cleaned; all of them must stand in the text (of only-with: the one that is ambiguous).
        others: of only-with: one of them must stand in the text for the term to count.
        category: of always: the category told first; "" without one.
        written: the line as written, blanks collapsed.
    """

    kind: Kind
    terms: tuple[str, ...]
    others: tuple[str, ...] = ()
    category: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one text. `struck` (only-with) are the terms that do not count in it."""

    kind: Kind
    rule: str
    category: str = ""
    struck: tuple[str, ...] = ()

    def strike(self, text: str) -> str:
        """The text with blanks for the terms that do not count."""
        for term in self.struck:
            text = text.replace(term, " " * len(term))
        return text


class Lexicon:
    """All rules, ready to be asked; immutable.

    Which rule wins: the operator's before the release's, because an operator corrects what the release got
    wrong. Within one file, "always" before "never" before "only-with": a child overheard costs more than a
    post too many. Among rules of one kind, the first written.

    Attributes:
        version: 12 hex digits of the rules' content, the same wherever the same rules stand; "" without rules.
        cues: words that the cue scan must let through, in simplified and traditional script.
    """

    __slots__ = ("_matcher", "_rules", "_terms", "cues", "version")

    def __init__(self, *files: Sequence[Rule]) -> None:
        """Take the rules of each file, the one that wins first."""
        self._rules = tuple(rule for rules in files for rule in sorted(rules, key=_rank))
        self._terms = sorted({term for rule in self._rules for term in (*rule.terms, *rule.others)})
        self._matcher = AhoCorasick(self._terms, implementation=Implementation.DFA) if self._terms else None
        self.version = _version(self._rules)
        self.cues = _cues(self._rules)

    def verdict(self, text: str) -> Verdict | None:
        """What the rules say of a cleaned text; None where none applies.

        Cost: O(len(text)), 2 µs for 140 characters, then O(rules) for the few texts that hold a term.
        """
        if self._matcher is None:
            return None
        hits = self._matcher.find_matches_as_indexes(_plain(text), overlapping=True)
        if not hits:
            return None
        held = {self._terms[hit[0]] for hit in hits}
        lonely: list[Rule] = []
        for rule in self._rules:
            if not held.issuperset(rule.terms):
                continue
            if rule.kind != "only-with":
                return Verdict(rule.kind, rule.written, rule.category) if not lonely else _struck(lonely)
            if held.isdisjoint(rule.others):
                lonely.append(rule)
        return _struck(lonely) if lonely else None


def _struck(rules: Sequence[Rule]) -> Verdict:
    return Verdict("only-with", rules[0].written, struck=tuple(rule.terms[0] for rule in rules))


def _rank(rule: Rule) -> int:
    return list(_KINDS).index(rule.kind)


def _plain(text: str) -> str:
    """What the automaton takes: no lone surrogates, each character still one character."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() and _SURROGATE.search(text) else text


_SURROGATE = re.compile("[\ud800-\udfff]")


def _version(rules: Iterable[Rule]) -> str:
    written = "\n".join(rule.written for rule in rules)
    return blake2b(written.encode("utf-8", "replace"), digest_size=6).hexdigest() if written else ""


def _cues(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The longest term of each "always": all of them stand in its texts, so that one is enough."""
    terms = [max(rule.terms, key=len) for rule in rules if rule.kind == "always"]
    if not terms:
        return ()
    forms = [[converter.convert(term) for term in terms] for converter in _to_traditional()]
    return tuple(sorted({*terms, *(form for converted in forms for form in converted)}))


@cache
def _to_traditional() -> tuple[OpenCC, ...]:
    """Made when first needed: a quarter of a second."""
    return tuple(OpenCC(name) for name in ("s2t", "s2tw", "s2hk"))


def read_rules(content: bytes, name: str) -> tuple[Rule, ...]:
    """Rules of one lexicon file.

    Args:
        content: UTF-8; "#" starts a comment; one rule a line (docs/lexicon.md).
        name: of the file, for messages.

    Raises:
        SettingsError: field `name`; tells the line, what is wrong and what would be right.

    >>> read_rules("always 铁链女 -> abuse".encode(), "lexicon.txt")[0].category
    'abuse'
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        place = content[: error.start].count(b"\n") + 1
        raise SettingsError(name, f"line {place}: is no UTF-8; save the file as UTF-8") from None
    rules = []
    for number, line in enumerate(lines, start=1):
        written = " ".join(line.partition("#")[0].split())
        if written:
            rules.append(_rule(written, f"line {number}", name))
    if len(rules) > MAX_RULES:
        raise SettingsError(name, f"holds {len(rules)} rules, more than {MAX_RULES}; leave some out")
    return tuple(rules)


def _rule(written: str, place: str, name: str) -> Rule:
    word, _, rest = written.partition(" ")
    kind = _KINDS.get(word)
    if kind is None:
        raise SettingsError(name, f'{place}: begins with "{word}"; begin it with always, never or only-with')
    category = ""
    if kind == "always" and "->" in rest:
        rest, _, category = (part.strip() for part in rest.partition("->"))
        if category not in CATEGORIES:
            raise SettingsError(name, f'{place}: no category "{category}"; there are {", ".join(CATEGORIES)}')
    terms, colon, others = rest.replace("：", ":").partition(":")
    found, needed = _terms(terms, place, name), _terms(others, place, name)
    if not found or bool(colon) != (kind == "only-with") or (colon and (len(found) != 1 or not needed)):
        raise SettingsError(name, f"{place}: write it as: {_SHAPES[kind]}")
    return Rule(kind, found, needed, category, written)


def _terms(part: str, place: str, name: str) -> tuple[str, ...]:
    """In the form of `clean`, like the text in which they are looked for."""
    terms = []
    for term in part.split():
        if len(term) > MAX_TERM_CHARS:
            told = f'"{term[:MAX_TERM_CHARS]}…" has {len(term)} characters'
            raise SettingsError(name, f"{place}: {told}; a term has at most {MAX_TERM_CHARS}")
        cleaned = clean(term).own
        if len(cleaned) < MIN_TERM_CHARS or " " in cleaned:
            raise SettingsError(name, f'{place}: "{term}" is no term; use two or more characters, no marks or links')
        terms.append(cleaned)
    return tuple(dict.fromkeys(terms))


NO_RULES = Lexicon()
