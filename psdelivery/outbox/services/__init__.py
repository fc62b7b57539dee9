"""Writes of the outbox: queueing, sending, and what a person decides about a mail."""

from psdelivery.outbox.services.decisions import (
    Decision,
    cancel_message,
    confirm_message,
    retry_message,
)
from psdelivery.outbox.services.queueing import queue_many, queue_message, wake
from psdelivery.outbox.services.sending import (
    BatchResult,
    send_all_due,
    send_batch,
    send_due,
)

__all__ = [
    "BatchResult",
    "Decision",
    "cancel_message",
    "confirm_message",
    "queue_many",
    "queue_message",
    "retry_message",
    "send_all_due",
    "send_batch",
    "send_due",
    "wake",
]
