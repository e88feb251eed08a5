"""`tongsheng classify`: a filter of JSON lines that a person can put in any pipe."""

import json
import os
import subprocess
import sys
from pathlib import Path

STORY = "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童"
WEATHER = "今天北京大风降温，出门记得多穿点"
COMMAND = [sys.executable, "-m", "tongsheng", "classify"]


def classify(folder: Path, lines: bytes, *arguments: str, lexicon: str = "") -> "subprocess.CompletedProcess[bytes]":
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if lexicon:
        (folder / "own.txt").write_text(lexicon, encoding="utf-8")
        environment["TONGSHENG_RELEVANCE__LEXICON"] = "own.txt"
    return subprocess.run(
        [*COMMAND, *arguments], input=lines, cwd=folder, env=environment, capture_output=True, check=False
    )


def line(**row: object) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def test_the_same_lines_come_out_with_what_was_predicted(tmp_path: Path) -> None:
    """Other keys and their order stay; one answer a line, in order."""
    answer = classify(tmp_path, line(id=1, text=STORY, cat=["x"]) + line(text=WEATHER, id=2))
    rows = [json.loads(row) for row in answer.stdout.splitlines()]

    assert answer.returncode == 0
    assert [list(row) for row in rows] == [["id", "text", "cat", "predicted"], ["text", "id", "predicted"]]
    assert [row["predicted"]["child"] for row in rows] == [True, False]
    assert rows[0]["predicted"]["categories"][0] == "abuse"
    assert rows[1]["predicted"]["categories"] == []
    assert 0 <= rows[1]["predicted"]["score"] < rows[0]["predicted"]["score"] <= 1
    assert rows[0]["predicted"]["lexicon"]["rule"] == ""
    assert len(rows[0]["predicted"]["lexicon"]["version"]) == 12
    assert "2 lines: 1 about children, 0 not usable" in answer.stderr.decode()


def test_a_text_without_a_cue_is_judged_where_that_is_asked_for(tmp_path: Path) -> None:
    """Otherwise it goes unheard, as in the stream."""
    scanned, asked = (
        json.loads(classify(tmp_path, line(text=WEATHER), *flags).stdout) for flags in ([], ["--no-scan"])
    )

    assert scanned["predicted"]["score"] == 0
    assert 0 < asked["predicted"]["score"] < 1


def test_bad_lines_are_named_and_the_others_go_on(tmp_path: Path) -> None:
    """One line each, with its number; a summary; exit code 0."""
    bad = [b"rubbish\n", b"\xff\xfe\n", b"[1]\n", line(id=3), line(text=5), b"[" * 100_000 + b"\n"]
    answer = classify(tmp_path, b"".join([*bad, b"\n", line(text=STORY), b'{"text": "\\ud83d"}\n']))
    told = answer.stderr.decode()

    assert answer.returncode == 0
    assert len(answer.stdout.splitlines()) == 2
    assert "line 1: this is no JSON" in told
    assert "line 3: this is no JSON object" in told
    assert 'line 4: it has no "text"' in told
    assert 'line 5: its "text" is no string' in told
    assert "8 lines: 1 about children, 6 not usable" in told
    assert "Traceback" not in told


def test_the_operators_lexicon_decides_and_is_named(tmp_path: Path) -> None:
    """Which rule, and under which version."""
    answer = classify(
        tmp_path, line(text=STORY) + line(text=WEATHER), "-", lexicon="never 针扎\nalways 大风 -> safety\n"
    )
    first, second = (json.loads(row)["predicted"] for row in answer.stdout.splitlines())

    assert (first["child"], first["score"], first["lexicon"]["rule"]) == (False, 0, "never 针扎")
    assert (second["child"], second["categories"][0]) == (True, "safety")
    assert second["lexicon"]["rule"] == "always 大风 -> safety"


def test_a_broken_lexicon_is_refused_in_a_line(tmp_path: Path) -> None:
    """Before the first line is read; exit code 2."""
    answer = classify(tmp_path, line(text=STORY), lexicon="perhaps 针扎\n")

    assert answer.returncode == 2
    assert b"own.txt: line 1" in answer.stderr
    assert b"Traceback" not in answer.stderr


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    """As in `tongsheng classify posts.jsonl | head -1`."""
    (tmp_path / "posts.jsonl").write_bytes(line(text=STORY) * 5000)
    with subprocess.Popen(
        [*COMMAND, "posts.jsonl"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert json.loads(running.stdout.readline())["predicted"]["child"]
        running.stdout.close()
        told = running.stderr.read()

    assert running.returncode == 0
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


def test_a_text_cannot_steer_the_terminal_that_shows_it(tmp_path: Path) -> None:
    """ESC, U+009B and what turns text around are spelled out there, and the same JSON is told; files get the text."""
    rows = line(text="一\x1b[2J\x9b31m\u202e二")
    shown, terminal = os.openpty()
    answer = subprocess.run(COMMAND, input=rows, cwd=tmp_path, stdout=terminal, stderr=subprocess.PIPE, check=True)
    told = ""
    while not told.endswith("\n"):  # a terminal hands on what it has, maybe less than was written
        told += os.read(shown, 10_000).decode()
    os.close(terminal)
    os.close(shown)

    assert not {"\x1b", "\x9b", "\u202e"} & set(told)
    assert json.loads(told)["text"] == json.loads(rows)["text"]
    assert "\u202e" in classify(tmp_path, rows).stdout.decode()
    assert "1 line: " in answer.stderr.decode()
