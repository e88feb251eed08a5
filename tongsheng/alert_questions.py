"""What a person may ask of the alerts: try a route, explain why a topic was told or not."""

from rich.console import Console
from rich.text import Text

from alerts.calendar import is_quiet
from alerts.delivery import checked, minimal_of
from alerts.routes import conditions
from alerts.sending import Delivered
from alerts.severity import severity_of
from alerts.store import AlertStore
from alerts.story import Thread
from contracts.alert import Alert, AlertLanguage, Peak, Severity, rank
from contracts.alert_settings import AlertsSettings
from contracts.errors import SettingsError
from contracts.settings import Settings
from contracts.told import compose
from contracts.topic import TopicLine
from contracts.triage import status_of
from detectors.report import iso
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.live_alerts import setup_of
from tongsheng.logs import escape

__all__ = ["explain_topic", "told_of", "try_route"]


def try_route(settings: Settings, name: str) -> bool:
    """Send a sample to each channel of a route and say what came of it; true where all took it.

    Raises:
        SettingsError: there is no such route.
    """
    alerts = settings.alerts
    route = next((route for route in alerts.route if route.name == name), None)
    if route is None:
        raise SettingsError(
            "ROUTE", f"there is no route {name}; known: {', '.join(r.name for r in alerts.route) or 'none'}"
        )
    setup, console = setup_of(settings), Console()
    is_well = True
    for channel_name in route.channels:
        channel = setup.channels[channel_name]
        now_ms = wiring.now_ms()
        message = setup.wording.message(_sample(channel_name, route.language, now_ms))
        body, _ = checked(setup.guard, channel, message, minimal_of(message))
        outcome = channel.send(body, message, now_ms)
        is_taken = isinstance(outcome, Delivered)
        if isinstance(outcome, Delivered) and outcome.place:
            channel.follow(message, outcome.place)
        is_well &= is_taken
        said = "delivered" if isinstance(outcome, Delivered) else outcome.why
        console.print(Text(escape(f"{'✓' if is_taken else '✗'} {channel_name}  {said}")), soft_wrap=True)
    return is_well


def _sample(channel: str, language: AlertLanguage, now_ms: int) -> Alert:
    """An invented topic, which says that it is one."""
    line = TopicLine(
        at=iso(now_ms),
        topic="5a3b1e000000",
        state="emerging",
        title=compose("儿童安全：校车、学生"),
        keywords=[compose("校车"), compose("学生")],
        categories=["safety"],
        posts=52,
        authors=38,
        expected=1.2,
        score=9.0,
        reach=120_000,
        platforms={"weibo": 44, "wechat": 8},
        since=iso(now_ms - 20 * 60_000),
        flags=[],
        evidence=[],
        samples=[],
        reason=compose(""),
    )
    curve = [(now_ms - step * 300_000, size) for step, size in ((4, 2), (3, 5), (2, 9), (1, 21), (0, 38))]
    return Alert(
        id=f"sample/{now_ms}/{channel}",
        channel=channel,
        kind="sample",
        language=language,
        created_ms=now_ms,
        severity="info",
        line=line,
        number=1,
        changes=["opened"],
        curve=curve,
        peak=Peak(38, now_ms),
    )


def explain_topic(settings: Settings, topic: str) -> None:
    """Print which routes take a topic and why, and what each channel knows of it.

    Raises:
        StoreAwayError: Redis cannot be reached.
        SettingsError: the alerts have not heard of the topic.
    """
    redis = settings.redis
    store = AlertStore(connect(redis.url.get_secret_value()), key_prefix=redis.key_prefix)
    loaded, triage = store.load(), store.decided().get(topic)
    story = loaded.stories.get(topic)
    if story is None:
        of_archives = (
            "" if settings.alerts.archives else "; topics of archives are not told unless alerts.archives is true"
        )
        raise SettingsError(
            "TOPIC", f"the alerts have not heard of {escape(topic)} in the last eight days{of_archives}"
        )
    console, line = Console(), story.line
    severity = severity_of(line, settings.alerts)
    console.print(
        Text(escape(f"{line.title}  ({line.state}, {severity}, as of {line.at})")), style="bold", soft_wrap=True
    )
    if triage is not None and status_of(triage, line.flags, wiring.now_ms()) in ("dismissed", "muted", "merged"):
        said = f"operators: {triage.status} by {triage.by} at {iso(triage.at_ms)}; told again only of a graver flag"
        console.print(Text(escape(said)), soft_wrap=True)
    for route in settings.alerts.route:
        found = conditions(route, line, severity)
        takes = all(condition.holds for condition in found)
        heading = f"{'✓' if takes else '✗'} route {route.name} → {', '.join(route.channels)}"
        console.print(Text(escape(heading)), soft_wrap=True)
        for one in found:
            said = f"    {'✓' if one.holds else '✗'} {one.key}: wanted {one.wanted}; found {one.found or 'none'}"
            console.print(Text(escape(said)), soft_wrap=True)
    for name, thread in story.threads.items():
        said = f"channel {name}: {told_of(thread, severity, name, settings.alerts, wiring.now_ms())}"
        console.print(Text(escape(said)), soft_wrap=True)


def told_of(thread: Thread, severity: Severity, name: str, settings: AlertsSettings, now_ms: int) -> str:
    """What a channel knows of a topic, and what holds back the rest.

    Args:
        thread: of the topic on this channel.
        severity: of the topic now.
        name: of the channel.
        settings: that may know it no longer.
        now_ms: wall clock.
    """
    channel = next((channel for channel in settings.channel if channel.name == name), None)
    known = thread.known
    told = "not told yet" if known is None else f"told {known.number} times, last at {iso(known.at_ms)}: {known.state}"
    if channel is None:
        return f"{told}; it is gone from the settings"
    if channel.only_digest:
        return f"told in its {channel.digest} digest only"
    if not thread.wanted_ms:
        return told
    waits = f"{told}; something to tell since {iso(thread.wanted_ms)}"
    is_held = is_quiet(channel, now_ms, settings.timezone) and rank(severity) < rank(channel.pierces)
    return f"{waits}, held by its quiet hours or weekend" if is_held else waits
