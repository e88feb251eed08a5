"""What a person types: one clear line for each mistake, never a traceback, never a secret."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.post import Author, Post, encode_post
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.delta import Delta, Evidence, quantum_of
from producers.simulation import simulate_day
from streams.detect_store import DetectStore
from streams.window_store import connect
from tests.services import PATIENCE_S, poll_until
from tongsheng.wiring import local_veil, make_detector

AT_MS = 1_772_380_800_000


def tongsheng(
    folder: Path, *arguments: str | bytes, environment: dict[str, str] | None = None, stdin: bytes = b""
) -> "subprocess.CompletedProcess[str]":
    answer = subprocess.run(
        [sys.executable, "-m", "tongsheng", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(environment or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        answer.args, answer.returncode, stdout=answer.stdout.decode(), stderr=answer.stderr.decode()
    )


def post(number: int) -> bytes:
    author = Author(key=f"a{number}")
    return encode_post(Post(id=f"weibo:{number}", platform="weibo", at_ms=AT_MS + number, author=author, text="孩子"))


def test_help_names_every_command() -> None:
    """A person who types --help sees where to start and what there is."""
    shown = tongsheng(Path.cwd(), "--help").stdout

    for command in (
        "demo",
        "backtest",
        "run",
        "produce",
        "worker",
        "detect",
        "alert",
        "explain",
        "classify",
        "doctor",
        "feed",
        "watch",
    ):
        assert f"  {command}" in shown


MISTAKES: dict[str, tuple[list[str], dict[str, str], str]] = {
    "no-settings-folder": (["--settings", "folder", "backtest", "posts.jsonl"], {}, "folder"),
    "folder-of-nothing-known": (["backtest", "folder"], {}, "no file in it is in a known format"),
    "rejected-is-a-folder": (["backtest", "posts.jsonl", "--rejected", "folder"], {}, "folder"),
    "rejected-in-no-folder": (["backtest", "posts.jsonl", "--rejected", "no/r.jsonl"], {}, "there is no folder no"),
    "earlier-rejected-cannot-be-moved": (["backtest", "posts.jsonl", "--rejected", "r.jsonl"], {}, "cannot be moved"),
    "earlier-rejected-is-input": (["backtest", "p.old", "--rejected", "p"], {}, "name another file"),
    "no-room-for-rejected": (["backtest", "bad.jsonl", "--rejected", "/dev/full"], {}, "--rejected: /dev/full cannot"),
    "no-room-for-topics": (["demo", "--posts", "6000", "--out", "/dev/full"], {}, "--out: /dev/full cannot"),
    "stdin-twice": (["backtest", "-", "-"], {}, "named twice"),
    "utf-16": (["backtest", "utf16.jsonl"], {}, "looks like UTF-16"),
    "no-file": (["backtest", "nowhere.jsonl"], {}, "nowhere.jsonl"),
    "unknown-format": (["backtest", "other.json"], {}, "none of the first"),
    "out-is-input": (["backtest", "posts.jsonl", "--out", "posts.jsonl"], {}, "name another file"),
    "rejected-is-input": (["backtest", "posts.jsonl", "--rejected", "posts.jsonl"], {}, "name another file"),
    "folder-for-out": (["backtest", "posts.jsonl", "--out", "."], {}, "--out"),
    "misspelt-setting": (["backtest", "posts.jsonl"], {"TONGSHENG_DETECT__KAPA": "1"}, "did you mean detect.kappa"),
    "one-underscore": (["backtest", "posts.jsonl"], {"TONGSHENG_LOG_LEVEL": "debug"}, "TONGSHENG_LOG__LEVEL"),
    "wrong-redis": (["worker"], {"TONGSHENG_REDIS__URL": "localhost:6379"}, "redis.url: it does not begin with"),
    "wrong-brokers": (["worker"], {"TONGSHENG_KAFKA__BROKERS": "foo"}, "kafka.brokers: broker 1 is not host:port"),
    "missing-settings": (["--settings", "none.toml", "backtest", "posts.jsonl"], {}, "there is no such file"),
    "broken-settings": (["--settings", "broken.toml", "backtest", "posts.jsonl"], {}, "no TOML"),
    "no-salt": (["produce", "posts.jsonl"], {}, "doctor --make-salt"),
    "nothing-to-produce": (["produce"], {}, "--simulated-day"),
    "too-few-posts": (["demo", "--posts", "-5"], {}, "1<=x"),
    "steering-file-name": (["backtest", "a\x1b[2Jb.json"], {}, "none of the first"),
    "explain-unknown-topic": (["explain", "00ff", "posts.jsonl"], {}, "00ff is not raised by these files"),
    "explain-no-file": (["explain", "00ff", "nowhere.jsonl"], {}, "nowhere.jsonl"),
    "unknown-language": (["backtest", "posts.jsonl"], {"TONGSHENG_DETECT__LANGUAGE": "fr"}, "detect.language"),
    "unknown-command": (["bakctest"], {}, "backtest"),
    "endless-salt": (["produce", "posts.jsonl"], {"TONGSHENG_PRIVACY__SALT_FILE": "/dev/zero"}, "larger than 4,096"),
    "endless-dictionary": (
        ["backtest", "posts.jsonl"],
        {"TONGSHENG_SEGMENT__USER_DICTIONARY": "/dev/zero"},
        "larger than",
    ),
    "endless-lexicon": (["classify"], {"TONGSHENG_RELEVANCE__LEXICON": "/dev/zero"}, "larger than"),
    "endless-tokens": (["watch", "--token-file", "/dev/zero"], {}, "larger than"),
    "endless-settings": (["--settings", "/dev/zero", "backtest", "posts.jsonl"], {}, "larger than"),
    "missing-dictionary": (["backtest", "posts.jsonl"], {"TONGSHENG_SEGMENT__USER_DICTIONARY": "no.txt"}, "no.txt"),
}


@pytest.mark.parametrize(("arguments", "environment", "hint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_answered_in_a_line(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], hint: str
) -> None:
    """What, where, what to do; exit code 2; no traceback."""
    (tmp_path / "posts.jsonl").write_bytes(post(1) + b"\n")
    for folder in ("folder", "r.jsonl.old"):
        (tmp_path / folder).mkdir()
    for name in ("r.jsonl", "p.old"):
        (tmp_path / name).write_bytes(post(1) + b"\n")
    (tmp_path / "bad.jsonl").write_bytes(post(1) + b"\nrubbish\n")
    (tmp_path / "utf16.jsonl").write_text('{"title": "x"}\n', encoding="utf-16")
    (tmp_path / "other.json").write_text('{"title": "x"}\n')
    (tmp_path / "a\x1b[2Jb.json").write_text('{"title": "x"}\n')
    (tmp_path / "broken.toml").write_text("[kafka\n")

    answer = tongsheng(tmp_path, *arguments, environment=environment)

    assert answer.returncode == 2
    assert hint in answer.stderr
    assert "Traceback" not in answer.stderr + answer.stdout
    assert "\x1b" not in answer.stderr + answer.stdout


def test_a_backtest_keeps_what_it_could_not_use(tmp_path: Path) -> None:
    """Counted, and in rejected.jsonl with line, reason and bytes; readable by its owner only."""
    (tmp_path / "posts.jsonl").write_bytes(b"\n".join([post(1), b"rubbish", post(2), b"\xff\xff", post(3)]))

    answer = tongsheng(tmp_path, "backtest", "posts.jsonl", "--out", "topics.jsonl")

    assert answer.returncode == 0
    assert "3 posts" in answer.stderr
    assert "2 rejected (not_json 1, not_utf8 1): see rejected.jsonl" in answer.stderr
    kept = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text().splitlines()]
    assert [(piece["line"], piece["reason"], piece.get("raw") or piece["raw_base64"]) for piece in kept] == [
        (2, "not_json", "rubbish"),
        (4, "not_utf8", "//8="),
    ]
    assert (tmp_path / "rejected.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_prior_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Readable by its owner only; not of a small archive; one that cannot be written is told before any reading."""
    (tmp_path / "days.jsonl").write_bytes(b"\n".join(map(encode_post, simulate_day(days=2, posts_per_day=4000))))
    (tmp_path / "bad.jsonl").write_bytes(post(1) + b"\nrubbish\n")
    saved = tmp_path / "usual.prior"

    good = tongsheng(tmp_path, "backtest", "days.jsonl", "--save-prior", "usual.prior")
    before = saved.read_bytes()
    loaded = tongsheng(tmp_path, "backtest", "days.jsonl", environment={"TONGSHENG_DETECT__PRIOR": "usual.prior"})
    unwritable = tongsheng(tmp_path, "backtest", "bad.jsonl", "--save-prior", "no/usual.prior")
    is_unread = not (tmp_path / "rejected.jsonl").exists()
    small = tongsheng(tmp_path, "backtest", "bad.jsonl", "--save-prior", "usual.prior")

    assert [answer.returncode for answer in (good, loaded, unwritable, small)] == [0, 0, 2, 2]
    assert "--save-prior: no/usual.prior cannot be written" in unwritable.stderr
    assert is_unread
    assert "--save-prior: this archive tells too little of what is usual: it is 0.0 hours long" in small.stderr
    assert saved.read_bytes() == before
    assert saved.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "usual.prior.new").exists()


