"""Sentences from a template grammar.

Reads rules in the format that producers/data/simulated_common.txt explains, gives text. Touches no state
but the random source it is handed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Self

__all__ = ["Draw", "Grammar", "parse_rules", "shipped_grammar"]

# Uniform in [0, 1). Only `Random.random` is promised to stay the same over Python versions, so that
# nothing else of `random` (choice, shuffle, sample) is used in the simulation.
Draw = Callable[[], float]

_SLOT = re.compile(r"\{([^{}]+)\}")
_NUMBERS = re.compile(r"(\d+)-(\d+)")
_WEIGHT = re.compile(r"^(.*?)(?: \*(\d+))?$")


@dataclass(slots=True)
class _Numbers:
    """A whole number of [low, low + span)."""

    low: int
    span: int


@dataclass(slots=True)
class _Rule:
    """Alternatives, each a sequence of text, numbers and further rules."""

    choices: "list[tuple[str | _Numbers | _Rule, ...]]" = field(default_factory=list)


class Grammar:
    """Rules that speak; a rule is compiled when it is first reached."""

    def __init__(self, alternatives: Mapping[str, tuple[str, ...]]) -> None:
        self._alternatives = alternatives
        self._rules: dict[str, _Rule] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All rules, in the order of their files."""
        return tuple(self._alternatives)

    def say(self, name: str, draw: Draw) -> str:
        """One text of a rule, every alternative equally likely.

        Raises:
            ValueError: no such rule, here or in a slot.

        >>> Grammar({"hello": ("{who}早安",), "who": ("爸爸",)}).say("hello", lambda: 0.0)
        '爸爸早安'
        """
        pieces: list[str] = []
        _speak(self._rules.get(name) or self._rule(name), draw, pieces)
        return "".join(pieces)

    def settle(self, prefix: str, draw: Draw) -> Self:
        """A copy in which each rule that starts with `prefix` has kept one alternative: a story's place."""
        kept = {
            name: (options[int(draw() * len(options))],) if name.startswith(prefix) else options
            for name, options in self._alternatives.items()
        }
        return type(self)(kept)

    def _rule(self, name: str) -> _Rule:
        if name in self._rules:
            return self._rules[name]
        if name not in self._alternatives:
            raise ValueError(f"the grammar has no rule {name!r}")
        rule = self._rules[name] = _Rule()  # known before it is filled, so that rules may name each other
        rule.choices = [self._compile(text) for text in self._alternatives[name]]
        return rule

    def _compile(self, text: str) -> tuple[str | _Numbers | _Rule, ...]:
        pieces = _SLOT.split(text)  # text, slot, text, slot, ... text
        parts = [self._slot(piece) if place % 2 else piece for place, piece in enumerate(pieces)]
        return tuple(part for part in parts if part != "")

    def _slot(self, name: str) -> _Numbers | _Rule:
        numbers = _NUMBERS.fullmatch(name)
        if numbers is None:
            return self._rule(name)
        low, high = int(numbers[1]), int(numbers[2])
        return _Numbers(low, high - low + 1)


def _speak(rule: _Rule, draw: Draw, pieces: list[str]) -> None:
    choices = rule.choices
    for part in choices[int(draw() * len(choices))]:
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, _Rule):
            _speak(part, draw, pieces)
        else:
            pieces.append(str(part.low + int(draw() * part.span)))


def parse_rules(text: str) -> dict[str, tuple[str, ...]]:
    r"""Rules of a grammar file, their weighted alternatives written out.

    Raises:
        ValueError: an alternative before the first rule.

    >>> parse_rules("[face]\n| :) :(\n~ *2")
    {'face': (':)', ':(', '', '')}
    """
    rules: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if not line.strip() or line == "#" or line.startswith("# "):
            continue
        if line.startswith("[") and line.endswith("]") and line.isascii():
            current = rules.setdefault(line[1:-1], [])
        elif current is None:
            raise ValueError(f"{line!r} stands before the first [rule]")
        else:
            current += _alternatives_of(line)
    return {name: tuple(options) for name, options in rules.items()}


def _alternatives_of(line: str) -> list[str]:
    found = _WEIGHT.match(line)
    body, weight = (found[1], int(found[2] or 1)) if found else (line, 1)
    options = body[2:].split() if body.startswith("| ") else ["" if body == "~" else body]
    return [option.replace("\\n", "\n") for option in options] * weight


@cache
def shipped_grammar(*names: str) -> Grammar:
    """The grammar of producers/data/simulated_<name>.txt files, together; a later one may replace rules. Read once."""
    rules: dict[str, tuple[str, ...]] = {}
    for name in names:
        source = files("producers").joinpath("data", f"simulated_{name}.txt")
        rules |= parse_rules(source.read_text(encoding="utf-8"))
    return Grammar(rules)
