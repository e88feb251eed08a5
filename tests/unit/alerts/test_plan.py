"""One topic, one story: what is told, when, and what is not."""

import pytest

from alerts.story import URGENT
from contracts.topic import FLAGS, Flag
from tests.alert_desk import HOUR_MS, MINUTE_MS, Desk
from tests.alert_lines import NOON_MS, alert_settings, line


def test_the_first_message_comes_at_once_and_once() -> None:
    """A topic is told in the step that hears of it; its repeats and its small movements are not."""
    desk = Desk()

    first = desk.at(NOON_MS, line())
    later = [*desk.at(NOON_MS, line()), *desk.every_minute(NOON_MS + MINUTE_MS, NOON_MS + 2 * HOUR_MS, authors=30)]

    assert [(alert.id, alert.changes) for alert in first] == [("5b1c0a9e77d2/1/duty", ["opened"])]
    assert later == []


def test_an_archive_is_told_to_nobody_unless_asked_for() -> None:
    """However new its posts claim to be."""
    of_archive = line(archived=True)

    assert Desk().at(NOON_MS, of_archive) == []
    assert len(Desk(alert_settings(archives=True)).at(NOON_MS, of_archive)) == 1


def test_nothing_that_only_operators_may_see_is_in_an_alert() -> None:
    """Neither samples nor the ids of posts."""
    [alert] = Desk().at(NOON_MS, line())

    assert alert.line is not None
    assert (alert.line.samples, alert.line.evidence) == ([], [])


def test_five_times_the_size_is_told_and_four_times_is_not() -> None:
    """Measured from what the channel was last told."""
    desk = Desk()
    desk.at(NOON_MS, line(authors=12))

    four = desk.every_minute(NOON_MS + MINUTE_MS, NOON_MS + 10 * MINUTE_MS, authors=48)
    five = desk.every_minute(NOON_MS + 10 * MINUTE_MS, NOON_MS + 20 * MINUTE_MS, authors=60)
    again = desk.every_minute(NOON_MS + 20 * MINUTE_MS, NOON_MS + 30 * MINUTE_MS, authors=61)

    assert (four, [alert.changes for alert in five], again) == ([], [["severity", "grown"]], [])


@pytest.mark.parametrize("flag", [flag for flag in FLAGS if flag in URGENT])
def test_a_flag_is_told_at_once_and_first(flag: Flag) -> None:
    """What presses does not wait for anything to be gathered."""
    desk = Desk()
    desk.at(NOON_MS, line())

    [alert] = desk.at(NOON_MS + 1000, line(NOON_MS + 1000, flags=[flag], authors=100))

    severity = "critical" if flag == "minor-at-risk" else "high"
    assert (alert.changes, alert.severity, alert.number) == ([flag, "grown"], severity, 2)


def test_danger_stands_before_a_question() -> None:
    """A headline has room for two changes."""
    [alert] = Desk().at(NOON_MS, line(flags=list(FLAGS)))

    assert alert.changes == ["opened", "minor-at-risk", "exposure", "vanishing", "asked", "campaign"]


def test_changes_within_two_minutes_are_one_message() -> None:
    """What comes while it waits is told with it."""
    desk = Desk(alert_settings(notable_authors=400))
    desk.at(NOON_MS, line(authors=12))

    told = [
        *desk.at(NOON_MS + MINUTE_MS, line(NOON_MS + MINUTE_MS, authors=70)),
        *desk.at(NOON_MS + 2 * MINUTE_MS, line(NOON_MS + 2 * MINUTE_MS, authors=90, state="trending")),
        *desk.at(NOON_MS + 3 * MINUTE_MS),
    ]

    assert [(alert.changes, alert.line and alert.line.authors) for alert in told] == [(["grown", "state"], 90)]


def test_a_state_that_flickers_is_not_told() -> None:
    """Half an hour lies between messages that only tell a state, and what has gone back by then is no news."""
    desk = Desk()
    desk.at(NOON_MS, line())

    told = [
        *desk.every_minute(NOON_MS + MINUTE_MS, NOON_MS + 20 * MINUTE_MS, state="trending"),
        *desk.every_minute(NOON_MS + 20 * MINUTE_MS, NOON_MS + 40 * MINUTE_MS, state="emerging"),
        *desk.every_minute(NOON_MS + 40 * MINUTE_MS, NOON_MS + 60 * MINUTE_MS, state="trending"),
    ]

    assert [(alert.changes, alert.created_ms) for alert in told] == [(["state"], NOON_MS + 42 * MINUTE_MS)]


def test_fading_that_comes_and_goes_is_not_told() -> None:
    """Trending is told once, however often the topic slows down and picks up."""
    desk = Desk()
    desk.at(NOON_MS, line())

    told = [
        alert
        for turn in range(1, 12)
        for alert in desk.every_minute(
            NOON_MS + turn * HOUR_MS, NOON_MS + (turn + 1) * HOUR_MS, state="trending" if turn % 2 else "fading"
        )
    ]

    assert [alert.changes for alert in told] == [["state"]]


def test_the_closing_line_has_the_peak() -> None:
    """When it is over, the message says how big it was, once."""
    desk = Desk()
    desk.at(NOON_MS, line(authors=12))
    desk.every_minute(NOON_MS + MINUTE_MS, NOON_MS + 30 * MINUTE_MS, authors=45)

    closed = desk.every_minute(NOON_MS + 7 * HOUR_MS, NOON_MS + 8 * HOUR_MS, state="closed", authors=0)

    assert [(alert.changes, alert.peak and alert.peak.authors) for alert in closed] == [(["closed"], 45)]