def test_an_earlier_rejected_file_is_moved_aside(tmp_path: Path) -> None:
    """One generation is kept; a run without rejected pieces leaves none of its own."""
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join([post(1), b"rubbish"]))
    (tmp_path / "good.jsonl").write_bytes(post(1))

    assert tongsheng(tmp_path, "backtest", "bad.jsonl").returncode == 0
    kept = (tmp_path / "rejected.jsonl").read_bytes()
    answer = tongsheng(tmp_path, "backtest", "good.jsonl")

    assert "0 rejected" in answer.stderr
    assert not (tmp_path / "rejected.jsonl").exists()
    assert (tmp_path / "rejected.jsonl.old").read_bytes() == kept


@pytest.mark.parametrize("command", ["backtest", "run"])
@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_posts_come_through_a_pipe(tmp_path: Path, command: str, name: str) -> None:
    """Standard input is read once, packed or not, and nothing of its beginning is lost."""
    lines = b"\n".join([b"rubbish", *[post(number) for number in range(500)]])

    answer = tongsheng(tmp_path, command, name, stdin=gzip.compress(lines))

    assert answer.returncode == 0
    assert "500 posts" in answer.stderr
    assert "1 rejected (not_json 1)" in answer.stderr


def test_a_file_name_that_is_no_utf8_is_spelled_out(tmp_path: Path) -> None:
    """Such a name together with a bad line must not end the run."""
    (tmp_path / os.fsdecode(b"p\xff.jsonl")).write_bytes(post(1) + b"\nrubbish\n")

    answer = tongsheng(tmp_path, "backtest", b"p\xff.jsonl")

    assert answer.returncode == 0
    assert json.loads((tmp_path / "rejected.jsonl").read_text())["source"] == "p\\xff.jsonl"


