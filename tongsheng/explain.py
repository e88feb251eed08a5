"""`tongsheng explain`: why a topic was raised, as a table on the terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.errors import SettingsError
from contracts.rejection import Reason, Rejected
from contracts.settings import Settings
from detectors.explain import EntryPlace, Explanation, TermScore
from detectors.guidance import guidance
from detectors.list_grounds import parts_told
from detectors.lists import SAME_EVENT
from detectors.reasons import LANGUAGES
from detectors.regions import MIN_AUTHORS
from detectors.report import iso
from detectors.rules import DAY_MS
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from streams.detect_store import DetectStore
from streams.memory_store import MemoryWindowStore
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.display import Numbers
from tongsheng.logs import escape
from tongsheng.runs import local_pipeline
from tongsheng.sources import posts_of_files

__all__ = ["explain_archive", "explain_live", "show"]

_GOES_ON_MS = 2 * DAY_MS  # for so long a topic of lists that has closed may go on under its id
_WITHHELD = "withheld 不公开"
_UNTOLD = "further entry 其余条目"
_CONVERSATION = "reposts of one post 同一原帖"


def explain_archive(topic: str, files: Sequence[Path], settings: Settings) -> Explanation:
    """Run the files through until the topic is raised; of one from hot lists, until no entry has joined for two days.

    Raises:
        SourceError: a file cannot be read.
        SettingsError: these files raise no such topic.
    """
    detector = wiring.make_detector(settings, wiring.local_veil(settings))
    pipeline = local_pipeline(settings, MemoryWindowStore(), detector)
    damaged: list[str] = []

    def note(piece: Rejected) -> None:  # whatever else a file holds besides posts is `backtest`'s to tell
        if piece.reason is Reason.FILE_DAMAGED:
            damaged.append(f"; {piece.source} is damaged: {piece.detail}")

    posts = posts_of_files(files, AuthorKeys(ARCHIVE_SALT))(Numbers(), note)
    found: Explanation | None = None
    for line in pipeline.run(posts):
        if line.topic == topic and (now := detector.explain(topic)) is not None:
            found = now
        if found is not None and (not found.entries or detector.state.tick_ms - found.at_ms > _GOES_ON_MS):
            break
    if found is None:
        hint = f"{topic} is not raised by these files; take an id from `backtest --out` with the same settings"
        raise SettingsError("TOPIC", "".join((hint, *damaged)))
    return found


def explain_live(topic: str, settings: Settings) -> Explanation:
    """Ask the state that the running detector kept last.

    Raises:
        StoreAwayError: Redis cannot be reached.
        SettingsError: no detector has kept a state there, or the topic is not in it.
    """
    redis = settings.redis
    state = DetectStore(connect(redis.url.get_secret_value()), key_prefix=redis.key_prefix).kept()
    if state is None:
        raise SettingsError("TOPIC", "no detector has kept a state in this Redis; name the FILES of an archive instead")
    found = wiring.make_detector(settings, wiring.local_veil(settings), state).explain(topic)
    if found is None:
        raise SettingsError(
            "TOPIC", f"{topic} is no live topic of the detector; of an archive's topic, name the FILES too"
        )
    return found


def show(explanation: Explanation, own: Mapping[tuple[str, str], str]) -> None:
    """Print it to standard output; `own` is the organisation's wording of guidance."""
    console = Console()
    console.print(Text(escape(f"{explanation.title}  ({explanation.state})"), style="bold"), soft_wrap=True)
    console.print(Text(escape(explanation.reason)), soft_wrap=True)
    for flag in explanation.flags:
        for language in LANGUAGES:
            console.print(Text(escape(f"⚑ {flag}: {guidance(flag, language, own)}"), style="bold red"), soft_wrap=True)
    raised, now = iso(explanation.raised_ms), iso(explanation.at_ms)
    times = f"since {explanation.since} · {'last ' * bool(explanation.entries)}raised {raised} · as of {now}"
    console.print(Text(f"topic {explanation.topic} · {times}"), soft_wrap=True)
    if explanation.entries:
        for told in _after(explanation):
            console.print(Text(told), soft_wrap=True)
        bars = f"judge: about children from 100 % · same event: log odds, a headline joins from {SAME_EVENT}"
        console.print(Text(bars), soft_wrap=True)
        console.print(_entries(explanation.entries))
        return
    top = "" if explanation.top_share is None else f", {explanation.top_share:.0%} of them of the three busiest"
    console.print(
        Text(
            f"{explanation.posts} posts of {explanation.authors} authors as evidence{top} · one term raises a topic "
            f"from {explanation.alarm_bans:.1f} bans, joins one from {explanation.low_bans:.1f} "
            "(1 ban = ten times less likely by chance)"
        ),
        soft_wrap=True,
    )
    if explanation.regions:
        where = " · ".join(f"{region} {count}" for region, count in explanation.regions.items())
        console.print(Text(f"regions of at least {MIN_AUTHORS} authors 地区: {where}"), soft_wrap=True)
    for told in _after(explanation):
        console.print(Text(told), soft_wrap=True)
    console.print(_terms(explanation.terms))


