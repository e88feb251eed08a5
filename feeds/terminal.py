"""The wire in a terminal: the same topics, the same keys."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from contracts.topic import Grounds, Listed
from feeds.client import FeedAwayError, FeedClient
from feeds.grounds import listed_of, rows_of
from feeds.texts import Catalogue, category_name, platform_name, reasons_offered
from feeds.triage import MUTE_MINUTES

__all__ = ["Wire"]

_EVERY_S = 1.0
_GROUNDS = 6  # terms that raised a topic
_STYLES = {
    "asked": "bold white on blue",
    "minor-at-risk": "bold white on red",
    "exposure": "bold black on yellow",
    "vanishing": "bold white on magenta",
    "campaign": "bold black on cyan",
}


# key as Textual calls it, action ("" where the table does it), as it is shown, what it does
_KEYS = (
    ("j", "cursor(1)", "j", "keys.next"),
    ("k", "cursor(-1)", "k", "keys.previous"),
    ("enter", "", "Enter", "keys.open"),
    ("c", "confirm", "c", "keys.confirm"),
    ("d", "put_aside('dismiss')", "d", "keys.dismiss"),
    ("m", "put_aside('mute')", "m", "keys.mute"),
    ("slash", "search", "/", "keys.search"),
    ("question_mark", "keys", "?", "keys.title"),
    ("q", "quit", "q", "keys.quit"),
)


class Choose(ModalScreen[str]):
    """Asks for one of a few."""

    CSS = "Choose { align: center middle; } Choose OptionList { width: 36; height: auto; border: round $accent; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", show=False)]

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        super().__init__()
        self._choices = choices

    def compose(self) -> ComposeResult:
        """A list."""
        yield OptionList(*(Option(shown, id=value) for value, shown in self._choices))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """One was chosen."""
        self.dismiss(event.option.id or "")


class Detail(ModalScreen[None]):
    """One topic."""

    CSS = "Detail { align: center middle; } Detail Static { width: 80%; height: auto; border: round $accent; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", show=False)]

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Its text."""
        yield Static(self._text)


