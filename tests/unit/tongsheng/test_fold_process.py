"""A backtest in two processes gives what one process gives, and each way of ending is told in a line."""

import contextlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import DefectError, PipelineError, ProcessEndedError
from contracts.post import encode_post
from contracts.settings import Settings
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.simulation import simulate_day
from tests.services import PATIENCE_S, poll_until
from tongsheng import runs, wiring
from tongsheng.display import Numbers
from tongsheng.fold_process import fold_process
from tongsheng.runs import Run, run_locally
from tongsheng.sources import posts_of_files


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated day with rubbish in it, under a name that is no UTF-8."""
    path = tmp_path_factory.mktemp("archive") / os.fsdecode(b"day\xff.jsonl")
    lines = [encode_post(post) for post in simulate_day(posts_per_day=6000)]
    lines[1000:1000] = [b"rubbish", b"\xff\xff", lines[0]]
    path.write_bytes(b"\n".join([*lines, b"rubbish"]))
    return path


def backtest(archive: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run it into the folder; gives the summary, without its speed and the folder's name."""
    folder.mkdir()
    run = Run(
        posts=posts_of_files([archive], AuthorKeys(ARCHIVE_SALT)),
        files=[archive],
        out=folder / "topics.jsonl",
        rejected=folder / "rejected.jsonl",
        redis_url=None,
        title="",
    )
    run_locally(run, Settings()).summary()
    return re.sub(r"\([0-9,]+/s\)", "", capsys.readouterr().err).partition(": see ")[0]


def never(*_: object, **__: object) -> None:
    pytest.fail("this process was to leave the folding to the other")


def test_two_processes_write_the_bytes_of_one(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Topic lines, rejected pieces and the summary are the same, whichever way the machine allows."""
    monkeypatch.setattr(runs, "WORTH_BYTES", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    of_one = backtest(archive, tmp_path / "one", capsys)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(wiring, "local_fold", never)
    of_two = backtest(archive, tmp_path / "two", capsys)

    assert (tmp_path / "one" / "topics.jsonl").read_bytes().count(b"\n") > 20
    assert (tmp_path / "one" / "rejected.jsonl").read_bytes().count(b"\n") == 3
    for name in ("topics.jsonl", "rejected.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert "3 rejected (not_json 2, not_utf8 1)" in of_one
    assert of_one == of_two


@pytest.mark.parametrize("why", ["small", "one core", "embedded", "stream"])
def test_one_process_does_where_a_second_would_not_help(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, why: str
) -> None:
    """A small file, a single core, `run`, and a stream, which only the process that opened it can read."""
    fifo = tmp_path / "posts"
    os.mkfifo(fifo)
    monkeypatch.setattr(runs, "WORTH_BYTES", 1 << 40 if why == "small" else 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0} if why == "one core" else {0, 1})
    redis_url = request.getfixturevalue("redis_url") if why == "embedded" else None
    run = Run(
        posts=lambda _, __: [],
        files=[fifo if why == "stream" else archive],
        out=None,
        rejected=None,
        redis_url=redis_url,
        title="",
    )
    monkeypatch.setattr(runs, "fold_process", never)

    run_locally(run, Settings())


def test_a_killed_process_is_told_in_a_line(tmp_path: Path) -> None:
    """Which signal it was, and what to do; never half an answer that looks whole. It is waiting for posts."""
    fifo = tmp_path / "posts"
    os.mkfifo(fifo)
    with fold_process([fifo], Settings(), partitions=1) as other:
        [process] = multiprocessing.active_children()
        process.kill()
        batches = other.batches(Numbers(), lambda _: None)

        with pytest.raises(ProcessEndedError, match=r"ended by signal 9 \(SIGKILL\).*run this again"):
            list(batches)


def test_what_the_other_process_cannot_do_is_said_here(archive: Path) -> None:
    """A wrong setting that only the fold reads is answered as if this process had read it."""
    settings = Settings.model_validate({"segment": {"user_dictionary": "nowhere.txt"}})

    with fold_process([archive], settings, partitions=1) as other, pytest.raises(PipelineError, match=r"nowhere\.txt"):
        list(other.batches(Numbers(), lambda _: None))


def test_a_defect_of_the_other_process_is_told_by_its_place(archive: Path) -> None:
    """Its kind and where it is; no traceback, and no value that one would print."""
    with fold_process([archive], Settings(), partitions=0) as other, pytest.raises(DefectError) as raised:
        list(other.batches(Numbers(), lambda _: None))

    assert str(raised.value).startswith("unexpected error, please report it: IndexError at frame.py:")


def test_the_process_ends_with_the_block(archive: Path) -> None:
    """Also where nobody has listened to the end."""
    with fold_process([archive], Settings(), partitions=1) as other:
        next(other.batches(Numbers(), lambda _: None))

    assert multiprocessing.active_children() == []


@pytest.fixture
def running(archive: Path, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A backtest of a large archive in a process group of its own, as a shell starts it, past its start.

    It is far from its end whenever a test gets to it.
    """
    large = tmp_path / "large.jsonl"
    large.write_bytes(b"\n".join([archive.read_bytes()] * (1 + 4 * runs.WORTH_BYTES // archive.stat().st_size)))
    command = [sys.executable, "-m", "tongsheng", "backtest", str(large), "--out", "topics.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as process:
        poll_until((tmp_path / "topics.jsonl").exists, what="the run has begun")
        yield process
        process.kill()
    large.unlink()


def group(leader: int) -> list[str]:
    """Names of the processes in a group that have not ended."""
    found: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just gone
            name, _, rest = stat.read_text().rpartition(") ")
            state, _, pgrp = rest.split(" ")[:3]
            if int(pgrp) == leader and state != "Z":
                found.append(name)
    return found


def test_ctrl_c_stops_both_with_a_word(running: "subprocess.Popen[bytes]") -> None:
    """The terminal sends it to the whole group: one word, no traceback of either, nobody left."""
    assert len(group(running.pid)) >= min(2, len(os.sched_getaffinity(0)))
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=PATIENCE_S)

    assert running.returncode == 130
    assert said.decode().splitlines()[-1] == "stopped"
    assert b"Traceback" not in said
    poll_until(lambda: group(running.pid) == [], what="nobody is left")


def test_nobody_goes_on_where_the_run_is_killed(running: "subprocess.Popen[bytes]") -> None:
    """The other process notices by itself that nobody listens any more."""
    assert len(group(running.pid)) >= min(2, len(os.sched_getaffinity(0)))
    running.kill()
    running.communicate(timeout=PATIENCE_S)

    poll_until(lambda: group(running.pid) == [], what="nobody is left")
