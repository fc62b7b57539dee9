"""Words of the playbook engine, with their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.IntegerChoices):
    """Framework phases in the order of the progress bar (domain.md, section 0)."""

    PRE_PROJECT = 1, _("Pre-project")
    INITIATE = 2, _("Initiate")
    PLAN = 3, _("Plan")
    DELIVER = 4, _("Deliver")
    VALIDATE = 5, _("Validate")
    CLOSE = 6, _("Close")
    CUSTOMER_SUCCESS = 7, _("Customer success")


class StepState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    CANCELLED = "cancelled", _("cancelled")
    BEFORE_THE_PORTAL = "before_the_portal", _("before the portal")


class CalendarKind(models.TextChoices):
    """Whose calendar a due date is counted on (domain.md, Dates)."""

    CUSTOMER = "customer", _("customer")
    SESSION = "session", _("session")
    OWNER = "owner", _("owner")
    COMPANY = "company", _("company")


class OffsetKind(models.TextChoices):
    """Units of an offset; the values are those of `calendars.OffsetUnit`."""

    DAYS = "days", _("days")
    BUSINESS_DAYS = "business_days", _("business days")
    HOURS = "hours", _("hours")
    BUSINESS_HOURS = "business_hours", _("business hours")
    MONDAYS = "mondays", _("Mondays")
    TUESDAYS = "tuesdays", _("Tuesdays")
    WEDNESDAYS = "wednesdays", _("Wednesdays")
    THURSDAYS = "thursdays", _("Thursdays")
    FRIDAYS = "fridays", _("Fridays")
    SATURDAYS = "saturdays", _("Saturdays")
    SUNDAYS = "sundays", _("Sundays")


class EvidenceWanted(models.TextChoices):
    NONE = "none", _("nothing")
    NOTE = "note", _("a note")
    LINK_OR_FILE = "link_or_file", _("a link or file")


class AfterMove(models.TextChoices):
    """What becomes of a done step when its anchor moves (R-20)."""

    KEEP = "keep", _("keep as done")
    TELL_AGAIN = "tell_again", _("tell again")


class Repeat(models.TextChoices):
    ONCE = "", _("once")
    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")


class Recipient(models.TextChoices):
    """Who a reminder goes to; escalation runs down this list (R-21)."""

    OWNER = "owner", _("owner")
    COORDINATOR = "coordinator", _("coordinator")
    MANAGER = "manager", _("manager")


class BallWith(models.TextChoices):
    """Who must move next (glossary: ball with)."""

    US = "us", _("us")
    CUSTOMER = "customer", _("customer")
    SALES = "sales", _("sales")
    FINANCE = "finance", _("finance")
    NOBODY = "nobody", _("nobody")


class MoveCause(models.TextChoices):
    """Why a date moves (domain.md, section 3: the reason is captured)."""

    CUSTOMER = "customer", _("customer")
    PAPERWORK = "paperwork", _("paperwork")
    US = "us", _("us")
    ILLNESS = "illness", _("illness")
    OTHER = "other", _("other")
