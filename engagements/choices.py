"""Words of the engagement, with their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from psdelivery.playbooks.choices import BallWith as BallWith


class Kind(models.TextChoices):
    CONSULTING = "consulting", _("Consulting")
    TRAINING = "training", _("Training")
    BLENDED = "blended", _("Blended")
    DEDICATED = "dedicated", _("Dedicated engineer")
    INTERNAL = "internal", _("Internal")


KINDS_WITH_TRAINING = frozenset({Kind.TRAINING, Kind.BLENDED})
KINDS_WITH_KICKOFF = frozenset({Kind.CONSULTING, Kind.BLENDED})


class Status(models.TextChoices):
    ESTIMATE = "estimate", _("Estimate")
    PROSPECT = "prospect", _("Prospect")
    IN_SETUP = "in_setup", _("In set-up")
    OKAY_TO_START = "okay_to_start", _("Okay to start")
    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    BACKLOG = "backlog", _("Backlog")
    CLOSED = "closed", _("Closed")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATUSES = frozenset(
    {
        Status.ESTIMATE,
        Status.PROSPECT,
        Status.IN_SETUP,
        Status.OKAY_TO_START,
        Status.ACTIVE,
        Status.ON_HOLD,
        Status.BACKLOG,
    }
)
PAUSED_STATUSES = frozenset({Status.ON_HOLD, Status.BACKLOG})
ENDED_STATUSES = frozenset({Status.CLOSED, Status.COMPLETED, Status.CANCELLED})


class PaperKind(models.TextChoices):
    SOW = "sow", _("Statement of work (SOW)")
    ORDER_FORM = "order_form", _("Order form")


class BillingTerms(models.TextChoices):
    """domain.md, section 1: billing terms."""

    UPON_SOW = "upon_sow", _("upon SOW execution")
    UPON_ORDER_FORM = "upon_order_form", _("upon order form execution")
    TIME_AND_MATERIALS = "time_and_materials", _("time & materials")
    BY_MILESTONE = "by_milestone", _("by milestone")
    HALF_HALF = "half_half", _("half / half")
    AT_COMPLETION = "at_completion", _("at completion")


class ForecastCategory(models.TextChoices):
    OMITTED = "omitted", _("Omitted")
    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", _("Closed")


class Condition(models.TextChoices):
    """Conditions of the resource gate (R-2), in the order they are met in practice."""

    CUSTOMER_SIGNATURE = "customer_signature", _("Customer's signature")
    BILLING_TERMS = "billing_terms", _("Billing terms")
    CLOSED_WON = "closed_won", _("Closed-won recorded")
    AGREEMENT = "agreement", _("MSA/PSA")
    COUNTERSIGNATURE = "countersignature", _("Countersignature")
    QUOTE = "quote", _("Quote")
    FORECAST = "forecast", _("Forecast")
    SKILLS = "skills", _("Skills named")


class Blocks(models.TextChoices):
    """What an unmet condition of the gate stands against (R-2)."""

    HARD_BOOKING = "hard_booking", _("blocks hard booking")
    FIRST_DAY = "first_day", _("blocks the first delivery day")
    NOTHING = "nothing", _("advice")


class RiskState(models.TextChoices):
    """Work at risk (R-3): asked for, and what became of it."""

    REQUESTED = "requested", _("asked for")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")
    ENDED = "ended", _("ended")


class Booking(models.TextChoices):
    SOFT = "soft", _("soft")
    HARD = "hard", _("hard")


class AssessmentOutcome(models.TextChoices):
    GO = "go", _("go")
    NO_GO = "no_go", _("no-go")
    REWORK = "rework", _("rework")


class ChangeKind(models.TextChoices):
    """Change orders, and work exceptions (domain.md, section 1)."""

    DATES = "dates", _("Change order (dates)")
    SCOPE = "scope", _("Change order (scope)")
    EXTENSION = "extension", _("Change order (extension)")
    OVER_TIME = "over_time", _("Work exception (over time)")
    OVER_BUDGET = "over_budget", _("Work exception (over budget)")


CHANGE_ORDERS = frozenset({ChangeKind.DATES, ChangeKind.SCOPE, ChangeKind.EXTENSION})


class ExceptionReason(models.TextChoices):
    """What made the work go over (practice.md, section 1)."""

    PRODUCT = "product", _("product")
    PS = "ps", _("professional services")
    SCOPING = "scoping", _("scoping")
    TIME = "time", _("time")


class ChangeState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class UnitKind(models.TextChoices):
    CLASS = "class", _("classes")
    SEAT = "seat", _("seats")
    HOUR_BLOCK = "hour_block", _("hour blocks")


class BookingChoice(models.TextChoices):
    """What becomes of a booking when the work is set aside or ends."""

    KEEP = "keep", _("keep")
    SOFT = "soft", _("make soft")
    RELEASE = "release", _("release")


class HandoffForm(models.TextChoices):
    """How the handoff is done: in a call, or by the written record alone."""

    CALL = "call", _("call")
    WRITTEN = "written", _("written")


class Maturity(models.TextChoices):
    PLANNED = "planned", _("Planned")
    MINIMAL = "minimal", _("Minimal")
    VIABLE = "viable", _("Viable")
    COMPLETE = "complete", _("Complete")
    LOVABLE = "lovable", _("Lovable")


# Currencies that papers are written in, the most frequent first.
CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "AUD",
    "CAD",
    "DKK",
    "INR",
    "JPY",
    "NOK",
    "NZD",
    "PLN",
    "SEK",
    "SGD",
)
