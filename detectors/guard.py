"""The last guard: reads what is about to leave, and blocks it where anything stands that should not.

What is broadcast cannot hold an identifier by construction (`contracts/told.py`). This looks again at the finished
bytes, with other means than those that made them, because a mistake here is a child's name on a wall. It fails closed:
what it cannot read does not leave.

Whoever sends something (a channel, a feed, the log) asks `passed` with the whole payload as it would leave, and
sends what it gives back, or nothing where that is "":

    guard = Guard(console="https://console.example.org", on_block=tell_operator)
    passed = guard.passed(body, minimal_body, ids=[line.topic], form="json", frame=FRAME, place="alerts.slack")
    if passed.text:
        send(passed.text)

`minimal_body` is the same channel's body around `minimal_alert`; it is read like any other.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from contracts.platforms import PLATFORMS
from detectors.broadcast import JOINING, reviewed_words
from detectors.categories import LABELS
from detectors.disguise import fold, spell_digits
from detectors.payload import NO_FRAME, Format, Frame, strings_of
from detectors.regions import PREFECTURES, PROVINCES
from detectors.spellings import closed_up

__all__ = ["Blocked", "Fault", "Guard", "OnBlock", "Passed"]

Fault = Literal["number", "id", "handle", "link", "words", "unreadable"]
OnBlock = Callable[["Blocked"], None]

# Chinese of the templates in detectors/{reasons,titles,guidance}.py; a test holds them together
_TEMPLATES = frozenset(
    re.split(
        " ",
        "第 位 万 个 人 起 其中 平时 登上 曾登上 热搜 微博热搜 热度 相关条目 新词 分钟内提到 见控制台 条 平时不到 不到 "
        "保护事项 不转发图片和姓名 呼吁公众停止传播 线索交给警方 儿童权利公约 "
        "可能有未成年人正处于危险 立即报警 并联系平台 公众在问你们怎么看 请尽快决定是否回应 如何回应 "
        "内容正在消失 请尽快留存公开来源 并持续关注 热度下降不等于 事情已经解决 "
        "有人在号召公众行动 先判断对孩子是利是弊 再决定支持 提醒或给出更安全的做法 "
        "从 消失 消失前仍在上升",
    )
)
_MAX_WORD = 12
_LETTERS = re.compile(
    "[^\\W\\d_\u0000-\u024f]+"
)  # of any script but the Latin one: Chinese, and what a name may be spelt in
# A moment or a date is no number of anybody: 2026-03-02T11:58:25+08:00, 20260302
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_MOMENT = re.compile(
    r"(?<![0-9-])20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    rf"(?:[t ]{_TIME}(?::[0-5][0-9](?:[.,][0-9]{{1,6}})?)?)?(?:z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?(?![0-9])"
)
_DATE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = re.compile(rf"(?<![0-9.]){_OCTET}(?:\.{_OCTET}){{3}}(?![0-9.])")
_OWN_ID = re.compile("(?<![0-9a-z])(?=(?:[0-9]*[a-f]){2})[0-9a-f]{12}(?![0-9a-z])")  # of a topic
_TOPIC = re.compile("[0-9a-f]{12}")
# 483,000; of more than there are people it is none
_AMOUNT = re.compile(r"(?<![0-9,])(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}|[1-9](?:,[0-9]{3}){3})(?![0-9,])")
_RUN = re.compile(r"(?<![0-9])[0-9](?:[ \t\-–—_.·•/*#()]{0,3}[0-9]){6,}[xX]?(?![0-9])")
# a mobile or identity number whose groups, or digits, anything stands between, if it is the same each time
_GROUPED = re.compile(
    r"(?<![0-9])(?:1[3-9][0-9](?P<a>[^0-9]{1,8})[0-9]{4}(?P=a)[0-9]{4}|1(?P<b>[^0-9]{1,3})[3-9](?:(?P=b)[0-9]){9}"
    r"|[0-9]{6}(?P<c>[^0-9]{1,3})(?:19|20)[0-9]{6}(?P=c)[0-9]{3}[0-9x]|[0-9]{1,3}(?:,[0-9]{3}){3,})(?![0-9])"
)
_ACCOUNT = re.compile(r"(?<![a-z0-9_-])(?=[a-z_-]*[0-9])(?=[0-9_-]*[a-z])[a-z0-9_-]{5,}")
_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})", re.IGNORECASE)  # bytes or characters as a program writes them
_ENCODED = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_MOST_ENCODED = 3  # times that an address may be encoded
_HANDLE = re.compile(r"[@＠]\s?[\w\u4e00-\u9fff]")
_LINK = re.compile(
    r"https?:/*[^\s\"'<>|)]*|www\.[^\s\"'<>|)]*|\b[a-z0-9-]{1,30}\.(?:cn|com|net|org|cc|me)/[^\s\"'<>|)]*",
    re.IGNORECASE,
)
# what people tap on though no scheme stands before it; file names and our own topics are called so in logs
_BARE_LINK = re.compile(
    r"(?<![a-z0-9.-])(?:[a-z0-9-]{1,30}\.){1,3}(?:(?:com|cn|net|org|cc|me|tv)(?![a-z0-9-])|[a-z]{2,6}/[^\s\"'<>|)]+)"
    rf"|(?<![0-9.]){_OCTET}(?:\.{_OCTET}){{3}}[:/]"
)
_ID = re.compile(
    r"(?<![a-z])(?:weibo|wechat|tencent|xhs|douyin|kuaishou|bilibili|zhihu|tieba|toutiao|baidu|douban"
    r"|web):[0-9A-Za-z]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """What may leave, and what was found in what was meant to.

    Attributes:
        text: the text itself; the minimal one where something was found.
        faults: kinds, each once, sorted; empty where nothing was.
    """

    text: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What an operator has to know of something that did not leave; nothing of its text.

    Attributes:
        place: who wanted to send it, for instance "alerts.slack".
        faults: as of `Passed`.
        is_silent: not even the minimal text could leave.
        count: how many this guard has blocked so far.
    """

    place: str
    faults: tuple[Fault, ...]
    is_silent: bool
    count: int


