"""The Celery application.

A task is only a hint that says "look": it takes no arguments and the database
holds what there is to do. So a lost or repeated message does no harm.
"""

import os

from celery import Celery

from psdelivery import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psdelivery.settings.embedded")

app = Celery("psdelivery")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

alive.watch()
