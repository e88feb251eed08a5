"""Build the real parts from the settings: the only place that does."""

import hmac
import logging
import os
import re
import secrets
import socket
import time
import tomllib
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import rjieba

import streams.segment
from contracts.errors import SettingsError
from contracts.settings import MIN_SALT_CHARS, Settings, read_settings
from contracts.topic import TopicLine
from contracts.topics import TopicSpec, topic_specs
from detectors.broadcast import MIN_AUTHORS, Broadcast, reviewed_words
from detectors.burst import BurstRules
from detectors.detector import Detector
from detectors.guard import Guard, OnBlock
from detectors.identity import Redactor
from detectors.moments import BEIJING
from detectors.own import Own
from detectors.prior import Prior, decode_prior
from detectors.questions import Questions
from detectors.recheck import Recheck
from detectors.rules import DetectRules
from detectors.stance import Message
from detectors.state import DetectorState
from detectors.veil import Veil
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from streams.bounded_file import read_bounded
from streams.listen import Listener
from streams.local import LocalFold
from streams.segment import load_segmenter, read_user_dictionary
from streams.windows import WindowRules
from tongsheng.live_lexicon import LiveRelevance

__all__ = [
    "author_keys",
    "broadcast",
    "broadcast_guard",
    "check_files",
    "deployment_veil",
    "feed_key",
    "listener",
    "load_settings",
    "local_fold",
    "local_veil",
    "log_guard",
    "make_detector",
    "now_ms",
    "own",
    "process_name",
    "recheck",
    "redactor",
    "specs",
    "window_rules",
]

log = logging.getLogger(__name__)

_HAN = re.compile("[\u4e00-\u9fff]+")

SETTINGS_FILE = Path("tongsheng.toml")
_MAX_SETTINGS_BYTES = 1 << 20
_MOST_LOGGED = 10_000  # topics of which it is remembered that the log has told
_MAX_SALT_BYTES = 4096  # `doctor --make-salt` writes 65
_MAX_PRIOR_BYTES = 1 << 30  # a month of a whole platform; read at once


def now_ms() -> int:
    """Wall clock, epoch ms."""
    return time.time_ns() // 1_000_000


def process_name() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()}-{os.getpid()}-{time.time_ns() & 0xFFFFFF:06x}"