def test_a_damaged_and_an_empty_file_are_in_the_summary(tmp_path: Path) -> None:
    """Neither ends the run; each is said in a line, and the exit code tells of damage: a script must not miss it."""
    (tmp_path / "broken.gz").write_bytes(gzip.compress(post(1))[:5])
    (tmp_path / "empty.jsonl").touch()

    answer = tongsheng(tmp_path, "backtest", "broken.gz", "empty.jsonl")

    assert answer.returncode == 65
    assert "1 rejected (file_damaged 1): see rejected.jsonl" in answer.stderr
    assert "empty.jsonl: empty\n" in answer.stderr
    assert "broken.gz: empty" not in answer.stderr


def test_the_demo_leaves_the_rejected_pieces_of_a_run_alone(tmp_path: Path) -> None:
    """It has none of its own."""
    (tmp_path / "rejected.jsonl").write_text("kept\n")

    answer = tongsheng(tmp_path, "demo", "--posts", "200")

    assert answer.returncode == 0
    assert (tmp_path / "rejected.jsonl").read_text() == "kept\n"


def test_a_folder_named_like_the_settings_is_named(tmp_path: Path) -> None:
    """Found where ./tongsheng.toml is looked for."""
    (tmp_path / "tongsheng.toml").mkdir()

    answer = tongsheng(tmp_path, "worker")

    assert answer.returncode == 2
    assert answer.stderr == "tongsheng: tongsheng.toml: it cannot be read (Is a directory)\n"


