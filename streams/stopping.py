"""A Faust worker that ends when it is told to, also while Kafka is away.

Faust's own way out waits for the brokers: to leave the group and to commit what we do not need. While they are away
that takes longer than a supervisor waits (30 s). Redis owns the offset, so that ending at once costs nothing but a
batch that is folded again.
"""

import logging
import os
import signal
import threading

import faust

__all__ = ["STOPPED", "STOP_WITHIN_S", "PromptWorker"]

log = logging.getLogger(__name__)

STOP_WITHIN_S = 8.0  # from the signal on; with its servers there a worker needs one or two
STOPPED = 0  # exit code: what Faust's own way out gives


class PromptWorker(faust.Worker):  # type: ignore[misc]  # faust is untyped here
    """Ends in good order within STOP_WITHIN_S of a signal, or else at once; writes nothing but its log."""

    def __init__(self, app: faust.App, **options: object) -> None:
        super().__init__(app, **options)
        self.spinner = None  # its signs for the cursor end in log files too

    def _schedule_shutdown(self, number: signal.Signals) -> None:
        """Called by mode's handlers of SIGTERM and SIGINT, on the main thread."""
        if not self._signal_stop_time:
            deadline = threading.Timer(STOP_WITHIN_S, _end)
            deadline.daemon = True
            deadline.start()
        super()._schedule_shutdown(number)


def _end() -> None:
    log.warning(
        "stopped without taking leave of Kafka, which does not answer; nothing is lost",
        extra={"event": "worker.stopped"},
    )
    logging.shutdown()
    os._exit(STOPPED)
