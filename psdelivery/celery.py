"""The Celery application.

A task is only a hint that says "look": it takes no arguments and the database
holds what there is to do. So a lost or repeated message does no harm.
"""

import os

from celery import Celery
from celery.signals import beat_init, before_task_publish, heartbeat_sent

from psdelivery.probe import sign_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psdelivery.settings.embedded")

app = Celery("psdelivery")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@heartbeat_sent.connect
def worker_lives(**_: object) -> None:
    """Give the worker's sign of life that the health check reads."""
    sign_of("worker").touch()


def beat_lives(**_: object) -> None:
    """Give beat's sign of life: it publishes."""
    sign_of("beat").touch()


@beat_init.connect
def watch_beat(**_: object) -> None:
    """Take a published task as beat's sign only in the process that is beat."""
    beat_lives()
    before_task_publish.connect(beat_lives)