def _after(explanation: Explanation) -> list[str]:
    """What comes after the alert, a line each: who asks, how far it reaches."""
    lines: list[str] = []
    if (asked := explanation.asked) is not None:
        lines.append(f"asked 提问: {asked.authors} authors of the last hour, usually {asked.expected:.2f}")
    if (campaign := explanation.campaign) is not None:
        began = {"own": ", begun by our account", "public": ", begun by a verified account", None: ""}
        lines.append(
            f"campaign 号召 ({campaign.action}): {campaign.callers} authors of the last hour call for it, "
            f"{campaign.before} of the hour before, since {campaign.since}{began[campaign.starter]}; "
            f"{campaign.exposed:.0%} of them expose children"
        )
    for gone in explanation.vanishing:
        usual = "" if gone.expected is None else f", usually {gone.expected:.1f}"
        lines.append(f"vanished 消失 ({gone.cause}): {gone.count:,} of {gone.of:,} since {gone.since}{usual}")
        if gone.words:
            lines[-1] += escape(f"; they shared {'、'.join(gone.words)}")
    for uptake in explanation.uptake:
        voices, turn = uptake.voices, uptake.turn
        lines.append(
            f"message 倡议 {escape(uptake.message)}: for {voices.agree}, against {voices.oppose}, "
            f"neither {voices.neither} of the last hour's voices; "
            f"for {uptake.low:.0%} to {uptake.high:.0%} of those who take a side"
        )
        if turn is not None:
            lines.append(f"  turned {turn.to} at {turn.at} ({turn.earliest} to {turn.latest})")
    if (audience := explanation.audience) is not None:
        people = "unknown" if audience.people is None else f"{audience.people:,} at most"
        lines.append(
            f"reach 触达: {audience.authors:,} authors in 24 h, people reached: {people} "
            f"({audience.told:.0%} of {audience.posts:,} posts tell followers)"
        )
        if audience.own or audience.echoes:
            lines[-1] += f"; own accounts {audience.own}, handed on by {audience.echoes:,}"
    return lines


def _terms(terms: Sequence[TermScore]) -> Table:
    """A row a term that may be shown; what may not be shown is one row for each set of the same numbers."""
    table = Table(title="Terms · 词", title_justify="left")
    table.add_column("term\n词", overflow="fold")
    table.add_column("best\n最高", justify="right")
    for window in terms[0].windows if terms else ():
        table.add_column(f"{window.minutes} min\n{window.minutes} 分钟", justify="right")
        table.add_column("usual\n平时", justify="right")
        table.add_column("bans\n得分", justify="right")
    table.add_column("posts\n帖", justify="right")
    rows = Counter((_named(term), *_numbers(term)) for term in terms)
    for (name, *numbers), count in rows.items():
        table.add_row(Text(f"{name} × {count}" if count > 1 else name), *numbers)
    return table


def _named(term: TermScore) -> str:
    return escape(term.term) or (_CONVERSATION if term.is_conversation else _WITHHELD)


def _numbers(term: TermScore) -> tuple[str, ...]:
    cells = [f"{term.best_bans:.1f}"]
    for window in term.windows:
        cells += [str(window.authors), f"{window.expected:.2f}", f"{window.bans:.1f}"]
    return (*cells, str(term.posts))


def _entries(entries: Sequence[EntryPlace]) -> Table:
    table = Table(title="Entries on hot lists · 热榜条目", title_justify="left")
    for heading in ("entry\n条目", "list\n榜单", "place (best)\n位次（最高）", "heat\n热度", "judge\n判断分"):
        table.add_column(heading, overflow="fold")
    table.add_column("same event\n同一事件", overflow="fold", ratio=1)
    for entry in entries:
        table.add_row(
            Text(_UNTOLD if entry.title is None else escape(entry.title) or _WITHHELD),
            Text(f"{escape(entry.list)}\n{iso(entry.first_ms)[5:16].replace('T', ' ')}"),
            Text(f"{_number(entry.rank) if entry.stands else 'gone 已下榜'} ({_number(entry.top_rank)})"),
            Text(_number(entry.heat if entry.stands else entry.top_heat)),
            Text(f"{entry.relevance} %" if entry.relevance else "–"),
            Text("\n".join(f"{tie.odds:+.1f}: {parts_told(tie, 'en')}" for tie in entry.ties) or "–"),
        )
    return table


def _number(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
