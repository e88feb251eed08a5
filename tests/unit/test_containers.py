"""Dockerfile, .dockerignore and docker-compose.yml against the code: what no engine is needed for."""

import re
import tomllib
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from contracts.settings import read_settings
from contracts.topics import TOPICS_DETECTED
from tongsheng.cli import cli
from tongsheng.feeding import operators_of
from tools.kafka_kit import PROPERTIES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HOME = "/var/lib/tongsheng"


def service(name: str) -> str:
    """The part of docker-compose.yml that tells of one service."""
    [part] = re.findall(rf"^  {name}:.*\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    return str(part)


def variables(text: str) -> dict[str, str]:
    """The environment that a part of docker-compose.yml gives: NAME: value, in capitals."""
    return {name: value.strip('"') for name, value in re.findall(r"^ +([A-Z_]+): (.+)$", text, re.MULTILINE)}


def test_compose_keeps_its_promises() -> None:
    """The trial deployment drops no window, keeps its salt secret and runs the Kafka that is tested."""
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text(encoding="utf-8")
    [kafka_version] = re.findall(r"<kafka.version>(.*)</kafka.version>", pom)

    assert f"image: &kafka apache/kafka:{kafka_version} " in service("topics")
    assert "image: *kafka\n" in service("kafka")
    assert "- noeviction" in service("redis")
    assert "${TONGSHENG_SALT:?" in COMPOSE
    assert COMPOSE.count("cap_drop: [ALL]") == 4  # the program, topics, kafka, redis
    assert re.findall(r"ports: (.*)", COMPOSE) == ['["127.0.0.1:8017:8017"]']  # the feed, to this machine alone
    assert "container_name" not in COMPOSE  # it would forbid --scale


def test_compose_sets_settings_that_there_are() -> None:
    """What it gives the program is read without complaint, and nothing of it is passed over."""
    given = {name: value for name, value in variables(COMPOSE).items() if name.startswith("TONGSHENG_")}
    salt = given["TONGSHENG_PRIVACY__SALT"]

    settings = read_settings({}, given)

    assert settings.kafka.brokers == variables(service("kafka"))["KAFKA_ADVERTISED_LISTENERS"].removeprefix("BROKER://")
    assert settings.redis.url.get_secret_value() == "redis://redis:6379/0"
    assert settings.privacy.salt is not None
    assert settings.privacy.salt.get_secret_value() == salt


def test_compose_tells_nobody_unless_it_is_asked_to() -> None:
    """The stage that tells people is off by itself, is alone in having a way out, and is asked how it is."""
    alert = service("alert")

    assert "profiles: [alerts]" in alert
    assert COMPOSE.count("outside") == 2  # the network, and that it is in
    assert f"http://127.0.0.1:{variables(alert)['TONGSHENG_METRICS__PORT']}/healthz" in alert
    assert "/etc/tongsheng/tongsheng.toml:ro" in alert


def test_compose_shows_topics_to_nobody_without_a_token() -> None:
    """The feed is off by itself, asks for tokens, is asked how it is, and has no way out."""
    feed = service("feed")
    given = {name: value for name, value in variables(feed).items() if name != "TONGSHENG_FEED__TOKENS"}

    assert "profiles: [feed]" in feed
    assert "/healthz" in feed
    assert "networks: [pipeline, front]" in feed
    assert (
        "front: # lets this machine in and nothing out\n    driver_opts: { com.docker.network.bridge.enable_ip"
        in COMPOSE
    )
    with pytest.raises(SettingsError, match="nobody could sign in"):
        operators_of(read_settings({}, given | {"TONGSHENG_FEED__TOKENS": ""}))
    assert operators_of(read_settings({}, given | {"TONGSHENG_FEED__TOKENS": f"ada admin {'x' * 48}"}))


@pytest.mark.parametrize("name", ["worker", "detect", "producer", "alert", "feed"])
def test_compose_runs_commands_that_there_are(name: str) -> None:
    """Each stage's command and options are known to the command line."""
    [arguments] = re.findall(r"command: \[(.*)\]", service(name))
    command, *options = arguments.removeprefix("--settings, /etc/tongsheng/tongsheng.toml, ").split(", ")

    known = cli.commands[command]

    assert set(options) <= {option for parameter in known.params for option in parameter.opts}
    assert "<<: *app" in service(name)


def test_compose_configures_kafka_as_the_tests_do() -> None:
    """Every setting that both name is the same; the others are about places, ports or a quick start."""
    tested = dict(line.split("=", 1) for line in PROPERTIES.splitlines())
    composed = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in variables(service("kafka")).items()
        if name not in {"CLUSTER_ID", "KAFKA_HEAP_OPTS"}
    }
    own = {key for key in composed if "{" in tested.get(key, "{")}

    assert own == {"controller.quorum.voters", "listeners", "advertised.listeners", "log.dirs"}
    assert {key: tested[key] for key in composed.keys() - own} == {key: composed[key] for key in composed.keys() - own}
    assert tested["message.max.bytes"] == composed["message.max.bytes"]


def test_compose_shows_the_topic_of_topics() -> None:
    """`docker compose run topics` reads what the detector writes, where the program finds its broker, and no notice."""
    assert f"--topic={TOPICS_DETECTED}\n" in service("topics")
    assert "--bootstrap-server=kafka:9092\n" in service("topics")
    assert "--command-property=group.protocol=consumer " in service("topics")  # tried on a broker: nothing else is said
    assert variables(COMPOSE)["TONGSHENG_KAFKA__BROKERS"] == "kafka:9092"


def test_the_image_has_no_rights() -> None:
    """A numeric user, so that an orchestrator can tell that it is not root; its folder is a volume and its own."""
    assert DOCKERFILE.splitlines().count("USER 10001:10001") == 1
    assert f"--owner=tongsheng --group=tongsheng {HOME}\n" in DOCKERFILE
    assert f"WORKDIR {HOME}\n" in DOCKERFILE
    assert f'volumes: ["state:{HOME}"]' in COMPOSE
    assert f"- {HOME}" not in COMPOSE  # as a tmpfs it belongs to root with a runc before 1.1.8


def test_the_image_gets_what_the_wheel_is_made_of() -> None:
    """A package that .dockerignore keeps out would be missing only in the image."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {name.split(".")[0] for name in project["tool"]["setuptools"]["packages"]}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}

    assert packages | {"pyproject.toml", project["project"]["readme"], "requirements/constraints.txt"} <= let_in


def test_the_image_runs_a_python_that_the_project_supports() -> None:
    """Built and run by the same one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [least] = re.findall(r">=3\.(\d+)", project["project"]["requires-python"])

    [version] = set(re.findall(r"^FROM python:3\.(\d+)-slim", DOCKERFILE, re.MULTILINE))

    assert int(version) >= int(least)