class Wire(App[None]):
    """Asks the feed every second; the row under the cursor stays under it."""

    CSS = "DataTable { height: 1fr; } Input { display: none; } Input.shown { display: block; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, client: FeedClient, t: Catalogue) -> None:
        super().__init__()
        self._feed = client
        self._t = t
        self._query = ""
        self.topics: dict[str, dict[str, Any]] = {}
        for key, action, _, text in _KEYS:
            if action:
                self.bind(key, action, description=t(text), show=key not in "jk")

    def compose(self) -> ComposeResult:
        """A table, a search field, a line for what went wrong."""
        yield DataTable(cursor_type="row", zebra_stripes=False)
        yield Input(placeholder=self._t("filter.q.hint"))
        yield Static(id="said")
        yield Footer()

    def on_mount(self) -> None:
        """Begin to ask."""
        t = self._t
        self.title = t("wire.title")
        table = self._table()
        names = (t("filter.state"), t("topic.title"), t("row.people"))
        table.add_columns(*names, t("topic.expected"), t("topic.platforms"), t("topic.triage"))
        table.focus()
        self.set_interval(_EVERY_S, self.refresh_topics)
        self.refresh_topics()

    @work(exclusive=True, group="refresh")  # in the group of acts it would break off one that is on its way
    async def refresh_topics(self) -> None:
        """Ask once, and show."""
        try:
            told = await self._feed.topics(self._query)
        except FeedAwayError as error:
            self._say(str(error))
            return
        self._say(f"{self._t('wire.count', told['total'])} · {self._t('wire.live')}")
        self.show({topic["topic"]: topic for topic in told["topics"]})

    def show(self, topics: dict[str, dict[str, Any]]) -> None:
        """Change numbers in place; build the table anew only where topics came, went or changed their order."""
        table, under = self._table(), self._under()
        is_same = list(topics) == list(self.topics)
        self.topics = topics
        if is_same:
            for name, topic in topics.items():
                for column, cell in zip(table.columns, self._cells(topic), strict=True):
                    table.update_cell(name, column, cell)
            return
        table.clear()
        for name, topic in topics.items():
            table.add_row(*self._cells(topic), key=name)
        if under in topics:
            table.move_cursor(row=list(topics).index(under))

    def action_cursor(self, step: int) -> None:
        """Down or up."""
        table = self._table()
        table.move_cursor(row=table.cursor_row + step)

    def action_confirm(self) -> None:
        """Confirm the topic under the cursor."""
        self._act({"act": "confirm"})

    def action_put_aside(self, name: str) -> None:
        """Ask why or for how long, then do it."""
        t = self._t
        if name == "dismiss":
            self._ask(reasons_offered(t), lambda why: {"act": name, "reason": why})
        else:
            self._ask(
                [(str(minutes), t(f"minutes.{minutes}")) for minutes in MUTE_MINUTES],
                lambda minutes: {"act": name, "minutes": int(minutes)},
            )

    def action_keys(self) -> None:
        """List the keys."""
        text = Text(f"{self._t('keys.title')}\n\n", style="bold")
        for _, _, shown, what in _KEYS:
            text.append(f"{shown:<8}", "bold").append(f"{self._t(what)}\n", "not bold")
        self.push_screen(Detail(text))

    def action_search(self) -> None:
        """Show the search field."""
        field = self.query_one(Input)
        field.add_class("shown")
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for these words; nothing shows everything."""
        self._query = event.value
        self.query_one(Input).remove_class("shown")
        self._table().focus()
        self.refresh_topics()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter: one topic, without its samples."""
        topic = self.topics.get(str(event.row_key.value))
        if topic is not None:
            self.push_screen(Detail(self._detail(topic)))

    async def on_unmount(self) -> None:
        """Let go of the connection."""
        await self._feed.close()

    def _table(self) -> "DataTable[Text]":
        return self.screen_stack[0].query_one(DataTable)

    def _under(self) -> str:
        names = list(self.topics)
        row = self._table().cursor_row
        return names[row] if 0 <= row < len(names) else ""

    def _say(self, text: str) -> None:
        self.screen_stack[0].query_one("#said", Static).update(Text(text))

    def _ask(self, choices: list[tuple[str, str]], body: Callable[[str], dict[str, Any]]) -> None:
        topic = self._under()
        if topic not in self.topics:
            return
        seen = {"revision": self.topics[topic]["triage"]["revision"]}

        def chosen(value: str | None) -> None:
            if value:
                self._act(body(value) | seen, topic)

        self.push_screen(Choose(choices), chosen)

    def _act(self, body: dict[str, Any], topic: str = "") -> None:
        name = topic or self._under()
        if name in self.topics:
            self.run_worker(self._done(name, body))

    async def _done(self, name: str, body: dict[str, Any]) -> None:
        seen = {"revision": self.topics[name]["triage"]["revision"]}
        try:
            await self._feed.act(name, seen | body)
        except FeedAwayError as error:
            self.notify(str(error), markup=False)
            return
        self.refresh_topics()

    def _cells(self, topic: dict[str, Any]) -> list[Text]:
        t = self._t
        title = Text()
        for flag in topic["flags"]:
            title.append(f" {t(f'flag.{flag}')} ", _STYLES[flag]).append(" ")
        title.append(topic["title"])
        platforms = " ".join(f"{platform_name(name, t.language)} {n}" for name, n in topic["platforms"].items())
        status = topic["triage"]["status"]
        return [
            Text(t(f"state.{topic['state']}")),
            title,
            Text(f"{topic['authors']:,}", justify="right"),
            Text(f"{topic['expected']:.1f}", justify="right"),
            Text(platforms),
            Text("" if status == "open" else t(f"triage.{status}")),
        ]

    def _after(self, topic: dict[str, Any]) -> list[str]:
        """What comes after the alert, a line each; who asks us first."""
        t, lines = self._t, []
        if asked := topic.get("asked"):
            lines.append(t("row.asked", asked["authors"]))
        uptakes = topic.get("uptake", ())
        lines += [f"{found['message']} · {t('topic.uptake.voices', *found['voices'])}" for found in uptakes]
        if campaign := topic.get("campaign"):
            since = f"{datetime.fromisoformat(campaign['since']):%m-%d %H:%M}"
            counts = (campaign["callers"], campaign["before"], campaign["total"])
            lines.append(t("topic.campaign.told", t(f"action.{campaign['action']}"), *counts, since))
        for gone in topic.get("vanishing", ()):
            if gone["cause"] == "deleted":
                since = f"{datetime.fromisoformat(gone['since']):%m-%d %H:%M}"
                lines.append(t("topic.vanished.deleted", since, gone["of"], gone["count"], gone["expected"] or 0.0))
        if (audience := topic.get("audience")) and audience["people"] is not None:
            lines.append(t("row.reach", f"{audience['authors']:,}", f"{audience['people']:,}"))
        if topic.get("top_share") is not None:
            lines.append(t("row.top", f"{topic['top_share']:.0%}"))
        return lines

    def _grounds(self, topic: dict[str, Any]) -> list[str]:
        """What raised it: its first terms with their numbers."""
        if topic.get("grounds") is None:
            return []
        t, grounds = self._t, msgspec.convert(topic["grounds"], Grounds)
        told = [
            f"  {row.term}  {row.score} · "
            f"{t('topic.grounds.count', row.people, row.minutes)} · {t('row.usual', row.usual)}"
            for row in rows_of(grounds, t)[:_GROUNDS]
        ]
        return [t("topic.grounds", f"{datetime.fromisoformat(grounds.at):%m-%d %H:%M}"), *told]

    def _listed(self, topic: dict[str, Any]) -> list[str]:
        """Its entries of hot lists, and what ties them."""
        t, listed = self._t, msgspec.convert(topic.get("listed", []), list[Listed])
        told = [
            f"  {row.title}  {row.judge} · "
            + (" ".join(f"{odds} ({parts})" for odds, parts in zip(row.odds, row.parts, strict=True)) or row.name)
            for row in listed_of(listed, t)[:_GROUNDS]
        ]
        return [t("topic.listed"), *told] if told else []

    def _detail(self, topic: dict[str, Any]) -> Text:
        t = self._t
        since = datetime.fromisoformat(topic["since"])
        about = " · ".join(category_name(category, t.language) for category in topic["categories"])
        lines = (
            *self._after(topic),
            about,
            topic.get("reasons", {}).get(t.language, topic["reason"]),  # a server of an earlier version has one
            "、".join(topic["keywords"]),
            *self._grounds(topic),
            *self._listed(topic),
            t("row.since", f"{since:%m-%d %H:%M}"),
        )
        return Text(topic["title"], style="bold").append("\n\n" + "\n".join(lines), style="not bold")
