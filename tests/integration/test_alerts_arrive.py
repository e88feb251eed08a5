"""Every alert arrives, once; twice only where an answer was lost, and then it says so."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import msgspec
import pytest

from alerts.plan import Step
from alerts.store import AlertStore, Loaded, Outboxed
from contracts.alert import Raised
from contracts.errors import FailStopError
from contracts.topic import TopicLine
from streams.window_store import connect
from tests.alert_lines import alert_settings, line
from tests.alert_loop import FastClock, ListedLines, Process, setup_for
from tests.apps import MISDEEDS, SECRETS, AppServer, serving
from tests.services import PATIENCE_S, ValkeyServer

APPS = ["slack", "slack-bot", "feishu", "dingtalk", "wecom", "mattermost", "mattermost-bot", "webhook"]
REPEAT = "可能重复"
HANGING_S = 3.0  # until a server that says nothing is given up: far longer than one that does takes


def channels_of(*apps: str) -> list[dict[str, Any]]:
    return [
        {"name": app, "kind": app, "url": "https://example.org/x"}
        | ({"secret": SECRETS[app]} if app in SECRETS else {})
        | ({"room": "C0"} if app.endswith("-bot") else {})
        for app in apps
    ]


@pytest.fixture
def servers() -> Iterator[list[AppServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serving(app)) for app in APPS]


@pytest.fixture
def one() -> Iterator[AppServer]:
    with serving("webhook") as server:
        yield server


def topics(clock: FastClock, count: int) -> list[TopicLine]:
    return [line(clock(), topic=f"0000000000a{number}") for number in range(count)]


@pytest.mark.parametrize("deeds", [["500", "429"], ["200-with-error", "500"], ["hang"], ["drop"], []])
def test_every_app_shows_every_alert_once(redis_url: str, servers: list[AppServer], deeds: list[str]) -> None:
    """Whatever it answered before it took it."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 2))
    for server in servers:
        if server.app != "webhook" or "200-with-error" not in deeds:
            server.misbehave(*deeds)
    whole_s = HANGING_S if "hang" in deeds else PATIENCE_S
    setup = setup_for(servers, alert_settings(*channels_of(*APPS)), clock, whole_s=whole_s)
    process = Process(redis_url, lines, setup, clock)

    process.run_until(process.is_done)

    assert {server.app: len(server.taken) for server in servers} == dict.fromkeys(APPS, 2)


def test_an_answer_that_was_cut_brings_the_alert_again_and_it_says_so(redis_url: str) -> None:
    """The window of doubt: shown twice, the second time as a possible repeat."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 1))
    with serving("mattermost") as server:
        server.misbehave("take-and-cut")
        process = Process(
            redis_url, lines, setup_for([server], alert_settings(*channels_of("mattermost")), clock), clock
        )
        process.run_until(process.is_done)

    first, second = server.taken
    assert (REPEAT in first.text, REPEAT in second.text) == (False, True)


def test_a_webhook_gets_the_same_id_on_every_attempt(redis_url: str, one: AppServer) -> None:
    """So that it can know a repeat."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 1))
    one.misbehave("500", "hang")
    setup = setup_for([one], alert_settings(*channels_of("webhook")), clock, whole_s=HANGING_S)
    process = Process(redis_url, lines, setup, clock)

    process.run_until(process.is_done)

    assert [taken.headers["webhook-id"] for taken in one.taken] == ["0000000000a0/1/webhook"]


def test_one_channel_that_hangs_holds_up_no_other(redis_url: str, servers: list[AppServer]) -> None:
    """Each is served on its own: it goes on hanging until all others have been."""
    clock, lines = FastClock(speed=1), ListedLines()
    lines.put(*topics(clock, 1))
    are_served = threading.Event()
    servers[0].misdeeds.append(lambda handler, *_: are_served.wait(2 * PATIENCE_S) and MISDEEDS["drop"](handler, *_))
    process = Process(redis_url, lines, setup_for(servers, alert_settings(*channels_of(*APPS)), clock), clock)

    def have_others_been_served() -> bool:
        if all(server.taken for server in servers[1:]):
            are_served.set()
        return are_served.is_set()

    process.run_until(have_others_been_served)

    assert (servers[0].asked, servers[0].taken) == (1, [])


