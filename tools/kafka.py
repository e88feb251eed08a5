"""Start, stop and look at a one-node Apache Kafka, without Docker.

    python -m tools.kafka start [--port 9092] [--data .state/kafka]
    python -m tools.kafka status | stop

The jars come through Maven, once, from deploy/kafka/pom.xml into .cache/kafka; the broker is broker and
controller in one process (KRaft), listens on the loopback address only and keeps all it has in its data
directory: data/, server.properties, kafka.log, broker.json (pid, port). Standard library only.

Tests and benchmarks use KafkaServer. What makes it start in 1.5 s rather than 5 s (2 cores): storage that is
formatted once and copied, short heartbeats, the quick compiler alone, and an archive of loaded classes, which
the first broker that is stopped in good order leaves in the cache.
"""
# ruff: noqa: TID251 - a tool that starts processes reads the clock and the environment

import argparse
import json
import os
import re
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tools.kafka_kit import (
    CACHE,
    HOST,
    PROPERTIES,
    RECIPE,
    ROOT,
    KafkaServerError,
    class_path,
    copy_formatted,
    digest,
    find_java,
    prepare_kit,
)
from tools.ports import find_free_port, is_free

__all__ = ["KafkaServer"]

DEFAULT_DATA_DIR = ROOT / ".state" / "kafka"
DEFAULT_PORT = 9092

START_TIMEOUT_S = 120.0  # 1.5 s on an idle machine, 12 s seen on a loaded one
STOP_TIMEOUT_S = 30.0

QUIET_ARCHIVES = ("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off")


