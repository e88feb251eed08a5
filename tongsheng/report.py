"""`tongsheng report`: what happened in a day or a week, on one page, as HTML, Markdown and, with a Chromium, PDF.

Reads topic lines of files, or what the running feed keeps and the alerts on Kafka; writes what `report_writer` makes.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec

from alerts.kafka_lines import past_records
from contracts import topics
from contracts.alert import Raised
from contracts.errors import BrokerAwayError, SettingsError, SourceError
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.moments import BEIJING
from feeds.board import at_ms_of
from feeds.feed_store import RedisFeedStore
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.report_writer import Report
from tongsheng.situation import Alerted, Situation, of_entries, of_lines, situation_of

__all__ = ["gathered", "pdf_of", "write"]

_MAX_LINE_BYTES = 1 << 20
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PRINT_S = 120

_lines: "msgspec.json.Decoder[TopicLine]" = msgspec.json.Decoder(TopicLine)
_raised: "msgspec.json.Decoder[Raised]" = msgspec.json.Decoder(Raised)


def gathered(files: Sequence[Path], settings: Settings, *, days: int, last: date | None) -> Situation:
    """The situation of so many days up to and including `last` (None = the day of the newest line).

    Args:
        files: of topic lines, as `backtest --out` writes them; none = what the feed keeps, and alerts from Kafka.
        settings: where Redis and Kafka are.
        days: 1 or 7.
        last: a date in Beijing.

    Raises:
        SourceError: a file cannot be read, or holds no topic lines.
        StoreAwayError: Redis cannot be reached.
        SettingsError: there are no topics at all.
    """
    if files:
        recheck = wiring.recheck(settings)
        lines = [line for path in files for line in _lines_of(path, recheck)]
        start_ms, end_ms = _period((at_ms_of(line) for line in lines), days, last)
        return situation_of(of_lines(lines, start_ms, end_ms), None, start_ms, end_ms)
    redis = settings.redis
    store = RedisFeedStore(connect(redis.url.get_secret_value()), key_prefix=redis.key_prefix)
    entries = list(store.topics().values())
    start_ms, end_ms = _period((entry.points[-1].at_ms for entry in entries), days, last)
    return situation_of(of_entries(entries, start_ms, end_ms), _alerts(settings), start_ms, end_ms)


def write(report: Report, folder: Path, name: str, *, pdf: bool) -> list[Path]:
    """Write it as NAME.html and NAME.md, and NAME.pdf where wanted; the paths.

    Raises:
        SettingsError: the folder cannot be written to, or there is no Chromium for the PDF.
    """
    html, markdown = folder / f"{name}.html", folder / f"{name}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html.write_text(report.html, encoding="utf-8")
        markdown.write_text(report.markdown, encoding="utf-8")
    except OSError as error:
        raise SettingsError("--out", f"{folder} cannot be written to ({error.strerror})") from None
    return [html, markdown, *([pdf_of(html)] if pdf else [])]


def pdf_of(html: Path) -> Path:
    """Print a page to PDF with the Chromium of this machine; it loads nothing from anywhere.

    Raises:
        SettingsError: there is none, or it does not print.
    """
    browser = next((found for found in map(shutil.which, _BROWSERS) if found), None)
    if browser is None:
        raise SettingsError(
            "--pdf",
            f"no Chromium or Chrome is on the path; open {html} in any browser and print it: it is laid out for A4",
        )
    printed = html.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="tongsheng-report-") as profile:
        flags = ("--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", "--disable-background-networking")
        command = [browser, *flags, f"--user-data-dir={profile}", "--no-pdf-header-footer"]
        try:
            subprocess.run(  # noqa: S603 - a browser from the path, on a file that we have just written
                [*command, f"--print-to-pdf={printed.resolve()}", html.resolve().as_uri()],
                check=True,
                timeout=_PRINT_S,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise SettingsError(
                "--pdf", f"{browser} did not print the page ({type(error).__name__}); print {html} from a browser"
            ) from None
    return printed


def _lines_of(path: Path, recheck: Callable[[TopicLine], TopicLine]) -> list[TopicLine]:
    """The topic lines of a file."""
    lines: list[TopicLine] = []
    try:
        with path.open("rb") as file:
            for number, packed in enumerate(iter(lambda: file.readline(_MAX_LINE_BYTES), b""), 1):
                if packed.strip():
                    lines.append(_line(packed, path, number, recheck))
    except OSError as error:
        raise SourceError(f"{path}: it cannot be read ({error.strerror})") from None
    if not lines:
        raise SourceError(f"{path}: it is empty; name what `tongsheng backtest --out` wrote")
    return lines


def _line(packed: bytes, path: Path, number: int, recheck: Callable[[TopicLine], TopicLine]) -> TopicLine:
    try:
        return recheck(_lines.decode(packed))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise SourceError(
            f"{path}: line {number} is no topic line; name what `tongsheng backtest --out` wrote"
        ) from None


def _period(moments: Iterable[int], days: int, last: date | None) -> tuple[int, int]:
    newest = max(moments, default=None)
    if last is None and newest is None:
        raise SettingsError("report", "there are no topics yet; name the FILES that `tongsheng backtest --out` wrote")
    day = last or datetime.fromtimestamp((newest or 0) / 1000, tz=BEIJING).date()
    end = datetime.combine(day, time(), BEIJING) + timedelta(days=1)
    return round((end - timedelta(days=days)).timestamp() * 1000), round(end.timestamp() * 1000)


def _alerts(settings: Settings) -> list[Alerted] | None:
    """What was delivered, of the last 30 days; None where Kafka does not say."""
    topic = wiring.specs(settings)[topics.ALERTS_RAISED].name
    told: dict[tuple[int, tuple[str, ...]], set[str]] = {}
    try:
        for packed in past_records(settings.kafka.brokers, topic):
            try:
                record = _raised.decode(packed)
            except msgspec.DecodeError:
                continue
            if record.kind in ("topic", "summary"):
                told.setdefault((record.at_ms // 60_000, tuple(sorted(record.told))), set()).add(record.channel)
    except BrokerAwayError:
        return None
    return [Alerted(minute * 60_000, names, len(channels)) for (minute, names), channels in told.items()]
