"""What holds for the repository as a whole: nothing in it is huge, tied to a registry or out of step."""

import doctest
import importlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("contracts", "detectors", "producers", "streams", "alerts", "feeds", "tongsheng")
MODULES = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MAX_FILE_BYTES = 2_000_000  # the relevance model, by far the largest, has this bound (docs/decisions/0003)
# written in parts, so that this file is not the one that names them
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("repo1", "maven", "org"),
        ("repo", "maven", "apache", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
]


def repository_files() -> list[Path]:
    """Every file that is, or with the next commit would be, in the repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is each machine's own business: no lock file, no address."""
    guilty = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in repository_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]

    assert guilty == []


@pytest.mark.parametrize(
    "name", [".env", "salt.txt", "tongsheng.toml", "topics.jsonl", "rejected.jsonl", "rejected.jsonl.old", ".state/x"]
)
def test_what_the_steps_of_the_readme_leave_is_never_committed(name: str) -> None:
    """Secrets, settings, and posts byte for byte."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")

    answer = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=ROOT, check=False)

    assert answer.returncode == 0


def test_no_file_is_huge() -> None:
    """A clone stays quick: larger data is made or fetched by a command."""
    huge = [str(path.relative_to(ROOT)) for path in repository_files() if path.stat().st_size > MAX_FILE_BYTES]

    assert huge == []


def test_scripts_can_be_run() -> None:
    """What begins with an interpreter line has its executable bit."""
    scripts = [path for path in repository_files() if path.read_bytes()[:3] == b"#!/"]

    assert [str(path) for path in scripts if not os.access(path, os.X_OK)] == []
    assert ROOT / ".ci" / "run" in scripts


def test_make_help_lists_every_target() -> None:
    """Nobody has to read the Makefile to know what it can do."""
    if shutil.which("make") is None:
        pytest.skip("make is missing")
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {"setup", "demo", "test", "check", "bench", "kafka"} <= set(targets)
    assert [f"make {target}" for target in targets if f"make {target} " not in shown] == []


def test_constraints_pin_exactly() -> None:
    """Each line is name==version, each name once."""
    lines = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]

    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    assert len({pin.partition("==")[0] for pin in pins}) == len(pins)


@pytest.mark.parametrize("module", [name for name in MODULES if ">>>" in (ROOT / name).read_text(encoding="utf-8")])
def test_the_examples_of_docstrings_are_true(module: str) -> None:
    """An example that is wrong is worse than none."""
    imported = importlib.import_module(module.removesuffix(".py").replace("/", "."))

    assert doctest.testmod(imported).failed == 0
