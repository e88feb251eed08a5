"""The Faust worker: one agent that hands records of posts.collected to the fold.

Faust 0.15.3 acknowledges a batch even when its body raises, and seeks to Kafka's committed offsets after
every rebalance. So nothing here relies on its acknowledgements: the consumer below seeks to the offsets
that the window store holds, the body never raises, and Kafka's own commits only feed lag displays. Each
behaviour relied on has a test in tests/contract/test_faust.py.
"""

import asyncio
import logging
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import faust
from faust.transport.drivers import aiokafka as driver

from contracts.errors import FailStopError, RetryableError
from contracts.frame import PROGRESS_HEADER
from streams.worker import Record

__all__ = ["EXIT_RESTART", "Folds", "build_app", "fail_stop"]

log = logging.getLogger(__name__)

EXIT_RESTART = 75  # EX_TEMPFAIL: whoever supervises the worker starts it again
RECORDS_PER_TAKE = 200
TAKE_WITHIN_S = 0.1
BUFFERED_RECORDS = (
    2000  # at 400 the agent starves on single posts (1 100/s against 3 000); frames of 150 KB make 300 MB
)
_LONGEST_PAUSE_S = 5.0
# A broker that has just started may not know the topic yet. The group then deals nothing to anybody, and looks again
# when its metadata are this old: 5 minutes unless set, in which every worker is up and none counts.
_METADATA_MAX_AGE_MS = 5_000


class Folds(Protocol):
    """What the app needs of the state (streams.worker.WorkerPartitions)."""

    def open(self, partition: int, *, earliest: int) -> int:
        """Load a partition; where to read on."""
        ...

    def fold(self, partition: int, records: Sequence[Record]) -> int:
        """Fold records in offset order; how many posts."""
        ...


class StoreOffsetsConsumer(driver.Consumer):  # type: ignore[misc]  # faust is untyped here
    """Seeks every assigned partition to the offset in the window store.

    Seeks made in rebalance signals are overwritten by this very method, so it is the only safe hook.
    """

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Called by Faust after each assignment, before messages flow."""
        assigned = sorted(self.assignment())
        earliest = await self.earliest_offsets(*assigned) if assigned else {}
        offsets: dict[Any, int] = await self.app.open_partitions({tp: earliest.get(tp) or 0 for tp in assigned})
        if offsets:
            await self._thread.seek_wait(offsets)
        return offsets


class _Transport(driver.Transport):  # type: ignore[misc]  # faust is untyped here
    Consumer = StoreOffsetsConsumer


class CountingApp(faust.App):  # type: ignore[misc]  # faust is untyped here
    """A Faust app whose offsets live in the window store."""

    folds: Folds

    def _new_transport(self) -> Any:
        return _Transport(self.conf.broker_consumer, self)

    async def open_partitions(self, earliest: Mapping[Any, int]) -> dict[Any, int]:
        """Load the assigned partitions' state; returns where to read on. Waits while the store is away."""
        offsets: dict[Any, int] = {}
        for tp, oldest in earliest.items():
            offsets[tp] = await _patiently(partial(self.folds.open, tp.partition, earliest=oldest))
        log.info("partitions assigned", extra={"event": "worker.assigned", "offsets": _plain(offsets)})
        return offsets


def build_app(
    *, folds: Folds, app_id: str, brokers: str, topic: str, session_timeout_s: int, data_folder: str
) -> CountingApp:
    """The worker's app, ready for `faust.Worker`.

    Args:
        folds: what folds the records.
        app_id: consumer group; all workers of a deployment share it.
        brokers: host:port, comma-separated.
        topic: posts.collected with its prefix.
        session_timeout_s: silence after which the group gives the partitions to others.
        data_folder: where Faust may write (it writes next to nothing: there are no tables).
    """
    app = CountingApp(
        app_id,
        broker=[f"kafka://{broker.strip()}" for broker in brokers.split(",")],
        autodiscover=False,
        datadir=data_folder,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=_METADATA_MAX_AGE_MS,
        broker_session_timeout=float(session_timeout_s),
        broker_heartbeat_interval=max(session_timeout_s / 4, 1.0),
        broker_rebalance_timeout=float(max(session_timeout_s, 30)),
        broker_max_poll_records=BUFFERED_RECORDS // 2,
        stream_wait_empty=False,
        stream_buffer_maxsize=BUFFERED_RECORDS,
        stream_recovery_delay=0.0,
    )
    app.folds = folds
    channel = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    @app.agent(channel, concurrency=1, name="count-posts")  # type: ignore[untyped-decorator]  # faust is untyped here
    async def count(stream: AsyncIterable[Any]) -> None:
        async for events in stream.take_events(RECORDS_PER_TAKE, within=TAKE_WITHIN_S):  # type: ignore[attr-defined]  # faust is untyped here
            for partition, records in _by_partition(events).items():
                await _patiently(partial(folds.fold, partition, records))

    return app


def fail_stop(reason: str) -> None:
    """End the process at once, without Faust's shutdown commit; the restart reads the state anew."""
    log.error("stopping to start again from the stored state: %s", reason, extra={"event": "worker.fail_stop"})
    logging.shutdown()
    os._exit(EXIT_RESTART)


async def _patiently(call: Callable[[], Any]) -> Any:
    """Run a call on a thread; wait with jitter while the world is away (that is the back-pressure)."""
    attempt = 0
    while True:
        try:
            return await asyncio.to_thread(call)
        except RetryableError as error:
            attempt += 1
            pause_s = min(_LONGEST_PAUSE_S, 0.1 * 2**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
            if attempt == 1 or pause_s > _LONGEST_PAUSE_S / 2:
                log.warning("waiting: %s", error, extra={"event": "worker.waiting"})
            await asyncio.sleep(pause_s)
        except FailStopError as error:
            fail_stop(str(error))
        except Exception:  # the one place: an agent's body must never raise, or Faust acknowledges the batch
            log.exception("unexpected error in the fold", extra={"event": "worker.crashed"})
            fail_stop("an unexpected error, see above")


def _by_partition(events: Sequence[Any]) -> dict[int, list[Record]]:
    batches: defaultdict[int, list[Record]] = defaultdict(list)
    for event in events:
        message = event.message
        batches[message.partition].append(
            Record(
                offset=message.offset,
                received_ms=round(message.timestamp * 1000),
                progress_ms=_progress_of(message.headers),
                value=message.value or b"",
            )
        )
    return batches


def _progress_of(headers: Any) -> int | None:
    """The progress mark among a record's headers; a malformed one is none."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    for name, value in pairs:
        text = bytes(value or b"")
        if name == PROGRESS_HEADER and text.isdigit() and len(text) <= 15:  # noqa: PLR2004 - epoch ms until year 33658
            return int(text)
    return None


def _plain(offsets: Mapping[Any, int]) -> dict[int, int]:
    return {tp.partition: offset for tp, offset in offsets.items()}
