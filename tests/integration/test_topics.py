"""Kafka topics are made by the program: as stated, once, by whichever stage comes first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from contracts.errors import SettingsError
from contracts.topics import topic_specs
from producers.kafka import ensure_topics, retention_of
from tools.kafka import KafkaServer


def test_topics_are_made_as_stated(kafka: KafkaServer, topic_prefix: str) -> None:
    """Partitions and cleanup are those of the specs; making them again changes nothing."""
    specs = topic_specs(prefix=topic_prefix, partitions=3, replication=1, retention_hours=5)
    ensure_topics(kafka.bootstrap, specs)
    ensure_topics(kafka.bootstrap, specs)

    admin: Any = KafkaAdminClient(bootstrap_servers=[kafka.bootstrap])
    found = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics([s.name for s in specs])}
    resources = [ConfigResource(ConfigResourceType.TOPIC, spec.name) for spec in specs]
    described = admin.describe_configs(resources)["topic"]
    admin.close()
    assert {spec.name: spec.partitions for spec in specs} == found
    for spec in specs:
        assert {name: described[spec.name][name]["value"] for name in spec.config} == spec.config


def test_topics_of_an_earlier_version_get_the_stated_retention(kafka: KafkaServer, topic_prefix: str) -> None:
    """What was made to be kept for ever is not kept for ever; the rest of its settings stays."""
    specs = topic_specs(prefix=topic_prefix, partitions=1, replication=1, retention_hours=5)
    early_config = {"cleanup.policy": "compact", "retention.ms": "-1", "segment.ms": str(7 * 24 * 3_600_000)}
    early = [replace(spec, config=spec.config | early_config) for spec in specs]
    ensure_topics(kafka.bootstrap, early)
    admin: Any = KafkaAdminClient(bootstrap_servers=[kafka.bootstrap])
    before = retention_of(admin, specs)

    ensure_topics(kafka.bootstrap, specs)

    after = retention_of(admin, specs)
    described = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, specs[0].name)])["topic"]
    admin.close()
    assert all(early_config.items() <= found.items() for found in before.values())
    assert set(map(len, after.values())) == {0}
    assert described[specs[0].name]["message.timestamp.type"]["value"] == "LogAppendTime"


def test_nothing_that_may_identify_somebody_is_kept_for_ever() -> None:
    """Every topic has a retention, as docs/safeguarding.md states it."""
    hours = {
        spec.name: int(spec.config["retention.ms"]) // 3_600_000
        for spec in topic_specs(prefix="", partitions=1, replication=1, retention_hours=24)
    }

    assert hours == {
        "posts.collected": 24,
        "posts.rejected": 24,
        "topics.detected": 14 * 24,
        "alerts.raised": 30 * 24,
        "windows.saved": 7 * 24,
    }


def test_what_is_kept_goes_in_time_where_little_is_written() -> None:
    """A broker deletes and compacts closed segments only: each is closed soon, and earlier values of a key with it."""
    specs = topic_specs(prefix="", partitions=1, replication=1, retention_hours=24)
    longer = {spec.name: int(spec.config["segment.ms"]) // 3_600_000 for spec in specs}
    earlier = {
        spec.name: int(spec.config["max.compaction.lag.ms"]) // 3_600_000
        for spec in specs
        if "compact" in spec.config["cleanup.policy"]
    }

    assert longer == {
        "posts.collected": 1,
        "posts.rejected": 1,
        "topics.detected": 24,
        "alerts.raised": 24,
        "windows.saved": 1,
    }
    assert earlier == {"topics.detected": 24, "windows.saved": 1}


def test_stages_that_start_together_make_them_once(kafka: KafkaServer, topic_prefix: str) -> None:
    """Producer, worker and detector started at the same moment do not trip over each other."""
    specs = topic_specs(prefix=topic_prefix, partitions=4, replication=1, retention_hours=5)

    with ThreadPoolExecutor(6) as pool:
        made = [pool.submit(ensure_topics, kafka.bootstrap, specs) for _ in range(6)]

    assert [future.result() for future in made] == [None] * 6


def test_another_number_of_partitions_is_refused(kafka: KafkaServer, topic_prefix: str) -> None:
    """Settings that no longer fit the topic are named before anything is sent."""
    for partitions in (2, 3):
        specs = topic_specs(prefix=topic_prefix, partitions=partitions, replication=1, retention_hours=5)
        if partitions == 2:
            ensure_topics(kafka.bootstrap, specs)

    with pytest.raises(SettingsError, match="has 2 partitions, the settings say 3"):
        ensure_topics(kafka.bootstrap, specs)
