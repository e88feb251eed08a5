"""Fixtures that every test may ask for, and what a skip means.

kafka, valkey       one real server for the whole run; topics are told apart by `topic_prefix`
redis_url           the same Valkey, emptied before each test
own_kafka, own_valkey   a server of the test's own, to stop, kill and restart; Valkey keeps its data
deployment          processes under a supervisor on those servers
topic_prefix        unique per test: put it before every topic and group name

Where Java or Maven is missing, tests that need Kafka are skipped and say so. With REQUIRE_SERVICES set
they fail instead, and with CI set every skip is a failure: there nothing goes untested unnoticed.
"""

import os
import signal
import sys
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # tests and tools are not installed

from tests.deployment import Deployment
from tests.services import ValkeyServer, slug
from tools.kafka import KafkaServer
from tools.kafka_kit import KafkaUnavailableError, prepare_kit

_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # in logs, a run of digits looks like a telephone number
KAFKA_FIXTURES = {"kafka", "own_kafka"}

# How long an example takes is the machine's business. Where CI is set, Hypothesis draws the same examples each time.
settings.register_profile("steady", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A broker shared by the whole run: nobody stops it."""
    require_kafka()
    server = KafkaServer(tmp_path_factory.mktemp("kafka"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[KafkaServer]:
    """A running broker of the test's own."""
    require_kafka()
    server = KafkaServer(tmp_path / "kafka")
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """A Valkey shared by the whole run; tests use `redis_url`, which empties it."""
    server = ValkeyServer(tmp_path_factory.mktemp("valkey"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    """Where the shared Valkey is, with nothing in it."""
    valkey.clear()
    return valkey.url


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A running Valkey of the test's own; what it answered survives kill() and restart()."""
    server = ValkeyServer(tmp_path / "valkey", is_durable=True)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def deployment(kafka: KafkaServer, redis_url: str, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    """Topics of the test's own on the shared servers; its processes end with the test."""
    made = Deployment(brokers=kafka.bootstrap, redis_url=redis_url, prefix=topic_prefix, folder=tmp_path)
    made.create_topics()
    yield made
    made.close()


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> str:
    """Begins the names of the test's topics and groups; ends in a dot."""
    return f"{slug(request.node.name)}-{uuid.uuid4().hex[:8].translate(_LETTERS)}."


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches them."""
    for name in [name for name in os.environ if name.upper().startswith("TONGSHENG_")]:
        monkeypatch.delenv(name)


def require_kafka() -> None:
    """Skip the test where no broker can run; fail it where one has to."""
    reason = None
    try:
        prepare_kit()
    except KafkaUnavailableError as error:
        reason = str(error)
    if reason and (os.environ.get("CI") or os.environ.get("REQUIRE_SERVICES")):
        pytest.fail(f"a real Kafka is required here: {reason}", pytrace=False)
    if reason:
        pytest.skip(f"no Kafka: {reason}")


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start: a shell that runs them in the background ignores it, and that is inherited."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Kafka, so that `-m "not kafka"` leaves it out."""
    for item in items:
        if KAFKA_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.kafka)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one; a test that fails as expected stays what it is."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        refuse_skip(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    if report.skipped:
        refuse_skip(report, collector.nodeid)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport, node_id: str) -> None:
    """Turn a skip into a failure where CI is set."""
    if os.environ.get("CI"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{node_id} was skipped, which CI does not allow: {reason}"