def test_a_channel_that_is_away_for_long_gets_a_summary(redis_url: str) -> None:
    """Not an alert for each topic of the time."""
    clock, lines = FastClock(speed=600), ListedLines()
    settings = alert_settings(*channels_of("mattermost"), expire_minutes=5)
    lines.put(*topics(clock, 4))
    with serving("mattermost") as server:
        server.misbehave("500", times=9)
        process = Process(redis_url, lines, setup_for([server], settings, clock), clock)
        process.run_until(process.is_done)

    [summary] = server.taken
    assert "4 个话题汇总" in summary.text


def test_a_robot_that_was_removed_is_told_to_the_operators(redis_url: str, servers: list[AppServer]) -> None:
    """On their channel, once; the alert itself waits until the robot is back."""
    clock, lines = FastClock(speed=300), ListedLines()
    settings = alert_settings(*channels_of("wecom", "mattermost"), operators=["mattermost"], expire_minutes=1440)
    lines.put(*topics(clock, 1))
    wecom, mattermost = (server for server in servers if server.app in ("wecom", "mattermost"))
    wecom.misbehave("refuse")
    process = Process(redis_url, lines, setup_for([wecom, mattermost], settings, clock), clock)

    process.run_until(process.is_done)

    notes = [taken.text for taken in mattermost.taken if "通道 wecom" in taken.text]
    assert len(notes) == 1
    assert "应用拒绝接收" in notes[0]
    assert len(wecom.taken) == 1


def test_what_the_guard_blocks_leaves_in_its_shortest_form(redis_url: str, one: AppServer) -> None:
    """A word that nobody released is nowhere in what leaves, and the operators hear of it."""
    clock, lines = FastClock(), ListedLines()
    lines.put(line(clock(), title="校园欺凌：苗禾禾", reason="苗禾禾"))
    process = Process(redis_url, lines, setup_for([one], alert_settings(*channels_of("webhook")), clock), clock)

    process.run_until(process.is_done)

    [taken] = one.taken
    assert "儿童教育：新词，见控制台" in taken.text
    assert "苗" not in json.dumps(taken.body, ensure_ascii=False)


class Died(BaseException):
    """The process ends here."""


class Dying(AlertStore):
    """A store whose process dies at the n-th of its steps, before or after the store has done it."""

    def __init__(self, client: Any, step: int, *, is_done_first: bool) -> None:
        super().__init__(client)
        self.left = step
        self._is_done_first = is_done_first
        self._lock = threading.Lock()

    def _step(self) -> bool:
        with self._lock:
            self.left -= 1
            return self.left == 0

    def commit(self, fence: int, expected: int | None, new_next: int, step: Step, now_ms: int) -> None:
        dies = self._step()
        if not dies or self._is_done_first:
            super().commit(fence, expected, new_next, step, now_ms)
        if dies:
            raise Died

    def change(self, fence: int, wanted: Outboxed, now_ms: int) -> bool:
        dies = self._step()
        is_changed = (not dies or self._is_done_first) and super().change(fence, wanted, now_ms)
        if dies:
            raise Died
        return is_changed

    def published(self, entries: Any) -> None:
        if self._step():
            raise Died
        super().published(entries)


@pytest.mark.parametrize("is_done_first", [False, True], ids=["before", "after"])
def test_a_process_that_dies_between_any_two_steps_loses_nothing(
    redis_url: str, one: AppServer, is_done_first: bool
) -> None:
    """For each step in turn: both alerts arrive; twice only where the outcome was not noted, and then it says so."""
    settings = alert_settings(*channels_of("webhook"))
    deaths = 0
    for step in range(1, 40):
        connect(redis_url).flushall()
        one.taken.clear()
        clock, lines = FastClock(), ListedLines()
        lines.put(*topics(clock, 2))
        setup = setup_for([one], settings, clock)
        dying = Process(redis_url, lines, setup, clock, Dying(connect(redis_url), step, is_done_first=is_done_first))
        try:
            dying.run_until(dying.is_done)
        except Died:
            deaths += 1
            again = Process(redis_url, lines, setup, clock)
            again.run_until(again.is_done)
        shown = Counter(taken.headers["webhook-id"] for taken in one.taken)
        assert set(shown) == {"0000000000a0/1/webhook", "0000000000a1/1/webhook"}, step
        repeats = [taken for taken in one.taken if shown[taken.headers["webhook-id"]] > 1]
        assert sum(REPEAT in taken.text for taken in repeats) == len(repeats) / 2, step
        assert sum(shown.values()) <= 3, step
        if dying.store.left > 0:  # type: ignore[attr-defined]  # of Dying: it came to its end alive
            break

    assert deaths >= 5