def test_settings_that_cannot_be_reached_are_named(tmp_path: Path) -> None:
    """As in a container whose folder belongs to somebody else: one line, and no defect of ours."""
    (tmp_path / "tongsheng.toml").symlink_to("n" * 300)

    answer = tongsheng(tmp_path, "backtest", "-")

    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "tongsheng.toml: it cannot be read (File name too long)" in answer.stderr


def test_stages_without_their_servers_say_which_is_away(tmp_path: Path) -> None:
    """One line that names the broker; exit code 75, so that a supervisor tries again."""
    environment = {"TONGSHENG_KAFKA__BROKERS": "127.0.0.1:1", "TONGSHENG_PRIVACY__SALT": "hush-hush-hush-hush"}

    answer = tongsheng(tmp_path, "detect", environment=environment)

    assert answer.returncode == 75
    assert "no Kafka broker answers at 127.0.0.1:1" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "hush" not in answer.stderr


def test_doctor_says_what_to_fix_and_shows_no_secret(tmp_path: Path, redis_url: str) -> None:
    """Each check is a line; failures come with the fix, and the exit code is 1."""
    environment = {
        "TONGSHENG_KAFKA__BROKERS": "127.0.0.1:1",
        "TONGSHENG_REDIS__URL": redis_url,
        "TONGSHENG_PRIVACY__SALT": "hush-hush-hush-hush",
    }

    answer = tongsheng(tmp_path, "doctor", environment=environment)

    assert answer.returncode == 1
    assert "✗ kafka" in answer.stdout
    assert "make kafka" in answer.stdout
    assert "✓ redis" in answer.stdout
    assert "✓ salt" in answer.stdout
    assert "hush" not in answer.stdout + answer.stderr


def test_doctor_loads_what_the_settings_point_to(tmp_path: Path) -> None:
    """A file that stops every stage is a fault; what could not be looked at is no success; a far broker is not ours."""
    environment = {
        "TONGSHENG_KAFKA__BROKERS": "kafka.invalid:9092",
        "TONGSHENG_REDIS__URL": "redis://127.0.0.1:1",
        "TONGSHENG_DETECT__PRIOR": "no.prior",
    }

    answer = tongsheng(tmp_path, "doctor", environment=environment)

    assert answer.returncode == 1
    assert "✗ files     detect.prior: no.prior cannot be read" in answer.stdout
    assert "make kafka" not in answer.stdout
    assert "– memory    not checked" in answer.stdout
    assert "– clock     not compared" in answer.stdout


def test_doctor_makes_a_salt_once(tmp_path: Path) -> None:
    """A new salt is random and readable by its owner only; an existing one is never replaced."""
    first = tongsheng(tmp_path, "doctor", "--make-salt", "salt.txt")
    salt = (tmp_path / "salt.txt").read_text()
    second = tongsheng(tmp_path, "doctor", "--make-salt", "salt.txt")

    assert (first.returncode, second.returncode) == (0, 2)
    assert len(salt.strip()) == 64
    assert salt == (tmp_path / "salt.txt").read_text()
    assert salt.strip() not in first.stdout + second.stderr
    assert (tmp_path / "salt.txt").stat().st_mode & 0o777 == 0o600


