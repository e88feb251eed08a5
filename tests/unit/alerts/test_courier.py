"""What is sent next to a channel, how long it is left alone, and what becomes of what it did not take."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.courier import BREAK_AFTER, Health, after, begun, expired_into_one, health_of, next_entry, notices, put_back
from alerts.senders.dingtalk import DingTalk
from alerts.senders.wecom import WeCom
from alerts.sending import Delivered, Rate, Refused, RetryAt
from alerts.store import Entry
from contracts.alert import Alert, Severity
from tests.alert_lines import NOON_MS, alert_settings, line

FAST = Rate(every_s=0.001, burst=100)


def entry(name: str = "a", *, severity: Severity = "info", created_ms: int = NOON_MS, **fields: int | bool) -> Entry:
    made = Alert(
        id=name,
        channel="duty",
        kind="topic",
        language="zh",
        created_ms=created_ms,
        severity=severity,
        line=line(topic=name * 12),
        number=1,
        changes=["opened"],
    )
    return msgspec.structs.replace(Entry(alert=made), **fields)


def test_the_most_severe_goes_first_and_else_the_oldest() -> None:
    """A child in danger does not queue behind a milk price."""
    waiting = [
        entry("a", created_ms=NOON_MS + 1),
        entry("b", created_ms=NOON_MS),
        entry("c", severity="critical", created_ms=NOON_MS + 2),
    ]

    chosen = [next_entry(rest, Health(), FAST, NOON_MS) for rest in (waiting, waiting[:2])]

    assert [one and one.alert.id for one in chosen] == ["c", "b"]


def test_a_message_that_only_it_makes_fail_holds_up_no_other() -> None:
    """After four attempts the others come first."""
    waiting = [entry("a", severity="critical", attempts=4), entry("b")]

    chosen = next_entry(waiting, Health(), FAST, NOON_MS)

    assert chosen is not None
    assert chosen.alert.id == "b"


@pytest.mark.parametrize("rate", [DingTalk.rate, WeCom.rate], ids=["dingtalk", "wecom"])
@given(pauses_ms=st.lists(st.integers(0, 20_000), max_size=200))
def test_no_minute_ever_has_more_than_twenty_messages(rate: Rate, pauses_ms: list[int]) -> None:
    """Whatever comes when: these robots are muted for ten minutes above that."""
    health, now_ms, sent = Health(), NOON_MS, []
    for pause_ms in [*pauses_ms, *([0] * 50)]:
        now_ms += pause_ms
        if next_entry([entry()], health, rate, now_ms) is not None:
            _, health = begun(entry(), health, rate, now_ms)
            sent.append(now_ms)

    assert max((sum(start <= at < start + 60_000 for at in sent) for start in sent), default=0) <= 20


def test_waits_double_up_to_ten_minutes_and_success_ends_them() -> None:
    """With half of it by chance, so that not all come back in the same moment."""
    health, waits = Health(), []
    for _ in range(12):
        _, health = after(entry(), RetryAt("HTTP 500"), health, NOON_MS, 0.999)
        waits.append(round((health.wait_ms - NOON_MS) / 1000))
    _, healthy = after(entry(), Delivered(), health, NOON_MS, 0.5)

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]
    assert (health.is_open, healthy.failures, healthy.wait_ms) == (True, 0, 0)
    assert BREAK_AFTER == 5


def test_a_wait_that_the_app_asks_for_is_never_shortened() -> None:
    """And the entry itself remembers it, for a restart."""
    change, health = after(entry(), RetryAt("muted", after_s=600), Health(), NOON_MS, 0.0)

    assert health.wait_ms == NOON_MS + 600_000
    assert [waiting.not_before_ms for waiting in change.replace] == [NOON_MS + 600_000]
    assert next_entry(change.replace, health_of(change.replace, NOON_MS), FAST, NOON_MS + 599_999) is None


def test_a_new_process_keeps_the_wait_for_all_messages_of_the_channel() -> None:
    """A robot that muted us does not hear the next alert at once because we were restarted."""
    waiting = [entry("a", not_before_ms=NOON_MS + 600_000), entry("b")]

    health = health_of(waiting, NOON_MS)
    assert next_entry(waiting, health, FAST, NOON_MS + 599_999) is None
    assert next_entry(waiting, health, FAST, NOON_MS + 600_000) is not None


def test_a_wait_that_no_app_asks_for_is_of_a_wrong_clock() -> None:
    """A process that was started while the clock was a day ahead leaves no channel silent for a day."""
    waiting = [entry("a", not_before_ms=NOON_MS + 86_400_000)]

    assert next_entry(waiting, health_of(waiting, NOON_MS), FAST, NOON_MS) is not None


def test_a_clock_that_is_put_back_makes_nobody_wait_longer() -> None:
    """Ten minutes of a wait are ten minutes, and the bucket is as full as it was."""
    rate, hour_ms = Rate(every_s=3.0, burst=2), 3_600_000
    _, sent = begun(entry("a"), Health(), rate, NOON_MS)
    asked_to_wait = after(entry("a"), RetryAt("429", after_s=600), sent, NOON_MS, 0.0)[1]

    before = [next_entry([entry("b")], asked_to_wait, rate, NOON_MS + wait_ms) for wait_ms in (599_999, 600_000)]
    health = put_back(asked_to_wait, hour_ms)
    later = [next_entry([entry("b")], health, rate, NOON_MS - hour_ms + wait_ms) for wait_ms in (599_999, 600_000)]

    assert [one is None for one in before] == [one is None for one in later] == [True, False]


def test_a_message_that_ends_the_process_each_time_goes_on_in_its_shortest_form() -> None:
    """An attempt that was open at a crash, for the sixth time."""
    fifth, _ = begun(entry(is_sending=True, attempts=4), Health(), FAST, NOON_MS)
    sixth, _ = begun(entry(is_sending=True, attempts=5), Health(), FAST, NOON_MS)

    assert (fifth.is_minimal, sixth.is_minimal) == (False, True)


def test_a_refused_message_is_sent_once_more_in_its_shortest_form() -> None:
    """If that is refused too, it is dropped; the operators hear of both."""
    first, _ = after(entry(), Refused("HTTP 400", scope="message"), Health(), NOON_MS, 0.0)
    second, _ = after(first.replace[0], Refused("HTTP 400", scope="message"), Health(), NOON_MS, 0.0)

    assert first.replace[0].is_minimal
    assert (second.remove, second.replace, second.delivered) == (["a"], [], [])


def test_only_a_lost_answer_makes_a_possible_repeat() -> None:
    """A clear no does not."""
    clear, _ = after(entry(), RetryAt("HTTP 429"), Health(), NOON_MS, 0.0)
    lost, _ = after(entry(), RetryAt("ReadTimeout", may_have_arrived=True), Health(), NOON_MS, 0.0)
    died, _ = begun(entry(is_sending=True), Health(), FAST, NOON_MS)

    assert (clear.replace[0].may_repeat, lost.replace[0].may_repeat, died.may_repeat) == (False, True, True)


def test_what_is_too_old_becomes_one_summary_and_summaries_do_too() -> None:
    """So an outage of a day is one message, with every topic in its newest form."""
    settings = alert_settings()
    hour_ms = 3_600_000
    old = [entry(name, created_ms=NOON_MS) for name in "abc"]
    young = entry("d", created_ms=NOON_MS + 2 * hour_ms)

    first = expired_into_one([*old, young], settings, NOON_MS + 2 * hour_ms)
    assert first is not None
    second = expired_into_one([*first.add, young], settings, NOON_MS + 4 * hour_ms)

    assert (sorted(first.remove), first.add[0].alert.total) == (["a", "b", "c"], 3)
    assert second is not None
    assert [item.topic[0] for item in second.add[0].alert.items] == ["a", "b", "c", "d"]
    assert second.add[0].alert.total == 4
    assert expired_into_one([old[0], young], settings, NOON_MS + hour_ms + 1) is None


def test_operators_are_told_on_their_other_channels_once_an_hour() -> None:
    """Not on the channel that is in trouble; the id is the same within the hour."""
    settings = alert_settings({"name": "duty"}, {"name": "ops"}, operators=["ops", "duty"])

    told = [notices(settings, "duty", "refused", NOON_MS + ms) for ms in (0, 3_599_999, 3_600_000)]

    assert [[one.alert.channel for one in batch] for batch in told] == [["ops"]] * 3
    assert len({batch[0].alert.id for batch in told}) == 2
