"""Words of the schedule, with their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """What a resource request asks for (domain.md, section 3)."""

    ENGAGEMENT = "engagement", _("Customer engagement")
    CREDITABLE = "creditable", _("Internal, creditable")
    NON_CREDITABLE = "non_creditable", _("Internal, non-creditable")
    PLANNING = "planning", _("Planning inquiry")
    CHANGE = "change", _("Change of a booking")
    RELEASE = "release", _("Release of a booking")


INTERNAL_KINDS = frozenset({RequestKind.CREDITABLE, RequestKind.NON_CREDITABLE})
# They are about a booking that stands.
BOOKING_KINDS = frozenset({RequestKind.CHANGE, RequestKind.RELEASE})


class RequestState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    BOOKED = "booked", _("Booked")
    # How a planning inquiry ends: nothing is booked.
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Coordination has to act: the response clock runs.
WAITING_STATES = frozenset(
    {RequestState.SUBMITTED, RequestState.UNDER_REVIEW, RequestState.ACCEPTED}
)
OPEN_REQUEST_STATES = WAITING_STATES | {RequestState.OFFERED}
ENDED_REQUEST_STATES = frozenset(
    {
        RequestState.BOOKED,
        RequestState.ANSWERED,
        RequestState.REFUSED,
        RequestState.WITHDRAWN,
    }
)


class RequestBall(models.TextChoices):
    """Who acts next on a request; nobody once it ended."""

    REQUESTER = "requester", _("the requester")
    COORDINATION = "coordination", _("coordination")
    NOBODY = "nobody", _("nobody")


class Place(models.TextChoices):
    REMOTE = "remote", _("remote")
    ON_SITE = "on_site", _("on site")


class CreditableTask(models.TextChoices):
    """Internal tasks that count (practice.md, section 3)."""

    SKO = "sko", _("Sales kick-off (SKO)")
    CONTRIBUTE = "contribute", _("Contribute")
    COMMIT = "commit", _("Commit")
    SALES_ASSISTANCE = "sales_assistance", _("Sales assistance")
    SUPPORT_ASSISTANCE = "support_assistance", _("Support assistance")
    PRACTICE_DEVELOPMENT = "practice_development", _("Practice development")
    PRODUCT_DEVELOPMENT = "product_development", _("Product development")
    MENTORING = "mentoring", _("Mentoring")
    GRADING = "grading", _("Training course grading")
    TECHNICAL_ARCHITECT = "technical_architect", _("Technical architect")


class NonCreditableTask(models.TextChoices):
    """Internal tasks that do not count (practice.md, section 3)."""

    KNOWLEDGE_SHARING = "knowledge_sharing", _("Knowledge sharing")
    ADMINISTRATION = "administration", _("General administration")
    MEETINGS = "meetings", _("Meetings and staff time")
    TRAVEL = "travel", _("Travel, not to a customer")
    ENABLEMENT = "enablement", _("Personal enablement")


TASKS: dict[str, type[models.TextChoices]] = {
    RequestKind.CREDITABLE: CreditableTask,
    RequestKind.NON_CREDITABLE: NonCreditableTask,
}


class Hold(models.TextChoices):
    """How firm an allocation is; an offer counts as soft (R-7)."""

    SOFT = "soft", _("soft")
    HARD = "hard", _("hard")
    OFFER = "offer", _("offered")


TENTATIVE = frozenset({Hold.SOFT, Hold.OFFER})


class AllocationState(models.TextChoices):
    ACTIVE = "active", _("booked")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("expired")


class ReleaseCause(models.TextChoices):
    """Why a booking changed or ended (domain.md, section 3)."""

    CUSTOMER = "customer", _("customer")
    PAPERWORK = "paperwork", _("paperwork")
    US = "us", _("us")
    ILLNESS = "illness", _("illness")


class DayOff(models.TextChoices):
    """Why somebody cannot work on a day."""

    NONE = "", _("working")
    WEEKEND = "weekend", _("no working day")
    HOLIDAY = "holiday", _("public holiday")
    AWAY = "away", _("away")
    LEFT = "left", _("has left")


class OfferKind(models.TextChoices):
    """The ways out of a conflict (R-7)."""

    AS_ASKED = "as_asked", _("as asked for")
    OTHER_DATES = "other_dates", _("same person, other dates")
    OTHER_PERSON = "other_person", _("other person, same dates")
    SPLIT = "split", _("split")
    DISPLACE = "displace", _("displace a soft hold")


class OfferState(models.TextChoices):
    # Waits for the requester of the soft hold that it would displace.
    ASKING = "asking", _("asking the requester of the soft hold")
    OPEN = "open", _("offered")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    RELEASED = "released", _("released")


OPEN_OFFERS = frozenset({OfferState.ASKING, OfferState.OPEN})


class ConflictCause(models.TextChoices):
    """Facts that are never refused and may leave a booking without capacity (R-6)."""

    TIME_OFF = "time_off", _("time off")
    SICKNESS = "sickness", _("sickness")
    HOLIDAY = "holiday", _("public holiday")
    HOURS = "hours", _("shorter hours")
    LEFT = "left", _("has left")


class ConflictState(models.TextChoices):
    OPEN = "open", _("open")
    RESOLVED = "resolved", _("resolved")


class ExtraDayKind(models.TextChoices):
    WEEKEND = "weekend", _("weekend or holiday")
    OVERTIME = "overtime", _("overtime")
    TRAVEL = "travel", _("travel")


class ExtraDayState(models.TextChoices):
    """An extra day counts once manager and person have both agreed."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class FeedKind(models.TextChoices):
    PERSONAL = "personal", _("my bookings")
    ENGAGEMENT = "engagement", _("an engagement")
    TEAM = "team", _("a team")


class Platform(models.TextChoices):
    ZOOM = "zoom", _("Zoom")
    TEAMS = "teams", _("Microsoft Teams")
    MEET = "meet", _("Google Meet")
    WEBEX = "webex", _("Webex")
    OTHER = "other", _("other")


class Zoom(models.TextChoices):
    """What a column of the board is."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


class BoardPart(models.TextChoices):
    """What of the board is fetched again by itself."""

    ROW = "row", _("a person")
    UNNAMED = "unnamed", _("unnamed demand")
    REQUESTS = "requests", _("requests")


class HoursState(models.TextChoices):
    DRAFT = "draft", _("not confirmed")
    SUBMITTED = "submitted", _("waits for approval")
    RETURNED = "returned", _("sent back")
    APPROVED = "approved", _("approved")


class HoursSource(models.TextChoices):
    PORTAL = "portal", _("confirmed in the portal")
    IMPORTED = "imported", _("imported")
