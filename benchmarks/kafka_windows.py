"""Kafka to windows, for real: a broker, Valkey and one worker process on this machine; and its limits.

Limit 1: kafka-python's consumer with nothing behind it. Limit 2: aiokafka's consumer plus decoding, which is
what the worker stands on.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer

from benchmarks.stages import Result
from benchmarks.workloads import frames
from contracts.errors import PipelineError
from contracts.frame import lines_of
from contracts.post import decode_post
from contracts.settings import Settings, read_settings
from producers.kafka import connect_producer, ensure_topics
from streams.window_store import RedisWindowStore, connect
from tongsheng import wiring
from tongsheng.embedded import embedded_valkey
from tools.kafka import KafkaServer

__all__ = ["measure_kafka"]

PARTITIONS = 4
_DEADLINE_S = 300


def measure_kafka(count: int, single_count: int) -> Iterator[Result]:
    """Frames, then one post a record; each beside the raw consumer with decoding."""
    with tempfile.TemporaryDirectory() as folder, KafkaServer(Path(folder), for_load=True) as kafka:
        for prefix, posts, per_frame in (("frames.", count, 500), ("single.", single_count, 1)):
            yield from _measure(kafka, prefix, posts, per_frame)


def _measure(kafka: KafkaServer, prefix: str, count: int, per_frame: int) -> Iterator[Result]:
    with embedded_valkey() as url:
        environment = {
            **os.environ,
            "TONGSHENG_KAFKA__BROKERS": kafka.bootstrap,
            "TONGSHENG_KAFKA__TOPIC_PREFIX": prefix,
            "TONGSHENG_KAFKA__PARTITIONS": str(PARTITIONS),
            "TONGSHENG_REDIS__URL": url,
            "TONGSHENG_PRIVACY__SALT": "a salt of the benchmark only",
            "TONGSHENG_LOG__LEVEL": "warning",
        }
        settings = read_settings({}, environment)
        ensure_topics(kafka.bootstrap, wiring.specs(settings).values())
        records = frames(count, partitions=PARTITIONS, posts_per_frame=per_frame)
        kind = "frames of 500" if per_frame > 1 else "one post a record"
        sent_s = _send(kafka, f"{prefix}posts.collected", records)
        yield Result(name=f"produce, {kind}", count=count, seconds=sent_s, note=f"{len(records):,} records")
        limit = asyncio.run(_read(kafka, f"{prefix}posts.collected", len(records)))
        yield Result(name=f"raw consumer + decode, {kind}", count=count, seconds=limit)
        worked = _work(settings, url, len(records), environment)
        yield Result(
            name=f"Kafka -> windows, {kind}", count=count, seconds=worked, limit=count / limit, note="one worker"
        )


def _send(kafka: KafkaServer, topic: str, records: list[tuple[int, bytes]]) -> float:
    producer = connect_producer(kafka.bootstrap)
    started = time.perf_counter()
    futures = [producer.send(topic, frame, partition=partition) for partition, frame in records]
    for future in futures:
        future.get(timeout=_DEADLINE_S)
    seconds = time.perf_counter() - started
    producer.close()
    return seconds


async def _read(kafka: KafkaServer, topic: str, records: int) -> float:
    consumer: Any = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    started = time.perf_counter()
    seen = 0
    while seen < records:
        for batch in (await consumer.getmany(timeout_ms=500)).values():
            seen += len(batch)
            for record in batch:
                for line in lines_of(record.value):
                    with contextlib.suppress(PipelineError):
                        decode_post(line)
    seconds = time.perf_counter() - started
    await consumer.stop()
    return seconds


def _work(settings: Settings, url: str, records: int, environment: dict[str, str]) -> float:
    """Seconds from the first record folded to the last: start-up is not counted."""
    client = connect(url)
    store = RedisWindowStore(client, key_prefix=settings.redis.key_prefix)
    process = subprocess.Popen([sys.executable, "-m", "tongsheng", "worker"], env=environment)
    try:
        started = time.perf_counter()
        deadline = started + _DEADLINE_S
        folded = 0
        while folded < records and time.perf_counter() < deadline:
            time.sleep(0.05)
            folded = sum(head.next for head in store.heads(PARTITIONS) if head is not None)
            if not folded:
                started = time.perf_counter()
        if folded < records:
            raise RuntimeError(f"{folded} of {records} records folded after {_DEADLINE_S} s")
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()
        client.close()
