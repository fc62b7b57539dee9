"""Words of training, with their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Place(models.TextChoices):
    REMOTE = "remote", _("remote")
    ON_SITE = "on_site", _("on site")


class Platform(models.TextChoices):
    MEETING = "meeting", _("meeting")
    WEBINAR = "webinar", _("webinar")


class Result(models.TextChoices):
    WAITING = "waiting", _("waiting for review")
    PASSED = "passed", _("passed")
    NOT_PASSED = "not_passed", _("not passed")
