"""Cut Chinese text into words, with one of two engines that agree.

Reads cleaned text (`detectors.text`), gives words. Owns the domain words in data/words.txt.
rjieba is the engine of a deployment (jieba's algorithm compiled); jieba is the reference it is held to in
tests/contract/test_segment_engines.py.
"""

import importlib
import logging
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Protocol

import rjieba

from contracts.errors import SettingsError
from detectors.text import clean
from streams.bounded_file import read_bounded

__all__ = ["JiebaSegmenter", "RjiebaSegmenter", "Segmenter", "load_segmenter", "read_user_dictionary"]

_MAX_DICTIONARY_BYTES = 16 << 20  # three times jieba's own
MIN_FREQUENCY = 1000  # out of the dictionary's 60 million: wins over any two ordinary words it is made of
WORD_CHARS = range(2, 21)  # shorter and longer words never become terms

# Word, frequency, tag. With frequency 0 jieba would forbid the word, and for all tokenizers of the process.
_ENTRY = re.compile(r"(\S+)(?:\s+0*[1-9][0-9]*)?(?:\s+[a-z]+)?")

_BUNDLED_WORDS = Path(__file__).parent / "data" / "words.txt"


class Segmenter(Protocol):
    """Cuts text into words; an instance keeps its own dictionary."""

    def cut(self, text: str) -> list[str]:
        """Words, punctuation and white space in order; joined they are `text` again."""
        ...


class RjiebaSegmenter:
    """jieba's algorithm, compiled; loads in 0.3 s."""

    def __init__(self, words: Iterable[str]) -> None:
        self._engine = rjieba.Jieba()
        for word, frequency in _frequencies(words).items():
            self._engine.add_word(word, frequency, None)

    def cut(self, text: str) -> list[str]:
        """See `Segmenter.cut`."""
        return self._engine.cut(text)


class JiebaSegmenter:
    """The reference in Python; loads in 0.7 s each time, because it keeps no cache file."""

    def __init__(self, words: Iterable[str]) -> None:
        self._engine = _quiet_tokenizer()
        for word, frequency in _frequencies(words).items():
            self._engine.add_word(word, frequency)

    def cut(self, text: str) -> list[str]:
        """See `Segmenter.cut`."""
        words: list[str] = self._engine.lcut(text, HMM=True)
        return words


def load_segmenter(engine: Literal["rjieba", "jieba"], *, user_dictionary: Path | None = None) -> Segmenter:
    """Build a segmenter that knows the bundled domain words and the user's on top; called once a process.

    Raises:
        SettingsError: the user's dictionary cannot be read.
    """
    words = list(read_user_dictionary(_BUNDLED_WORDS))
    if user_dictionary is not None:
        words += read_user_dictionary(user_dictionary)
    return RjiebaSegmenter(words) if engine == "rjieba" else JiebaSegmenter(words)


def read_user_dictionary(path: Path) -> tuple[str, ...]:
    """Read words in jieba's user-dictionary format: "word [frequency] [tag]" a line, "#" starts a comment.

    Frequency and tag may stand there and are not used: both engines get one frequency with which the word
    comes out whole. Words are brought into the form of `clean`, like the text they are looked for in.

    Returns:
        Distinct words of 2-20 characters, in the file's order.

    Raises:
        SettingsError: field "user_dictionary"; names the file, the line and what to do.
    """
    lines = enumerate(_lines_of(path), start=1)
    words = (_word_of(line, f"{path}, line {number}") for number, line in lines)
    return tuple(dict.fromkeys(word for word in words if word))


def _lines_of(path: Path) -> list[str]:
    try:
        return read_bounded(path, _MAX_DICTIONARY_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SettingsError("user_dictionary", f"{path} is no UTF-8; save it as UTF-8") from error
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise SettingsError("user_dictionary", f"{path}: {what}; name a readable file or leave it out") from error


def _word_of(line: str, place: str) -> str:
    """The word of one line, "" of a blank one or a comment."""
    entry = line.partition("#")[0].strip()
    if not entry:
        return ""
    fields = _ENTRY.fullmatch(entry)
    if fields is None:
        raise SettingsError("user_dictionary", f'{place}: write "word", "word frequency" or "word frequency tag"')
    word = clean(fields[1]).own
    if len(word) not in WORD_CHARS or not word.isalnum():
        raise SettingsError("user_dictionary", f"{place}: a word is 2 to 20 characters or letters, nothing else")
    return word


def _frequencies(words: Iterable[str]) -> dict[str, int]:
    """Word -> frequency with which it comes out whole, by the shipped dictionary alone.

    Asked of rjieba for both engines: their suggestions differ by one where they round.
    """
    suggest = rjieba.Jieba().suggest_freq
    return {word: max(MIN_FREQUENCY, suggest(word) + 1) for word in words}


def _quiet_tokenizer() -> Any:
    """A jieba tokenizer of our own, its dictionary loaded past jieba's cache in the world-writable /tmp.

    jieba warns when imported (pkg_resources, invalid escapes) and logs its loading to stderr; neither is
    something an operator could act on.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jieba = importlib.import_module("jieba")
    logging.getLogger("jieba").handlers.clear()
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    dictionary = Path(str(jieba.__file__)).with_name(jieba.DEFAULT_DICT_NAME)
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary.open("rb"))  # closes the file
    tokenizer.initialized = True
    return tokenizer
