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


class StepKey:
    """Steps of the shipped playbooks that training itself acts on, by their key.

    Plain words, since a manager may write a playbook without them.
    """

    # Of the engagement, and of the single class.
    DATES_CONFIRMED = "dates-confirmed"
    TIMES_CONFIRMED = "times-confirmed"
    MEETING_SET_UP = "meeting-set-up"
    REGISTRATION_LINK = "registration-link"
    LABS_READY = "labs-ready"
    LAB_CODE = "lab-code"
    LAB_ACCESS = "lab-access-sent"
    HELD = "held"
    NEXT_STEPS = "next-steps"
    CERTIFICATIONS_SETTLED = "certifications-settled"
    CERTIFICATION_REVIEW = "certification-review"
