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
    # Entered by mistake, or replaced by a later one: nothing is released.
    WITHDRAWN = "withdrawn", _("withdrawn")


UNRELEASED = frozenset({Result.WAITING, Result.WITHDRAWN})


class DateOrder(models.TextChoices):
    """How a file writes its days, where nothing else in it says so."""

    YEAR_FIRST = "ymd", _("year first (2027-03-10)")
    DAY_FIRST = "dmy", _("day first (10/03/2027)")
    MONTH_FIRST = "mdy", _("month first (3/10/2027)")


class StepKey:
    """Steps of the shipped playbooks that training itself acts on, by their key.

    Plain words, since a manager may write a playbook without them.
    """

    # Of the engagement, and of the single class.
    WELCOME = "welcome"
    DATES_PROPOSED = "dates-proposed"
    DATES_REMINDER = "dates-reminder"
    DATES_CONFIRMED = "dates-confirmed"
    PLANNING_BOOKED = "planning-meeting-booked"
    PLANNING_ACCEPTED = "planning-meeting-accepted"
    TIMES_CONFIRMED = "times-confirmed"
    EVENT_PLAN_DRAFTED = "event-plan-drafted"
    EVENT_PLAN_COMPLETED = "event-plan-completed"
    MEETING_SET_UP = "meeting-set-up"
    MEETING_EXISTS = "meeting-exists"
    JOIN_LINK = "join-link"
    REGISTRATION_LINK = "registration-link"
    FRIENDLY_REMINDERS = "friendly-reminders"
    CODE_COVERS = "code-covers-class"
    LABS_READY = "labs-ready"
    LAB_CODE = "lab-code"
    LAB_ACCESS = "lab-access-sent"
    HELD = "held"
    NEXT_STEPS = "next-steps"
    CERTIFICATIONS_SETTLED = "certifications-settled"
    CERTIFICATION_REVIEW = "certification-review"
    # Of the trainer, where a class asks for what is done once per person.
    TRAINER_CERTIFIED = "trainer-certified"
    DEMO_ACCOUNT = "demo-cloud-account"
    INTRODUCTION = "course-introduction"
    LATEST_SLIDES = "latest-slides"
    T3_VIDEO = "t3-video"
    # Of the way to a trainer's certification, and of keeping it.
    TRAINER_MATERIALS = "trainer-materials"
    TRAINER_BADGE = "trainer-badge"
    RENEWAL_PREPARED = "trainer-renewal-prepared"
    RENEWAL_DECIDED = "trainer-renewal-decided"
    # Of registrations, attendance and roster of a class.
    REGISTERED_ONE_WEEK = "registered-one-week"
    REGISTERED_TWO_DAYS = "registered-two-days"
    ATTENDEE_REPORT = "attendee-report"
    PARKING_LOT = "parking-lot"
    ROSTER = "roster"
    # Of the engagement.
    ROSTER_IN = "roster-in"
    REVENUE_RELEASED = "revenue-released"


# the anchor with which the step of the lab code opens.
LAB_WINDOW = "lab_window"


class TrainerState(models.TextChoices):
    """How far somebody is with being allowed to teach a course (R-14)."""

    LEARNING = "learning", _("on the way")
    CERTIFIED = "certified", _("certified")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProposalState(models.TextChoices):
    """A date proposal: made, told to the customer, and what became of it."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent, waits for the customer")
    CONFIRMED = "confirmed", _("confirmed")
    LAPSED = "lapsed", _("lapsed without an answer")
    WITHDRAWN = "withdrawn", _("taken back")


OPEN_PROPOSALS = frozenset({ProposalState.DRAFT, ProposalState.SENT})


class DatePattern(models.TextChoices):
    """How the days of a set follow those that somebody typed."""

    DAILY = "daily", _("on the working days that follow")
    WEEKLY = "weekly", _("on the same weekday, week by week")
    TYPED = "typed", _("only on the days typed here")


class TrainerHold(models.TextChoices):
    """Whether and how firmly the days of a class are booked for its trainer."""

    NONE = "none", _("not booked")
    SOFT = "soft", _("booked softly")
    HARD = "hard", _("booked hard")
    ASK = "ask", _("ask coordination to book")


class MeetingAnswer(models.TextChoices):
    """What an invited person says to a planning meeting."""

    WAITING = "waiting", _("no answer yet")
    ACCEPTED = "accepted", _("comes")
    MOVE = "move", _("asks to move it")


class ExtensionState(models.TextChoices):
    """R-12: longer life of a lab code, asked for in the demo systems channel."""

    ASKED = "asked", _("asked for")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class CodeState(models.TextChoices):
    """R-12: how it stands with the code of a class."""

    LIVING = "living", _("living")
    SHORT = "short", _("dies before the last session")
    DEAD = "dead", _("dead")
    DUE = "due", _("none yet, window open")
    COMING = "coming", _("none yet, opens later")
    UNCOVERED = "uncovered", _("no single code covers it")


class AttendeeSource(models.TextChoices):
    REGISTRATION = "registration", _("registration report")
    REPORT = "report", _("attendee report")
    HAND = "hand", _("entered by hand")


class ReportKind(models.TextChoices):
    REGISTRATION = "registration", _("registration report")
    ATTENDEE = "attendee", _("attendee report")


class RowFate(models.TextChoices):
    """What becomes of a row of an imported report."""

    MATCHED = "matched", _("known attendee")
    NEW = "new", _("new attendee")
    DOUBTFUL = "doubtful", _("to be decided")
    IGNORED = "ignored", _("left out")


class SeatOrderState(models.TextChoices):
    """Seats above those sold: asked of the customer, ordered, or not wanted."""

    ASKED = "asked", _("asked of the customer")
    ORDERED = "ordered", _("ordered")
    DECLINED = "declined", _("not wanted")
