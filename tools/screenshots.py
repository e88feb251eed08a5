"""Pictures of the feed for the README: `python -m tools.screenshots [FOLDER]`, docs/images unless given.

The topics are those of the simulated day; nobody's words are in them. Needs Chromium (Debian: chromium, and a font
such as fonts-noto-cjk).
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from contracts.settings import read_settings
from feeds.memory_store import MemoryFeedStore
from feeds.ranking import Filter
from feeds.reader import BoardWriter, decode_line
from feeds.triage import Act
from tests.feed_site import serving, site
from tongsheng import wiring
from tools.ports import find_free_port

ROOT = Path(__file__).resolve().parent.parent
DESK = {"width": 1100, "height": 640}
LONG = {"width": 1100, "height": 1500}  # down to the terms that raised the topic
PHONE = {"width": 390, "height": 760}
UNTIL = "T20:25"  # of the day: a child has just been told of as missing


def simulated(store: MemoryFeedStore) -> None:
    """The simulated day up to its afternoon."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "topics.jsonl"
        subprocess.run([sys.executable, "-m", "tongsheng", "demo", "--out", str(out)], cwd=ROOT, check=True)
        lines = [decode_line(line) for line in out.read_bytes().splitlines()]
    lines = [line for line in lines if line.at[10:] < UNTIL]
    assert BoardWriter(store, 7, wiring.recheck(read_settings({}, {}))).write(lines, len(lines))


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images", help="where they are written")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    store = MemoryFeedStore()
    simulated(store)
    port = find_free_port()
    made = site(store, port=port)
    path = shutil.which("chromium")
    if path is None:
        sys.exit("no Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk)")
    with serving(made, port) as address, sync_playwright() as playwright:
        topics = [entry.line.topic for entry in made.board.select(Filter(), "local")]
        made.desk.act(topics[1], Act(name="confirm"), "lin")
        made.desk.act(topics[1], Act(name="assign", to="lin"), "lin")
        browser = playwright.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"])
        shots: list[tuple[str, str, dict[str, Any]]] = [
            ("wire", "/", {"locale": "en-GB", "viewport": DESK}),
            ("wire-phone", "/", {"locale": "zh-CN", "viewport": PHONE, "color_scheme": "dark"}),
            ("topic", f"/topics/{topics[1]}", {"locale": "zh-CN", "viewport": LONG}),
        ]
        for name, place, options in shots:
            page = browser.new_context(**options).new_page()
            page.goto(address + place)
            page.wait_for_timeout(800)
            page.screenshot(path=str(folder / f"feed-{name}.png"))
            page.goto("about:blank")
        browser.close()


if __name__ == "__main__":
    main()