def load_settings(path: Path | None) -> Settings:
    """Settings from the file given, else ./tongsheng.toml if there is one, and the environment.

    Raises:
        SettingsError: the file is missing, no TOML, or holds a wrong setting.
    """
    file = path or SETTINGS_FILE
    try:
        table = tomllib.loads(read_bounded(file, _MAX_SETTINGS_BYTES).decode())
    except FileNotFoundError:
        if path is None:
            return read_settings({}, os.environ)
        raise SettingsError(
            str(file), "there is no such file; give --settings the path of your tongsheng.toml"
        ) from None
    except OSError as error:
        raise SettingsError(str(file), f"it cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), f"this is no TOML: {error}") from None
    except RecursionError:
        raise SettingsError(str(file), "its brackets are nested too deeply") from None
    settings = read_settings(table, os.environ)
    _check_guidance(settings)
    return settings


def _check_guidance(settings: Settings) -> None:
    """See that no wording of guidance would keep back, by what it holds, each message that it stands in.

    Raises:
        SettingsError: the last guard finds something in one.
    """
    own = settings.guidance.own()
    if not own:
        return
    guard = Guard(console=settings.feed.public_url.rstrip("/"), words=_HAN.findall(" ".join(own.values())))
    for (flag, language), line in own.items():
        if faults := guard.check(line):
            raise SettingsError(
                f"guidance.{flag.replace('-', '_')}_{language}",
                f"the last guard would keep back each message with it ({', '.join(faults)}): leave out links other "
                "than feed.public_url, handles, accounts, numbers of seven digits or more; 110 and 12355 may stand",
            )


def author_keys(settings: Settings) -> AuthorKeys:
    """Author hashing with the deployment's salt.

    Raises:
        SettingsError: there is no salt, or its file cannot be read.
    """
    return AuthorKeys(_salt(settings))


def _salt(settings: Settings) -> bytes:
    privacy = settings.privacy
    if privacy.salt is not None:
        return privacy.salt.get_secret_value().encode()
    if privacy.salt_file is None:
        raise SettingsError(
            "privacy.salt",
            "there is none, and user ids never travel unhashed; make one with `tongsheng doctor --make-salt FILE`",
        )
    try:
        salt = read_bounded(privacy.salt_file, _MAX_SALT_BYTES).decode().strip()
    except OSError as error:
        raise SettingsError("privacy.salt_file", f"{privacy.salt_file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError("privacy.salt_file", f"{privacy.salt_file} is no UTF-8; name a file of text") from None
    if len(salt) < MIN_SALT_CHARS:
        raise SettingsError("privacy.salt_file", f"{privacy.salt_file} holds fewer than {MIN_SALT_CHARS} characters")
    return salt.encode()


def specs(settings: Settings) -> dict[str, TopicSpec]:
    """The Kafka topics by their bare names."""
    kafka = settings.kafka
    made = topic_specs(
        prefix=kafka.topic_prefix,
        partitions=kafka.partitions,
        replication=kafka.replication,
        retention_hours=kafka.retention_hours,
    )
    return {spec.name.removeprefix(kafka.topic_prefix): spec for spec in made}


def window_rules(settings: Settings) -> WindowRules:
    """How posts become counts."""
    windows = settings.windows
    return WindowRules(lateness_minutes=windows.lateness_minutes, keep_minutes=windows.keep_minutes)


def listener(settings: Settings, veil: Veil) -> Listener:
    """Segmentation, relevance, redaction. Takes about a second: dictionaries are read."""
    segmenter = load_segmenter(settings.segment.engine, user_dictionary=settings.segment.user_dictionary)
    newest = LiveRelevance(settings.relevance.lexicon)
    redact = Redactor(segmenter.cut, rjieba.tag, rjieba.has_word).redact
    return Listener(
        segmenter, newest(), redact, veil, threshold=settings.relevance.threshold, newest=newest, own=own(settings)
    )


def own(settings: Settings) -> Own:
    """The organisation; its accounts under the archive's salt, and under the deployment's where there is one."""
    organisation = settings.organisation
    salts = {ARCHIVE_SALT, _salt(settings)} if _has_salt(settings) else {ARCHIVE_SALT}
    keys = [AuthorKeys(salt) for salt in salts]
    accounts = {
        key.of(account.platform, account.id): account.followers for key in keys for account in organisation.account
    }
    return Own(Questions(organisation.names), accounts, _messages(settings))


def _messages(settings: Settings) -> tuple[Message, ...]:
    return tuple(
        Message.of(message.name, message.phrases_for, message.phrases_against, _since_ms(message.since))
        for message in settings.organisation.message
    )


def _since_ms(since: date | None) -> int:
    """The moment, epoch ms; Beijing time where it says none, midnight where it is a day."""
    if since is None:
        return 0
    moment = since if isinstance(since, datetime) else datetime.combine(since, datetime.min.time())
    return round((moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp() * 1000)


def _has_salt(settings: Settings) -> bool:
    return settings.privacy.salt is not None or settings.privacy.salt_file is not None


def local_fold(settings: Settings, *, partitions: int) -> LocalFold:
    """The fold's half of a run on one machine."""
    return LocalFold(
        listener=listener(settings, local_veil(settings)),
        rules=window_rules(settings),
        partitions=partitions,
        mark_ms=settings.produce.mark_s * 1000,
        pause_ms=settings.detect.tick_s * 1000,
    )


def redactor(settings: Settings) -> Redactor:
    """What takes identifiers out of texts; words are cut as the stream cuts them."""
    segmenter = load_segmenter(settings.segment.engine, user_dictionary=settings.segment.user_dictionary)
    return Redactor(segmenter.cut, rjieba.tag, rjieba.has_word)


@lru_cache(maxsize=1)
def _lexicon() -> frozenset[str]:
    """The bundled domain words and the reviewed ones."""
    words = read_user_dictionary(Path(streams.segment.__file__).parent / "data" / "words.txt")
    return frozenset((*words, *reviewed_words()))


def broadcast(veil: Veil) -> Broadcast:
    """What may be shown; the veil is that of those who count the posts."""
    return Broadcast(_lexicon(), _tag, veil.mark)


def log_guard() -> Guard:
    """The last guard of log lines; dictionary words that name nobody may stand, as they may in titles."""
    knows = Broadcast(_lexicon(), _tag, str)
    return Guard(is_ordinary=lambda word: knows.may_show(word, MIN_AUTHORS), is_log=True)


def broadcast_guard(
    *, console: str, words: Collection[str], names: Collection[str] = (), on_block: OnBlock | None = None
) -> Guard:
    """The last guard of what is broadcast, with links to the console at this address.

    Args:
        console: see Guard.
        words: those of its templates.
        names: of channels and sources that may be named.
        on_block: see Guard.
    """
    knows = Broadcast(_lexicon(), _tag, str)
    return Guard(
        console=console,
        words=words,
        names=names,
        is_ordinary=lambda word: knows.may_show(word, MIN_AUTHORS),
        on_block=on_block,
    )


def recheck(settings: Settings) -> Callable[[TopicLine], TopicLine]:
    """What reads the words of lines from elsewhere again, before they are told; the log says once of which topics."""
    check = Recheck(Broadcast(_lexicon(), _tag, str), [message.name for message in settings.organisation.message])

    logged: set[str] = set()

    def rechecked(line: TopicLine) -> TopicLine:
        believed = check(line)
        if believed is not line and line.topic not in logged:
            if len(logged) >= _MOST_LOGGED:
                logged.clear()
            logged.add(line.topic)
            log.error(
                "words of a topic line were left out: no detector of this version would tell them; "
                "see who may write to topics.detected, and that all stages are of one version",
                extra={"event": "line.doubted", "topic": line.topic},
            )
        return believed

    return rechecked


def local_veil(settings: Settings) -> Veil:
    """For a run on one machine, whose counts never leave the process: the archive's salt where there is none."""
    return Veil(_salt(settings) if _has_salt(settings) else ARCHIVE_SALT, _is_clear)


def deployment_veil(settings: Settings) -> Veil:
    """Under the deployment's salt; workers and the detector must have the same.

    Raises:
        SettingsError: there is no salt, or its file cannot be read.
    """
    return Veil(_salt(settings), _is_clear)


def feed_key(settings: Settings) -> bytes:
    """What the feed makes its forms' tokens from: the same on each server that has the salt, else this process's own.

    Raises:
        SettingsError: the salt's file cannot be read.
    """
    has_salt = settings.privacy.salt is not None or settings.privacy.salt_file is not None
    return hmac.digest(_salt(settings), b"forms of the feed", "sha256") if has_salt else secrets.token_bytes(32)


def _is_clear(word: str) -> bool:
    """Whether a word may be counted as it stands: the lexicon's, or the dictionary's and no personal name there."""
    if word in _lexicon():
        return True
    tags = _tag(word)
    return all(part in _lexicon() or not kind.startswith(("nr", "x")) for part, kind in tags)


def _tag(term: str) -> list[tuple[str, str]]:
    """Jieba's tags; a word that its dictionary lacks is "x", unknown: it may be anybody's name."""
    return [(word, kind if rjieba.has_word(word) else "x") for word, kind in rjieba.tag(term)]


def make_detector(
    settings: Settings, veil: Veil, state: DetectorState | None = None, *, line_every_ms: int = 60_000
) -> Detector:
    """A detector, empty or going on from a saved state.

    Args:
        settings: what the operator decides.
        veil: of those who count the posts.
        state: saved, None = empty.
        line_every_ms: see `DetectRules`.

    Raises:
        SettingsError: the prior cannot be read.
    """
    detect = settings.detect
    rules = DetectRules(
        false_topics_per_day=detect.false_topics_per_day,
        warmup_ms=round(detect.warmup_hours * 3_600_000),
        min_authors=detect.min_authors,
        half_life_minutes=detect.half_life_days * 1440,
        burst=BurstRules(kappa=detect.kappa),
        language=detect.language,
        line_every_ms=line_every_ms,
        messages=_messages(settings),
    )
    return Detector(rules, broadcast(veil), state, prior=_prior(detect.prior))


def _prior(path: Path | None) -> Prior | None:
    if path is None:
        return None
    try:
        return decode_prior(read_bounded(path, _MAX_PRIOR_BYTES), f"detect.prior: {path}")
    except OSError as error:
        raise SettingsError("detect.prior", f"{path} cannot be read ({error.strerror})") from None


def check_files(settings: Settings) -> list[str]:
    """Load what settings point to, as the stages do when they start; the names of those that are set.

    Raises:
        SettingsError: one cannot be read or is not what it should be.
    """
    dictionary, lexicon, prior = settings.segment.user_dictionary, settings.relevance.lexicon, settings.detect.prior
    if dictionary is not None:
        read_user_dictionary(dictionary)
    if lexicon is not None:
        LiveRelevance(lexicon)
    _prior(prior)
    set_ones = {"segment.user_dictionary": dictionary, "relevance.lexicon": lexicon, "detect.prior": prior}
    return [name for name, path in set_ones.items() if path is not None]