class KafkaServer:
    """One broker with its data directory.

    Args:
        data_dir: all that the broker writes; made where it is missing, kept when it stops.
        port: None takes a free one at the first start and keeps it.
        for_load: all of the JVM's compilers, for benchmarks: starts slower, runs faster.
    """

    def __init__(self, data_dir: Path, port: int | None = None, *, for_load: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir / "kafka.log"
        self._asked_port = port
        self._port = port
        self._for_load = for_load
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """Where the broker listens, or listened last."""
        port = self._record().get("port") or self._port
        if port is None:
            raise KafkaServerError(f"no broker was started in {self.data_dir}")
        return int(port)

    @property
    def bootstrap(self) -> str:
        """Host and port, as clients want them."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The running broker's process id, also where another process started it; None when none runs."""
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        pid = int(self._record().get("pid", 0))
        # a number alone proves nothing, they are used again: the process must name our file
        return pid if pid and str(self.data_dir / "server.properties") in command_line(pid) else None

    def start(self) -> None:
        """Start the broker and wait until it answers; nothing happens where it runs already.

        Raises:
            KafkaUnavailableError: Java or Maven is missing, or Maven cannot fetch the jars.
            KafkaServerError: the port is taken, or the broker ended or kept silent; see log_path.
        """
        if self.pid is not None:
            return
        java, kit = find_java(), prepare_kit()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        storage = self.data_dir / "data"
        if not (storage / "meta.properties").exists():
            copy_formatted(kit / "formatted", storage)
        for attempts_left in (2, 1, 0):
            self._port = self._port or find_free_port()
            require_free(self._port)
            log_start = self.log_path.stat().st_size if self.log_path.exists() else 0
            self._spawn(java, kit)
            try:
                self._wait_until_ready(log_start)
            except KafkaServerError:
                self.kill()
                if "BindException" not in self._log_since(log_start) or not attempts_left:
                    raise
                self._port = self._asked_port  # somebody was faster: try other free ports
            else:
                return

    def stop(self) -> None:
        """End the broker in good order and wait for its end; nothing happens where none runs."""
        part = Path(self._record().get("archive_part", ""))
        if self._end(signal.SIGTERM) and part.suffix == ".part" and part.exists():
            part.replace(part.parent / "classes.jsa")

    def kill(self) -> None:
        """End the broker at once with SIGKILL, as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start again on the same port and data, after stop() or kill() or out of running."""
        self.stop()
        self.start()

    def _spawn(self, java: str, kit: Path) -> None:
        """Start the JVM and note it in broker.json."""
        properties = self.data_dir / "server.properties"
        properties.write_text(
            PROPERTIES.format(
                host=HOST, port=self._port, controller_port=find_free_port(), storage=self.data_dir / "data"
            ),
            encoding="utf-8",
        )
        options, archive_part = self._jvm_options(java, kit)
        command = [java, *options, "-cp", class_path(kit), "kafka.Kafka", str(properties)]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data_dir,
                start_new_session=True,  # Ctrl-C is for whoever started us
            )
        record = {"pid": self._process.pid, "port": self._port, "archive_part": str(archive_part or "")}
        (self.data_dir / "broker.json").write_text(json.dumps(record), encoding="utf-8")

    def _jvm_options(self, java: str, kit: Path) -> tuple[list[str], Path | None]:
        """Heap, compilers, and the archive of loaded classes: read it, or have it written at the end."""
        options = ["-Xms256m", "-Xmx512m", f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.properties'}"]
        if not self._for_load:
            options += ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        archives = kit / f"java-{digest(str(Path(java).resolve()).encode())}"  # a JVM reads its own only
        archive, part = archives / "classes.jsa", None
        if archive.exists():
            options += [f"-XX:SharedArchiveFile={archive}", *QUIET_ARCHIVES]
        elif not self._for_load:
            archives.mkdir(exist_ok=True)
            part = archives / f"{secrets.token_hex(4)}.part"
            options += [f"-XX:ArchiveClassesAtExit={part}", *QUIET_ARCHIVES]
        return options, part

    def _wait_until_ready(self, log_start: int) -> None:
        """Wait until the broker names itself in its metadata: from then on topics can be made."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(self.port):
            if self.pid is None:
                raise KafkaServerError(f"Kafka ended while starting: {self._cause(log_start)}")
            if time.monotonic() > deadline:
                raise KafkaServerError(f"Kafka did not answer within {START_TIMEOUT_S:.0f} s; see {self.log_path}")
            time.sleep(0.02)

    def _end(self, how: signal.Signals) -> bool:
        """Signal the broker and wait for its end; whether it ran and the signal was enough."""
        pid = self.pid
        has_obeyed = False
        if pid is not None:
            os.kill(pid, how)
            has_obeyed = wait_for(lambda: self.pid is None, STOP_TIMEOUT_S)
            if not has_obeyed:
                os.kill(pid, signal.SIGKILL)
                if not wait_for(lambda: self.pid is None, STOP_TIMEOUT_S):
                    raise KafkaServerError(f"process {pid} cannot be ended")
        self._process = None
        with suppress(FileNotFoundError):
            (self.data_dir / "broker.json").unlink()
        return has_obeyed

    def _record(self) -> dict[str, Any]:
        """What broker.json tells of the broker started last: pid, port, archive_part; {} after its end."""
        try:
            record: dict[str, Any] = json.loads((self.data_dir / "broker.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return record

    def _log_since(self, start: int) -> str:
        with self.log_path.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    def _cause(self, log_start: int) -> str:
        """The log's first line that tells of a failure, with the log's place."""
        text = self._log_since(log_start)
        if "UnsupportedClassVersionError" in text:
            return f"this Java is too old, install Java 17 or newer; see {self.log_path}"
        lines = [line for line in text.splitlines() if re.search(r"ERROR|FATAL|Exception|Error", line)]
        return f"{lines[0] if lines else 'no error in the log'}; see {self.log_path}"


def answers(port: int) -> bool:
    """Whether a broker there lists a live broker: one Metadata request, version 1, about no topic."""
    request = struct.pack(">hhihi", 3, 1, 1, -1, 0)  # api, version, correlation, no client id, 0 topics
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.recv(12, socket.MSG_WAITALL)  # size, correlation, brokers
    except OSError:
        return False
    return len(answer) == 12 and struct.unpack(">iii", answer)[2] > 0


def require_free(port: int) -> None:
    """Refuse a port that somebody listens on."""
    if not is_free(port):
        raise KafkaServerError(f"port {port} is taken by another process: stop that, or choose another --port")


def command_line(pid: int) -> str:
    """A process's command line; empty where there is no such process."""
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout


def wait_for(is_true: Callable[[], bool], timeout_s: float) -> bool:
    """Ask until it is true; False when time is up."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def command_start(server: KafkaServer) -> int:
    """Start and say where."""
    if server.pid is not None:
        print(f"Kafka runs already at {server.bootstrap} (pid {server.pid})")
        return 0
    before_s = time.monotonic()
    if not (CACHE / digest((RECIPE / "pom.xml").read_bytes())).exists():
        print("fetching Kafka through Maven, once ...", flush=True)
    server.start()
    print(f"Kafka answers at {server.bootstrap} after {time.monotonic() - before_s:.1f} s (pid {server.pid})")
    print(f"log: {server.log_path}")
    return 0


def command_stop(server: KafkaServer) -> int:
    """Stop, if it runs."""
    was_running = server.pid is not None
    server.stop()
    print("Kafka stopped" if was_running else "Kafka was not running")
    return 0


def command_status(server: KafkaServer) -> int:
    """Say whether it runs: exit 0 if it answers, 1 if it does not."""
    pid = server.pid
    if pid is None:
        print("Kafka does not run")
        return 1
    does_answer = answers(server.port)
    print(f"Kafka {'answers' if does_answer else 'runs but does not answer'} at {server.bootstrap} (pid {pid})")
    print(f"log: {server.log_path}")
    return 0 if does_answer else 1


def main() -> int:
    """Read the command line and do as told."""
    parser = argparse.ArgumentParser(description="A one-node Apache Kafka for development, without Docker.")
    parser.add_argument("command", choices=["start", "stop", "status"])
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"default {DEFAULT_PORT}; 0: a free one")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_DIR, help="data directory, default .state/kafka")
    parser.add_argument("--for-load", action="store_true", help="all compilers: starts slower, runs faster")
    given = parser.parse_args()
    commands = {"start": command_start, "stop": command_stop, "status": command_status}
    port = (given.port or None) if given.command == "start" else None
    try:
        return commands[given.command](KafkaServer(given.data, port, for_load=given.for_load))
    except KafkaServerError as error:
        print(f"kafka: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