def test_a_topic_of_an_archive_is_explained(tmp_path: Path) -> None:
    """The id of a topic line and the same file: its scores; in English when the settings say so."""
    quiet = [story_post(f"c{minute}", minute * 60_000, "吃饭") for minute in range(5 * 60)]
    story = [story_post(f"s{number}", 5 * 3_600_000 + number * 5000, "校车侧翻，孩子被困") for number in range(12)]
    (tmp_path / "posts.jsonl").write_bytes(b"\n".join([*quiet, *story]))
    environment = {"TONGSHENG_DETECT__LANGUAGE": "en"}

    assert tongsheng(tmp_path, "backtest", "posts.jsonl", "--out", "t.jsonl", environment=environment).returncode == 0
    line = json.loads((tmp_path / "t.jsonl").read_text().splitlines()[0])
    answer = tongsheng(tmp_path, "explain", line["topic"], "posts.jsonl", environment=environment)

    assert answer.returncode == 0
    assert line["title"] in answer.stdout
    assert "people in 10 minutes, usually under 0.1; Weibo" in answer.stdout
    assert "侧翻" in answer.stdout


def story_post(name: str, at_ms: int, text: str) -> bytes:
    author = Author(key=f"a{name}")
    return encode_post(Post(id=f"weibo:{name}", platform="weibo", at_ms=AT_MS + at_ms, author=author, text=text))


def test_a_live_topic_is_explained_from_what_the_detector_keeps(tmp_path: Path, valkey_url: str) -> None:
    """The state that a running detector keeps in Redis; an unknown id is answered in a line."""
    detector = make_detector(Settings(), local_veil(Settings()))
    minutes = [AT_MS + minute * 60_000 for minute in range(5 * 60)]
    lines: list[TopicLine] = []
    for at_ms in minutes:
        lines += detector.step(at_ms + 5000, [Delta(quantum_of(at_ms), {at_ms // 60_000: 10}, {}, [])])
    at_ms, terms = minutes[-1] + 60_000, ("校车", "侧翻")
    for number in range(12):
        post = Evidence(f"weibo:{number}", f"a{number}", at_ms, "weibo", 1, f"weibo:{number}", terms, ("safety",))
        minute = at_ms // 60_000
        lines += detector.step(
            at_ms + 5000, [Delta(quantum_of(at_ms), {minute: 10}, {minute: dict.fromkeys(terms, 1)}, [post])]
        )
        at_ms += 5000
    DetectStore(connect(valkey_url), key_prefix="live:").keep(detector.snapshot())
    environment = {"TONGSHENG_REDIS__URL": valkey_url, "TONGSHENG_REDIS__KEY_PREFIX": "live:"}

    answer = tongsheng(tmp_path, "explain", lines[0].topic, environment=environment)
    unknown = tongsheng(tmp_path, "explain", "00ff", environment=environment)
    nothing = tongsheng(tmp_path, "explain", "00ff", environment={**environment, "TONGSHENG_REDIS__KEY_PREFIX": "no:"})

    assert answer.returncode == 0
    assert lines[0].title in answer.stdout
    assert "侧翻" in answer.stdout
    assert (unknown.returncode, nothing.returncode) == (2, 2)
    assert "00ff is no live topic" in unknown.stderr
    assert "no detector has kept a state" in nothing.stderr


def test_a_terminated_command_ends_as_with_ctrl_c(tmp_path: Path) -> None:
    """A container's first process has no default for SIGTERM: without a handler it would wait to be killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tongsheng", "run", "-"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"\n".join(map(post, range(500))) + b"\n")
    process.stdin.flush()
    poll_until(lambda: bool(servers_of(process.pid)), what="its Valkey runs")
    server = servers_of(process.pid)[0]  # the first that it starts

    process.terminate()
    _, told = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, told.splitlines(keepends=True)[-1]) == (130, b"stopped\n")
    poll_until(lambda: not Path(f"/proc/{server}").exists(), what="its Valkey ended with it")


def servers_of(pid: int) -> list[str]:
    """The processes that this one has started."""
    if not Path("/proc/self/task").exists():
        pytest.skip("no /proc to find a process's children in")
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
