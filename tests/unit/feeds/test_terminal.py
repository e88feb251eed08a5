"""The wire in a terminal, against a served feed."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import DataTable, OptionList, Static

from feeds.client import FeedClient
from feeds.memory_store import MemoryFeedStore
from feeds.terminal import Detail, Wire
from feeds.texts import Catalogue
from feeds.triage import Act
from tests.feed_lines import entry
from tests.feed_site import put, serving, site
from tests.services import PATIENCE_S
from tools.ports import find_free_port


async def until(pilot: "Pilot[None]", is_so: Callable[[], bool]) -> None:
    """Let the app work until it is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            await pilot.pause(0.05)


def test_the_terminal_shows_the_wire_and_has_its_keys(store: MemoryFeedStore) -> None:
    """The same order; j, c, d, ? and / do what they do on the page; the cursor stays on its topic when one comes in."""
    port = find_free_port()

    async def drive(address: str) -> list[str]:
        app = Wire(FeedClient(address, language="en"), Catalogue("en"))
        async with app.run_test(size=(120, 30)) as pilot:
            await until(pilot, lambda: len(app.topics) == 3)
            first = list(app.topics)
            await pilot.press("c")
            await until(pilot, lambda: app.topics[first[0]]["triage"]["status"] == "confirmed")
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, Detail))
            assert "dismiss" in str(app.screen.query_one(Static).render())
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
            await pilot.press("j")
            await until(pilot, lambda: app.query_one(DataTable).cursor_row == 1)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.focused, OptionList) and app.focused.highlighted == 0)
            await pilot.press("down", "enter")
            await until(pilot, lambda: first[1] not in app.topics)
            put(store, entry("aa0000000009", flags=["minor-at-risk"], score=99))
            await until(pilot, lambda: next(iter(app.topics)) == "aa0000000009")
            await pilot.press("slash", *"校车", "enter")
            await until(pilot, lambda: list(app.topics) == ["aa0000000002"])
        return first

    with serving(site(store, port=port), port) as address:
        first = asyncio.run(drive(address))

    assert first == ["aa0000000002", "aa0000000003", "aa0000000001"]
    assert {name: (found.status, found.reason) for name, found in store.triages().items()} == {
        "aa0000000002": ("confirmed", ""),
        "aa0000000003": ("dismissed", "duplicate"),
    }


def test_a_feed_that_is_away_is_said_and_waited_for(store: MemoryFeedStore) -> None:
    """No traceback: a line, and the topics when it is back."""
    port = find_free_port()

    async def drive() -> str:
        app = Wire(FeedClient(f"http://127.0.0.1:{port}"), Catalogue("zh"))
        async with app.run_test() as pilot:
            await until(pilot, lambda: "does not answer" in str(app.query_one("#said").render()))
            return str(app.query_one("#said").render())

    assert "ConnectError" in asyncio.run(drive())


class SlowToAct(FeedClient):
    """Acts reach the feed when the test lets them."""

    def __init__(self, address: str) -> None:
        super().__init__(address, language="en")
        self.is_let, self.asked = asyncio.Event(), 0

    async def topics(self, query: str) -> dict[str, Any]:
        self.asked += 1
        return await super().topics(query)

    async def act(self, topic: str, body: dict[str, Any]) -> dict[str, Any]:
        await self.is_let.wait()
        return await super().act(topic, body)


def test_an_act_on_its_way_outlives_a_refresh(store: MemoryFeedStore) -> None:
    """The list is asked for every few seconds, whatever else is under way."""
    port = find_free_port()

    async def drive(address: str) -> str:
        app = Wire(feed := SlowToAct(address), Catalogue("en"))
        async with app.run_test() as pilot:
            await until(pilot, lambda: len(app.topics) == 3)
            await pilot.press("c")
            before = feed.asked
            app.refresh_topics()
            await until(pilot, lambda: feed.asked > before)
            feed.is_let.set()
            name = next(iter(app.topics))
            await until(pilot, lambda: app.topics[name]["triage"]["status"] == "confirmed")
            return name

    with serving(site(store, port=port), port) as address:
        name = asyncio.run(drive(address))

    assert store.triages()[name].status == "confirmed"


def test_who_is_asked_acts_on_what_was_seen(store: MemoryFeedStore) -> None:
    """Somebody else decides while the terminal asks for a reason: the slower is told, and overwrites nothing."""
    port = find_free_port()
    made = site(store, port=port)

    async def drive(address: str) -> str:
        app = Wire(FeedClient(address, language="en"), Catalogue("en"))
        async with app.run_test(size=(120, 30)) as pilot:
            await until(pilot, lambda: len(app.topics) == 3)
            name = next(iter(app.topics))
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.focused, OptionList))
            made.desk.act(name, Act(name="confirm"), "wu")
            await until(pilot, lambda: app.topics[name]["triage"]["status"] == "confirmed")
            await pilot.press("enter")
            await until(pilot, lambda: len(app._notifications) > 0)
            return name

    with serving(made, port) as address:
        name = asyncio.run(drive(address))

    assert (store.triages()[name].status, store.triages()[name].by) == ("confirmed", "wu")