class Guard:
    """Reads outgoing payloads; counts what it blocked (`blocked`, and each fault in `faults`)."""

    def __init__(
        self,
        *,
        console: str = "",
        words: Collection[str] = (),
        names: Collection[str] = (),
        is_ordinary: Callable[[str], bool] = lambda _: False,
        is_log: bool = False,
        on_block: OnBlock | None = None,
    ) -> None:
        """Name what else may stand in a text.

        Args:
            console: address of the operators' console, under which links may point; "" = none may.
            words: the organisation's own wording, besides templates and the reviewed vocabulary.
            names: of channels and sources, as the settings have them: letters, digits and hyphens.
            is_ordinary: whether a word of the dictionary names nobody; the default allows no word but the above.
            is_log: letters and digits in one word may stand: hosts and files are called so, and accounts, too.
            on_block: told of each block, at once: what pages the operator. None for a guard of log lines, whose own
                line says it.
        """
        self._console = console
        self._topic_link = re.compile(
            re.escape(console.rstrip("/").lower()) + "(?:/[a-z]{1,20})?/[0-9a-f]{12}(?![0-9a-z])"
        )
        longest_first = sorted((name for name in names if not name.isdecimal()), key=len, reverse=True)
        any_name = "|".join(map(re.escape, longest_first)) or "(?!)"  # which matches nothing
        self._names = re.compile(f"(?<![0-9a-z_-])(?:{any_name})(?![0-9a-z_-])")
        self._words = frozenset((*words, *_vocabulary()))
        self._longest = max(map(len, words), default=0)  # an organisation's wording is longer than a word
        self._is_ordinary = lru_cache(maxsize=1 << 14)(is_ordinary)
        self._is_log = is_log
        self._on_block = on_block
        self.blocked = 0
        self.faults: Counter[Fault] = Counter()

    def check(self, text: str, ids: Collection[str] = ()) -> tuple[Fault, ...]:
        """What stands in the text that should not.

        Args:
            text: as it would leave, markup and all.
            ids: of the topics that it is about.

        Cost: O(len(text)), some 20 microseconds for an alert.

        >>> Guard().check("儿童安全：学生（38 人）"), Guard().check("call 138-0013-8000")
        ((), ('number',))
        """
        text = _decoded(text)
        folded = fold(text)
        readings = dict.fromkeys((folded.text, closed_up(folded).text))
        return tuple(sorted({fault for seen in readings for fault in self._faults_of(text, seen, ids)}))

    def _faults_of(self, text: str, seen: str, ids: Collection[str]) -> list[Fault]:
        """As `check`, of a text as it stands and one reading of it."""
        plain = seen
        for name in ids:
            if _TOPIC.fullmatch(name):
                plain = plain.replace(name, " ")
        if self._console:
            plain = self._topic_link.sub(" ", plain).replace(self._console.lower(), " ")
        for harmless in (self._names, _MOMENT, _AMOUNT, *((_HOST, _OWN_ID) if self._is_log else ())):
            plain = harmless.sub(" ", plain)
        links = [*_LINK.finditer(text), *_LINK.finditer(seen)]
        is_bare = not self._is_log and _BARE_LINK.search(plain) is not None
        plain = spell_digits(plain)
        numbers = (run for run in _RUN.finditer(plain) if not _DATE.fullmatch(run[0]))
        found: dict[Fault, bool] = {
            "number": any(True for _ in numbers) or _GROUPED.search(plain) is not None,
            "id": _ID.search(text) is not None or (not self._is_log and _ACCOUNT.search(plain) is not None),
            "handle": _HANDLE.search(text) is not None or _HANDLE.search(seen) is not None,
            "link": is_bare or any(not self._is_console(link[0]) for link in links),
            "words": _ESCAPED.search(text) is not None
            or not all(self._explains(run[0]) for run in _LETTERS.finditer(seen)),
        }
        return [kind for kind, is_there in found.items() if is_there]

    def passed(
        self,
        text: str,
        minimal: str,
        ids: Collection[str] = (),
        *,
        form: Format = "text",
        frame: Frame = NO_FRAME,
        place: str = "",
    ) -> Passed:
        """The payload where nothing was found, else the minimal one; "" where that does not pass either.

        Args:
            text: as it would leave: a text, or the whole body of a request, page, feed or e-mail.
            minimal: what leaves in its place, of the same form.
            ids: of the topics that it is about.
            form: what it is; text marked as a body is read string by string, its keys and headers must be known.
            frame: what the sender's code puts around what is told.
            place: who sends it, for the operator.
        """
        faults = self._faults(text, ids, form, frame)
        if not faults:
            return Passed(text, ())
        is_silent = bool(self._faults(minimal, (), form, frame))
        self.blocked += 1
        self.faults.update(faults)
        if self._on_block is not None:
            self._on_block(Blocked(place, faults, is_silent, self.blocked))
        return Passed("" if is_silent else minimal, faults)

    def _faults(self, body: str, ids: Collection[str], form: Format, frame: Frame) -> tuple[Fault, ...]:
        try:
            found = {fault for text in strings_of(body, form, frame) for fault in self.check(text, ids)}
        except Exception:  # noqa: BLE001 - whatever goes wrong in there, nothing leaves
            return ("unreadable",)
        return tuple(sorted(found))

    def _explains(self, run: str) -> bool:
        """Whether the run of Chinese can be cut into words that may stand there."""
        longest = max(_MAX_WORD, self._longest)
        reached = [True] + [False] * len(run)
        for end in range(1, len(run) + 1):
            starts = (start for start in range(max(end - longest, 0), end) if reached[start])
            reached[end] = any(self._may_stand(run[start:end]) for start in starts)
        return reached[-1]

    def _may_stand(self, word: str) -> bool:
        return word in self._words or (len(word) > 1 and self._is_ordinary(word))

    def _is_console(self, link: str) -> bool:
        return self._console != "" and (link == self._console or link.startswith(self._console.rstrip("/") + "/"))


def _decoded(text: str) -> str:
    """The text, and behind it what a percent-encoded address in it says."""
    said = text
    for _ in range(_MOST_ENCODED):
        if _ENCODED.search(said) is None:
            break
        said = unquote(said)
    return text if said == text else f"{text}\n{said}"


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Templates, labels, platforms, reviewed words, and the characters that join them."""
    named = "".join(f"{name} " for name in (*LABELS.values(), *PLATFORMS.values(), *PROVINCES, *PREFECTURES))
    return frozenset((*_TEMPLATES, *_LETTERS.findall(named), *reviewed_words(), *JOINING))
