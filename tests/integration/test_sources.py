"""Sources from the command line: folders, patterns, files that grow, [[source]] entries; real sockets and Kafka."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from producers.webhook import SIGNATURE, TIMESTAMP, sign
from streams.windows import WindowRules
from tests.deployment import PARTITIONS, Deployment
from tests.services import PATIENCE_S, poll_until
from tests.site import Reply, Site
from tools.ports import find_free_port

SECRET = "sixteen characters and more"
SALT = {"TONGSHENG_PRIVACY__SALT": "a salt of the tests only"}


def status(number: int, at: str = "Mon Mar 02 10:00:00 +0800 2026", text: str = "孩子今天打疫苗") -> dict[str, Any]:
    return {"created_at": at, "mid": str(number), "text": text, "user": {"id": number}}


def tongsheng(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tongsheng", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@contextmanager
def running(folder: Path, *arguments: str, environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that goes on until it is stopped; what it writes is in folder/log."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tongsheng", *arguments], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def logged(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8") if (folder / "log").exists() else ""


def own(**more: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("TONGSHENG_")}, **SALT, **more}


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.jsonl").write_text(json.dumps(status(1)) + "\n", encoding="utf-8")
    (folder / "deep" / "b.json.gz").write_bytes(
        gzip.compress(json.dumps({"statuses": [status(2), status(3)]}).encode())
    )
    (folder / "notes.txt").write_text("nothing\n", encoding="utf-8")
    (folder / "users.csv").write_text("用户id,昵称,性别\n1,甲,女\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("named", ["crawl", "crawl/**/*"])
def test_a_folder_stands_for_its_files(crawl: Path, named: str) -> None:
    """What is in no known format, or holds users, is said and left out."""
    answer = tongsheng(crawl, "backtest", named, "--out", "topics.jsonl")

    assert answer.returncode == 0, answer.stderr
    assert "posts=3" in answer.stderr or "3 posts" in answer.stderr + answer.stdout
    assert "left out: crawl/notes.txt: none of the first" in answer.stderr
    assert "users.csv holds users" in answer.stderr


def test_a_crawl_is_sorted_on_request(tmp_path: Path) -> None:
    """Newest first, nearly all of it would come too late for any window."""
    lines = [json.dumps(status(n, f"Mon Mar 02 {23 - n:02d}:00:00 +0800 2026")) for n in range(20)]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")

    plain = tongsheng(tmp_path, "backtest", "posts.jsonl")
    in_order = tongsheng(tmp_path, "backtest", "posts.jsonl", "--sort")

    assert "late" in plain.stderr + plain.stdout
    assert "19 " in plain.stderr + plain.stdout
    assert "late=0" in in_order.stderr or "late" not in in_order.stdout


SETTINGS = """
[[source]]
name = "hot"
kind = "weibo-hot-list"
addresses = ["{hot}"]
allow_private = true
every_s = 15
requests_per_hour = 3600

[[source]]
name = "partner"
kind = "webhook"
listen = "127.0.0.1:{port}"
secret = "{secret}"

[[source]]
name = "drop"
kind = "folder"
folder = "inbox"
settle_s = 0
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        words = ["幼儿园老师虐待孩子", "新手机发布", "球赛结果"]
        entries = [{"word": word, "num": 10_000, "realpos": place} for place, word in enumerate(words, start=1)]
        made.replies["/hot"] = [Reply(json.dumps({"data": {"realtime": entries}}).encode())]
        yield made


@pytest.fixture
def port() -> int:
    return find_free_port()


@pytest.fixture
def configured(tmp_path: Path, site: Site, port: int) -> Path:
    (tmp_path / "inbox").mkdir()
    settings = SETTINGS.format(hot=site.address("/hot"), port=port, secret=SECRET)
    (tmp_path / "tongsheng.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def test_a_source_is_tried_before_it_is_used(configured: Path) -> None:
    """Its first posts as they would be sent; the list of sources; a name that there is not."""
    shown = tongsheng(configured, "source", "test", "hot", **SALT)
    listed = tongsheng(configured, "source", "list")
    wrong = tongsheng(configured, "source", "test", "hat", **SALT)

    assert shown.returncode == 0, shown.stderr
    assert [json.loads(line)["kind"] for line in shown.stdout.splitlines()] == ["ranking"] * 3
    assert "weibo_hot_search:幼儿园老师虐待孩子" in shown.stdout
    assert "nothing was sent" in shown.stderr
    assert listed.stdout.split() == ["hot", "weibo-hot-list", "partner", "webhook", "drop", "folder"]
    assert (wrong.returncode, "did you mean hot?" in wrong.stderr) == (2, True)


def test_a_source_that_gives_nothing_says_why(configured: Path, site: Site) -> None:
    """In the platform's words, within the time that it is given."""
    site.replies["/hot"] = [Reply(status=432)]

    answer = tongsheng(configured, "source", "test", "hot", "--wait", "3", **SALT)

    assert answer.returncode == 1
    assert "432: it refuses without a cookie" in answer.stderr


def test_a_new_entry_of_a_live_list_raises_a_topic(configured: Path) -> None:
    """`run` of a [[source]] on one machine: no Kafka, and a list topic within the snapshot it stands in."""
    topics = configured / "topics.jsonl"

    with running(configured, "run", "hot", "--out", "topics.jsonl", environment=own()) as process:
        poll_until(  # the next mark is a minute away, and another poll brings it
            lambda: "topic.raised" in logged(configured), what="a topic is raised"
        )
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_S)

    assert code == 130
    (line,) = [json.loads(line) for line in topics.read_text(encoding="utf-8").splitlines()]
    assert line["state"] == "emerging"
    assert line["evidence"] == ["weibo_hot_search:幼儿园老师虐待孩子"]