def test_a_store_that_restarts_makes_no_repeats(own_valkey: ValkeyServer, one: AppServer) -> None:
    """While it is away outcomes wait to be noted."""
    clock, lines = FastClock(speed=4), ListedLines()
    settings = alert_settings(*channels_of("webhook"), most_at_once=50)
    lines.put(*topics(clock, 10))
    process = Process(own_valkey.url, lines, setup_for([one], settings, clock), clock)
    restarts = threading.Timer(0.3, own_valkey.restart)
    restarts.start()

    process.run_until(lambda: len(one.taken) >= 10 and not restarts.is_alive() and process.is_done())

    shown = Counter(taken.headers["webhook-id"] for taken in one.taken)
    assert (len(shown), set(shown.values())) == (10, {1})


def test_an_emptied_store_tells_nothing_anew(redis_url: str, one: AppServer) -> None:
    """What was delivered stands in alerts.raised; topics heard of since are told."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 2))
    setup = setup_for([one], alert_settings(*channels_of("webhook")), clock)
    before = Process(redis_url, lines, setup, clock)
    before.run_until(lambda: before.is_done() and len(before.raised) == 2)

    connect(redis_url).flushall()
    lines.put(line(clock(), topic="0000000000b0"), line(clock(), topic="0000000000a0", flags=["exposure"]))
    after = Process(redis_url, lines, setup, clock)
    after.past = before.raised
    after.run_until(after.is_done)

    assert [taken.headers["webhook-id"] for taken in one.taken][2:] == [
        "0000000000a0/2/webhook",
        "0000000000b0/1/webhook",
    ]


def test_a_thread_goes_on_after_the_store_was_emptied(redis_url: str) -> None:
    """Where it begins stands in alerts.raised too."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 1))
    with serving("slack-bot") as server:
        setup = setup_for([server], alert_settings(*channels_of("slack-bot"), gather_s=0), clock)
        before = Process(redis_url, lines, setup, clock)
        before.run_until(lambda: before.is_done() and len(before.raised) == 1)
        for is_emptied in (False, True):
            if is_emptied:
                connect(redis_url).flushall()
            lines.put(line(clock(), topic="0000000000a0", authors=100 ** (2 + is_emptied)))
            after = Process(redis_url, lines, setup, clock)
            after.past = list(before.raised)
            after.run_until(after.is_done)
            before.raised += after.raised

    [root] = [taken for taken in server.taken if "thread_ts" not in taken.body]
    assert root is server.taken[0]
    assert [taken.body["thread_ts"] for taken in server.taken[1:]] == ["1700000000.000001"] * 2


def test_a_process_that_lost_its_lease_sends_nothing_more(redis_url: str, one: AppServer) -> None:
    """Another one has taken over; what it would write is refused."""
    store = AlertStore(connect(redis_url))
    connect(redis_url).set(store.key("fence"), 2)

    with pytest.raises(FailStopError):
        store.change(1, Outboxed(), 0)
    with pytest.raises(FailStopError):
        store.commit(1, None, 1, Step(), 0)
    assert store.load() == Loaded(None, {}, {}, {})
    assert one.taken == []


def test_a_step_is_written_once_and_whole(redis_url: str) -> None:
    """From another place it is refused; written again it changes nothing."""
    client = connect(redis_url)
    store = AlertStore(client)
    client.set(store.key("fence"), 1)

    store.commit(1, None, 5, Step(digests={"duty": 7}, sources={"hot": 3, "feed": 4}), 0)
    store.commit(1, None, 5, Step(digests={"duty": 8}), 0)
    with pytest.raises(FailStopError):
        store.commit(1, 4, 6, Step(digests={"duty": 9}), 0)

    assert store.load() == Loaded(5, {}, {"duty": 7}, {}, {"hot": 3, "feed": 4})
    store.commit(1, 5, 6, Step(sources={"feed": 4}), 0)
    store.commit(1, 6, 7, Step(), 0)
    assert store.load().sources == {"feed": 4}


def test_records_of_alerts_raised_tell_what_was_told(redis_url: str, one: AppServer) -> None:
    """Enough to go on from."""
    clock, lines = FastClock(), ListedLines()
    lines.put(*topics(clock, 1))
    process = Process(redis_url, lines, setup_for([one], alert_settings(*channels_of("webhook")), clock), clock)
    process.run_until(lambda: process.is_done() and bool(process.raised))

    record = msgspec.json.decode(process.raised[0], type=Raised)

    assert (record.id, record.channel, record.kind) == ("0000000000a0/1/webhook", "webhook", "topic")
    assert record.told["0000000000a0"].number == 1
