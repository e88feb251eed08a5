"""A port that somebody was given is nobody else's, whether a server listens there yet or not."""

import subprocess
import sys

from tools.kafka_kit import ROOT
from tools.ports import find_free_port, is_free, is_ours


def test_what_one_process_was_given_nobody_else_gets() -> None:
    """As workers of one test run would; nor does it get a port twice."""
    port = find_free_port()
    command = [sys.executable, "-c", f"from tools.ports import is_ours; print(is_ours({port}))"]
    other = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert is_free(port)
    assert (is_ours(port), other.stdout) == (False, b"False\n")