def test_a_growing_file_is_counted_as_it_grows(tmp_path: Path) -> None:
    """`run --follow`: a rejected line is on disk while the run goes on."""
    path = tmp_path / "grows.jsonl"
    path.write_text(json.dumps(status(1)) + "\n", encoding="utf-8")

    with running(tmp_path, "run", "grows.jsonl", "--follow", environment=own(TONGSHENG_LOG__FORMAT="json")) as process:
        with path.open("a", encoding="utf-8") as file:
            file.write("rubbish\n")
        poll_until((tmp_path / "rejected.jsonl").exists, what="the rubbish is rejected")
        process.terminate()  # and with it goes its Valkey, which a kill would leave behind
        assert process.wait(PATIENCE_S) == 130


def tallies_of(deployment: Deployment) -> list[dict[str, int]]:
    """Of every partition that has any."""
    states = [deployment.store.load(partition, WindowRules()) for partition in range(PARTITIONS)]
    return [state.tallies for state in states if state is not None]


def send(port: int, *numbers: int) -> int:
    """Status of one signed batch; 0 where nobody listens, or the answer is lost."""
    body = "\n".join(
        json.dumps({
            "id": f"weibo:{n}", "platform": "weibo", "at_ms": 1_772_416_800_000, "author": {"key": str(n)},
            "text": "孩子今天打疫苗",
        }) for n in numbers
    ).encode()  # fmt: skip
    now = str(int(time.time()))
    headers = {TIMESTAMP: now, SIGNATURE: sign(SECRET.encode(), now, body)}
    try:
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
            return client.post(f"http://127.0.0.1:{port}/posts", content=body, headers=headers).status_code
    except httpx.TransportError:
        return 0


def test_what_is_sent_again_counts_once(configured: Path, deployment: Deployment, port: int) -> None:
    """Killed without warning between batches; the sender repeats more than it need: every id counts once."""
    deployment.start("worker")
    for batch in ((1, 2, 3), (3, 4, 5), (5, 6, 7, 1)):
        with running(configured, "produce", "partner", environment=deployment.environment):
            for _ in range(2):  # the whole batch once more, and again where Kafka did not take it in time
                poll_until(lambda numbers=batch: send(port, *numbers) == 202, what=f"{batch} taken")  # type: ignore[misc]  # bound at once
    deployment.wait_until_folded()

    tallies, kept = tallies_of(deployment), deployment.posts_kept()
    assert kept >= 2 * (3 + 3 + 4)
    assert sum(tally["posts"] for tally in tallies) == 7
    assert sum(tally["repeats"] for tally in tallies) == kept - 7
    assert set(deployment.verdicts().values()) == {"OK"}


def test_a_drop_folder_killed_in_the_middle_goes_on_without_loss(configured: Path, deployment: Deployment) -> None:
    """Its place is in Redis; every post of the file is counted once in the end."""
    lines = [json.dumps(status(n, text=f"孩子{n}")) for n in range(1, 4001)]
    (configured / "inbox" / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    deployment.start("worker")

    for _ in range(2):
        with running(configured, "produce", "drop", environment=deployment.environment):
            time.sleep(2.5)  # somewhere between the start and the end of the file
    with running(configured, "produce", "drop", environment=deployment.environment):
        poll_until((configured / "inbox" / "done" / "posts.jsonl").exists, what="the file is done")
    deployment.wait_until_folded()

    tallies = tallies_of(deployment)
    assert sum(tally["posts"] for tally in tallies) == 4000
    assert set(deployment.verdicts().values()) == {"OK"}


def test_doctor_says_what_a_source_lacks(tmp_path: Path) -> None:
    """A secret that cannot be read, a folder that is not there: named before anything is sent."""
    hook = '[[source]]\nname = "partner"\nkind = "webhook"\nsecret_file = "nowhere"\n'
    drop = '[[source]]\nname = "drop"\nkind = "folder"\nfolder = "nowhere"\n'
    for settings, said in ((hook, "partner.secret_file: nowhere cannot be read"), (drop, "there is no folder nowhere")):
        (tmp_path / "tongsheng.toml").write_text(settings, encoding="utf-8")

        shown = tongsheng(tmp_path, "doctor").stdout

        assert "✗ sources" in shown
        assert said in shown