def test_after_an_outage_there_is_one_summary() -> None:
    """An hour's topics that nobody was told of do not come one by one."""
    desk = Desk()
    names = [f"0000000000a{number}" for number in range(9)]
    missed = [line(NOON_MS + number * MINUTE_MS, topic=name) for number, name in enumerate(names)]

    waiting = desk.at(NOON_MS + 90 * MINUTE_MS, *missed, is_caught_up=False)
    told = desk.at(NOON_MS + 90 * MINUTE_MS)

    assert waiting == []
    assert [(alert.kind, alert.total, len(alert.items)) for alert in told] == [("summary", 9, 9)]
    assert desk.at(NOON_MS + 91 * MINUTE_MS) == []


def test_a_child_in_danger_is_told_alone_however_late() -> None:
    """It does not stand in a list of nine."""
    desk = Desk()
    missed = [line(NOON_MS, topic=f"0000000000a{number}") for number in range(9)]

    told = desk.at(NOON_MS + HOUR_MS, *missed, line(NOON_MS, flags=["minor-at-risk"]))

    assert [(alert.kind, alert.total) for alert in told] == [("topic", 0), ("summary", 9)]


def test_of_many_children_in_danger_each_is_told_alone() -> None:
    """Also more than otherwise come at once; the rest makes room for them."""
    names = [f"0000000000a{number}" for number in range(9)]
    lines = [
        line(NOON_MS, topic=name, flags=["minor-at-risk"] if number < 7 else []) for number, name in enumerate(names)
    ]

    told = Desk(alert_settings(most_at_once=5)).at(NOON_MS, *lines)

    assert [(alert.kind, alert.total) for alert in told] == [("topic", 0)] * 7 + [("summary", 2)]


def test_many_topics_at_once_are_told_in_part_together() -> None:
    """The most pressing ones alone, the rest in a summary."""
    desk = Desk()
    lines = [line(topic=f"0000000000a{number}", authors=10 + number) for number in range(8)]

    told = desk.at(NOON_MS, *lines)

    assert [alert.line.authors for alert in told if alert.line] == [17, 16, 15, 14, 13]
    assert [item.authors for alert in told for item in alert.items] == [12, 11, 10]


def test_quiet_hours_hold_until_they_end_and_the_severe_pierces() -> None:
    """At 07:00 there is a summary of the night; a child in danger is told at night."""
    desk = Desk(alert_settings({"name": "duty", "quiet_hours": "22:00-07:00"}))
    night_ms, morning_ms = NOON_MS + 11 * HOUR_MS, NOON_MS + 19 * HOUR_MS

    at_night = desk.at(night_ms, line(night_ms, topic="0000000000a1"), line(night_ms, topic="0000000000a2"))
    pierced = desk.at(night_ms + 1, line(night_ms + 1000, flags=["minor-at-risk"]))
    before, after = desk.at(morning_ms - 1), desk.at(morning_ms)

    assert (at_night, before) == ([], [])
    assert [alert.id for alert in pierced] == ["5b1c0a9e77d2/1/duty"]
    assert [(alert.kind, alert.total) for alert in after] == [("summary", 2)]


def test_a_topic_that_meets_a_route_later_is_told_then() -> None:
    """To that channel as new; the other one has heard of it before."""
    settings = alert_settings(
        {"name": "duty"},
        {"name": "head"},
        route=[
            {"name": "all", "channels": ["duty"]},
            {"name": "high", "channels": ["head"], "severity": "high", "language": "en"},
        ],
    )
    desk = Desk(settings)
    desk.at(NOON_MS, line(authors=12))

    told = desk.at(NOON_MS + 5 * MINUTE_MS, line(NOON_MS + 5 * MINUTE_MS, authors=13, flags=["exposure"]))

    assert [(alert.channel, alert.changes, alert.language) for alert in told] == [
        ("duty", ["exposure"], "zh"),
        ("head", ["opened", "exposure"], "en"),
    ]


def test_what_was_taken_off_its_list_is_told_after_its_end() -> None:
    """A day after it has closed it is known that it did not end by itself; once, and at once."""
    desk = Desk()
    desk.at(NOON_MS, line())
    desk.at(NOON_MS + 6 * HOUR_MS, line(NOON_MS + 6 * HOUR_MS, state="closed"))
    desk.at(NOON_MS + 7 * HOUR_MS)
    day_ms = NOON_MS + 24 * HOUR_MS

    told = desk.at(day_ms, line(day_ms, state="closed", flags=["vanishing"]))
    again = desk.at(day_ms + HOUR_MS, line(day_ms + HOUR_MS, state="closed", flags=["vanishing"]))

    assert [(alert.changes, alert.line.flags) for alert in told if alert.line] == [(["vanishing"], ["vanishing"])]
    assert again == []


def test_an_old_story_is_forgotten() -> None:
    """Its memory goes after eight days, from the store too."""
    desk = Desk()
    desk.at(NOON_MS, line())

    step = desk.plan.step([], now_ms=NOON_MS + 9 * 24 * HOUR_MS, settings=desk.settings)

    assert (step.stories, desk.plan.stories) == ({"5b1c0a9e77d2": None}, {})
