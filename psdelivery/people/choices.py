"""Words for people: what somebody is, and what somebody is on an engagement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in the company; the columns of the access table."""

    COORDINATOR = "coordinator", _("Coordinator")
    PM = "pm", _("Project manager")
    EM = "em", _("Engagement manager")
    PSE = "pse", _("Professional services engineer")
    TRAINER = "trainer", _("Trainer")
    ACCOUNT = "account", _("Account team")
    PRACTICE_MANAGER = "practice_manager", _("Practice manager")
    LEADERSHIP = "leadership", _("Leadership")
    FINANCE = "finance", _("Finance")
    ADMINISTRATOR = "administrator", _("Administrator")
    TECHNICAL_ARCHITECT = "technical_architect", _("Technical architect")
    PARTNER = "partner", _("Partner consultant")


class EngagementRole(models.TextChoices):
    """What a person is on an engagement; also who owns a step of a playbook."""

    PC = "pc", _("Project coordinator")
    TC = "tc", _("Training coordinator")
    PM = "pm", _("Project manager")
    EM = "em", _("Engagement manager")
    PSE = "pse", _("Professional services engineer")
    TRAINER = "trainer", _("Trainer")
    SAL = "sal", _("Strategic account leader")
    SA = "sa", _("Solutions architect")
    CSM = "csm", _("Customer success manager")
    TECHNICAL_ARCHITECT = "technical_architect", _("Technical architect")
    PRACTICE_MANAGER = "practice_manager", _("Practice manager")
    LEADERSHIP = "leadership", _("Leadership")
    FINANCE = "finance", _("Finance")
    INSTRUCTIONAL_DESIGNER = "instructional_designer", _("Instructional designer")
    SUPPORT_OPERATIONS = "support_operations", _("Support operations")
    LEAD = "lead", _("Lead")
    CONTACT = "contact", _("Customer contact")


ACCOUNT_ROLES = frozenset({EngagementRole.SAL, EngagementRole.SA, EngagementRole.CSM})
DELIVERY_ROLES = frozenset(
    {
        EngagementRole.PM,
        EngagementRole.PSE,
        EngagementRole.TRAINER,
        EngagementRole.TC,
        EngagementRole.PC,
    }
)


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class SkillLevel(models.IntegerChoices):
    """How well somebody does something, in words that a manager can confirm."""

    LEARNING = 1, _("learning")
    ASSISTS = 2, _("assists")
    DELIVERS = 3, _("delivers alone")
    LEADS = 4, _("leads and teaches")


WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class TimeOffKind(models.TextChoices):
    HOLIDAY = "holiday", _("holiday")
    SICKNESS = "sickness", _("sickness")
    PARENTAL = "parental", _("parental leave")
    TRAINING = "training", _("own training")
    OTHER = "other", _("other")


class TimeOffState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")


class NotificationDelivery(models.TextChoices):
    IMMEDIATE = "immediate", _("at once")
    DIGEST = "digest", _("once a day, together")
