"""What a one-node Apache Kafka starts from: its jars, fetched through Maven, and an empty storage, formatted once.

Both stand in .cache/kafka under the digest of deploy/kafka/pom.xml. `tools.kafka` starts brokers from them. Standard
library only.
"""
# ruff: noqa: TID251 - a tool that starts processes reads the environment

import base64
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "CACHE",
    "HOST",
    "PROPERTIES",
    "RECIPE",
    "ROOT",
    "KafkaServerError",
    "KafkaUnavailableError",
    "class_path",
    "copy_formatted",
    "digest",
    "find_java",
    "prepare_kit",
]

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "kafka"
RECIPE = ROOT / "deploy" / "kafka"
HOST = "127.0.0.1"

# Heartbeats: with Kafka's own 2 s and 9 s, a broker killed and started again is refused as its own
# double for 9 s; with these for 3 s.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=BROKER://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=BROKER://{host}:{port}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs={storage}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
message.max.bytes=2097152
replica.fetch.max.bytes=2097152
log.cleaner.dedupe.buffer.size=16777216
broker.heartbeat.interval.ms=200
broker.session.timeout.ms=3000
"""


class KafkaServerError(Exception):
    """The broker could not be started or stopped; the message says why in one line."""


class KafkaUnavailableError(KafkaServerError):
    """This machine has not what a broker needs; the message says what to install."""


def find_java() -> str:
    """The java of JAVA_HOME, else of PATH."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    java = java or shutil.which("java")
    if java is None:
        raise KafkaUnavailableError(
            "java is missing: install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)"
        )
    return java


def prepare_kit() -> Path:
    """The cached folder of this recipe: lib/ (jars), formatted/ (empty storage); made where it is missing."""
    java = find_java()
    kit = CACHE / digest((RECIPE / "pom.xml").read_bytes())
    if kit.exists():
        return kit
    CACHE.mkdir(parents=True, exist_ok=True)
    with locked(CACHE / "lock"):
        if not kit.exists():
            part = Path(tempfile.mkdtemp(prefix="part-", dir=CACHE))
            try:
                fetch_jars(part / "lib")
                format_storage(java, part)
                part.rename(kit)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    return kit


def fetch_jars(into: Path) -> None:
    """Have Maven copy Kafka and all it needs into one folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailableError(
            "mvn is missing and Kafka's jars are not in .cache/kafka yet: install Maven (Debian: apt-get install maven)"
        )
    done = subprocess.run(
        [
            *(maven, "-q", "-B", "-f", str(RECIPE / "pom.xml"), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={into}"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not list(into.glob("kafka_*.jar")):
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        cause = re.sub(r"\x1b\[[0-9;]*m|\[ERROR\] | -> .*", "", lines[0]) if lines else f"exit {done.returncode}"
        raise KafkaUnavailableError(f"Maven cannot fetch Kafka's jars (is the network there?): {cause}")


def format_storage(java: str, kit: Path) -> None:
    """Format an empty storage with Kafka's own tool; copies of it serve every new broker."""
    properties = kit / "format.properties"
    properties.write_text(
        PROPERTIES.format(host=HOST, port=1, controller_port=2, storage=kit / "formatted"), encoding="utf-8"
    )
    done = subprocess.run(
        [
            *(java, "-XX:TieredStopAtLevel=1", f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.properties'}"),
            *("-cp", class_path(kit), "kafka.tools.StorageTool"),
            *("format", "--cluster-id", new_id(), "--config", str(properties)),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    properties.unlink()
    if "UnsupportedClassVersionError" in done.stderr:
        raise KafkaUnavailableError("this Java is too old: install Java 17 or newer")
    if done.returncode != 0:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        raise KafkaServerError(f"Kafka's storage cannot be formatted: {last[0]}")


def copy_formatted(formatted: Path, storage: Path) -> None:
    """Lay an empty storage with ids of its own; the file that marks it as whole comes last."""
    shutil.copytree(formatted, storage, ignore=shutil.ignore_patterns("meta.properties"), dirs_exist_ok=True)
    meta = (formatted / "meta.properties").read_text(encoding="utf-8")
    for key in ("cluster.id", "directory.id"):
        meta = re.sub(rf"^{key}=.*$", f"{key}={new_id()}", meta, flags=re.MULTILINE)
    (storage / "meta.properties").write_text(meta, encoding="utf-8")


def class_path(kit: Path) -> str:
    """All jars in a stated order: the class archive asks for the same one each time."""
    return os.pathsep.join(str(jar) for jar in sorted((kit / "lib").glob("*.jar")))


def new_id() -> str:
    """A random id in Kafka's writing: 16 bytes, base64; never a leading '-', which reads as an option."""
    return "k" + base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")[1:]


def digest(content: bytes) -> str:
    """A short name for content."""
    return hashlib.sha256(content).hexdigest()[:12]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process in at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
