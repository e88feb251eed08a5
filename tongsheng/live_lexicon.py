"""Keep the judge under the lexicon as it stands on disk: edits count within a second, broken ones never.

Reads the operator's lexicon file, gives `Relevance`. Owns the clock and the file; the rules are detectors/lexicon.py.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import detectors
from contracts.errors import SettingsError
from detectors.lexicon import LEXICON_FILE, Lexicon, Rule, read_rules
from detectors.relevance import Relevance
from streams.bounded_file import read_bounded
from tongsheng.logs import escape

__all__ = ["LiveRelevance"]

LOOK_EVERY_S = 1.0  # wall time between two looks at the file
_MAX_LEXICON_BYTES = 16 << 20  # some 500 000 rules
Stamp = tuple[int, int, int] | None  # modified at (ns), size, inode; None: no such file

_log = logging.getLogger(__name__)


class LiveRelevance:
    """Call it for the judge that counts now; the same object until the lexicon changes."""

    def __init__(self, path: Path | None, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        """Read the release's lexicon and the operator's.

        Args:
            path: the operator's lexicon; None = the release's alone.
            clock_s: wall time in seconds that never steps back.

        Raises:
            SettingsError: a lexicon cannot be read or holds a wrong line: at the start nothing is guessed.
        """
        self._path = path
        self._clock_s = clock_s
        self._bundled = _rules_of(Path(detectors.__file__).parent / "data" / LEXICON_FILE)
        self._stamp = _stamp(path)
        self._relevance = Relevance.load(lexicon=self._lexicon())
        self._look_at_s = clock_s() + LOOK_EVERY_S

    def __call__(self) -> Relevance:
        """The judge under the lexicon of at most a second ago. Cost: 0.1 µs, a stat once a second."""
        if self._path is not None and self._clock_s() >= self._look_at_s:
            self._look_at_s = self._clock_s() + LOOK_EVERY_S
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._stamp = stamp
                self._reload()
        return self._relevance

    def _reload(self) -> None:
        """Take the new rules, or say once what is wrong with them and keep the old ones."""
        try:
            lexicon = self._lexicon()
        except SettingsError as error:
            _log.warning(escape(f"lexicon not taken, the last good one stays: {error}"))
            return
        if lexicon.version != self._relevance.lexicon.version:
            self._relevance = self._relevance.with_lexicon(lexicon)
            _log.info("lexicon taken", extra={"event": "lexicon.taken", "version": lexicon.version})

    def _lexicon(self) -> Lexicon:
        own = () if self._path is None else _rules_of(self._path)
        return Lexicon(own, self._bundled)


def _stamp(path: Path | None) -> Stamp:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else None


def _rules_of(path: Path) -> tuple[Rule, ...]:
    try:
        content = read_bounded(path, _MAX_LEXICON_BYTES)
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise SettingsError("relevance.lexicon", f"{path}: {what}; name a readable file or leave it out") from None
    return read_rules(content, str(path))
