"""One thing to do, and the reminders decided for it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.playbooks.choices import BallWith, Recipient, StepState
from psdelivery.playbooks.definitions import StepDefinition
from psdelivery.playbooks.models.checklist import Anchor, Checklist
from psdelivery.playbooks.models.playbook import PlaybookStep

# What rows of steps show, tell and are put in order by: `StepQuerySet.for_rows`.
ROW_FIELDS = (
    "key", "title", "phase", "order", "period", "owner_role", "state", "done_at",
    "due_at", "due_is_day", "due_day", "due_zone", "late_by_design",
    "evidence_wanted", "sets_anchor", "again", "pinned", "snoozed_until",
    "mail_template",
    "is_delegated", "contact", "ball_with", "ball_since", "open_since",
    "assignee__username", "assignee__first_name", "assignee__last_name", "pool__name",
    "checklist__title", "checklist__parent", "anchor__key",
    "evidence__kind", "evidence__url",
)  # fmt: skip
ENGAGEMENT_FIELDS = (
    "engagement__title", "engagement__kind", "engagement__customer__name",
)  # fmt: skip


class StepQuerySet(models.QuerySet["Step"]):
    def lock(self) -> list[int]:
        """Lock the rows and return their keys; in one order, so that nobody deadlocks.

        A click on a step, a move of its anchor and the scan then wait for each other.
        """
        return [step.pk for step in self.lock_rows()]

    def lock_rows(self) -> "StepQuerySet":
        """Lock the rows as they are read: each with its key and its engagement's."""
        rows = self.select_for_update(of=("self",)).order_by("pk")
        return rows.only("pk", "engagement")

    def open(self) -> "StepQuerySet":
        """Return steps that still wait to be done."""
        return self.filter(state=StepState.OPEN)

    def running(self) -> "StepQuerySet":
        """Return open steps of checklists that are not on hold.

        Few are: to look for those is cheaper than to read all that are not.
        """
        paused = Checklist.objects.filter(pk=OuterRef("checklist"), is_paused=True)
        return self.open().filter(~Exists(paused))

    def late(self, now: datetime) -> "StepQuerySet":
        """Return running steps whose deadline has passed; nothing on hold is late."""
        return self.running().filter(due_at__lte=now)

    def due_between(self, start: datetime, end: datetime) -> "StepQuerySet":
        """Return running steps with start < due_at <= end."""
        return self.running().filter(due_at__gt=start, due_at__lte=end)

    def for_rows(self) -> "StepQuerySet":
        """Fetch what a step row shows, in the same query, and nothing else.

        Reading all columns of seven tables takes longer than showing the rows. What
        a row asks for and `ROW_FIELDS` does not name costs a query of its own.
        """
        return self.with_people().only(*ROW_FIELDS, *ENGAGEMENT_FIELDS)

    def for_rows_of_one(self) -> "StepQuerySet":
        """Fetch the same for the steps of one engagement, which is at hand."""
        owners = self.select_related("assignee", "pool")
        own = owners.select_related("checklist", "anchor", "evidence")
        return own.only(*ROW_FIELDS, "engagement")

    def with_people(self) -> "StepQuerySet":
        """Fetch the step with its owner, and with what it belongs to."""
        return self.select_related(
            "assignee",
            "pool",
            "checklist",
            "anchor",
            "engagement__customer",
            "evidence",
        )

    def with_blocker_count(self) -> "StepQuerySet":
        """Annotate `open_blockers`: how many open steps stand before this one.

        A subquery for the rows that are shown; grouping would count those of all.
        """
        links: models.QuerySet[Any] = Step.blockers.through.objects.filter(
            from_step=OuterRef("pk"), to_step__state=StepState.OPEN
        )
        counted = links.values("from_step").annotate(waits=models.Count("pk"))
        return self.annotate(
            open_blockers=Coalesce(models.Subquery(counted.values("waits")), 0)
        )


class Step(StepDefinition):
    """One thing to do: an owner, a due date, and the evidence that it was done."""

    checklist = models.ForeignKey(
        Checklist, on_delete=models.CASCADE, related_name="steps"
    )
    playbook_step = models.ForeignKey(
        PlaybookStep, on_delete=models.SET_NULL, null=True, blank=True
    )
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="steps",
    )
    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="steps")
    # The anchor that `opens_with` names.
    opening = models.ForeignKey(
        Anchor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opened_steps",
    )
    period = models.PositiveSmallIntegerField(default=0)
    # 0 for the step itself, n for its nth "Re-send …" after a move.
    again = models.PositiveSmallIntegerField(default=0)
    blockers = models.ManyToManyField(
        "self", symmetrical=False, related_name="blocked_steps", blank=True
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
    )
    pool = models.ForeignKey(
        "people.Pool", on_delete=models.PROTECT, null=True, blank=True
    )
    # Given to somebody by hand: it does not follow the holder of the role.
    is_delegated = models.BooleanField(default=False)
    # Where the customer owns it: the assignee is then who chases (section 4).
    contact = models.ForeignKey(
        "people.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
    )
    subject_url = models.CharField(max_length=200, blank=True)
    # Empty: as the owner says (`rules.ball`).
    ball_with = models.CharField(max_length=10, choices=BallWith.choices, blank=True)
    ball_since = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=StepState.choices, default=StepState.OPEN
    )
    due_at = models.DateTimeField(null=True, blank=True)
    due_is_day = models.BooleanField(default=True)
    due_day = models.DateField(null=True, blank=True)
    due_zone = models.CharField(max_length=60, blank=True)
    late_by_design = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)
    # The owner hears nothing more of it before this day (the owner's calendar).
    snoozed_until = models.DateField(null=True, blank=True)
    # Since when it waits: made, brought back, or taken off hold. Reminders that would
    # have left before are not made up for.
    open_since = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    evidence = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True
    )
    note = models.TextField(blank=True)
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["order", "period", "again", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "key", "period", "again"],
                name="step_once_per_period",
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True, pool__isnull=False)
                | Q(assignee__isnull=False, pool__isnull=True),
                name="step_has_exactly_one_owner",
                violation_error_message=_("A step belongs to a person or a pool."),
            ),
            models.CheckConstraint(
                condition=Q(state=StepState.DONE, done_at__isnull=False)
                | (~Q(state=StepState.DONE) & Q(done_at__isnull=True)),
                name="step_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(next_reminder_at__isnull=True) | Q(state=StepState.OPEN),
                name="step_reminds_only_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(state=StepState.OPEN, next_reminder_at__isnull=False),
                name="step_reminder_scan",
            ),
            # With all that the counts of late and coming steps read, so that the
            # rows themselves need not be looked at.
            models.Index(
                fields=["due_at", "assignee", "pool", "engagement", "checklist"],
                condition=Q(state=StepState.OPEN),
                name="step_open_by_due",
            ),
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(state=StepState.OPEN),
                name="step_open_of_assignee",
            ),
            # As above, for what a row of the list of engagements shows.
            models.Index(
                fields=["engagement", "due_at", "checklist", "phase"],
                condition=Q(state=StepState.OPEN),
                name="step_open_of_engagement",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address_of("playbooks:step-detail", self.pk)

    @property
    def tick_url(self) -> str:
        return address_of("playbooks:step-complete", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == StepState.OPEN

    @property
    def has_mail(self) -> bool:
        """Whether a mail does it, or asks the contact whose it is."""
        return bool(self.mail_template) or self.contact_id is not None

    @property
    def tick_way(self) -> str:
        """How the reader of `queries.step_rows` ticks it: "click", "words" or "".

        "words" asks for a note, evidence or a day; "" is not to be ticked (now).
        """
        may_tick = self.is_open and getattr(self, "may_tick", False)
        waits_for_others = bool(getattr(self, "open_blockers", None))
        if not may_tick or waits_for_others:
            return ""
        return "words" if self.wants_words else "click"


class Reminder(models.Model):
    """A reminder decided: once per step, rule and due date, whatever runs twice."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="reminders")
    rule = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    # A digest carries many reminders.
    message = models.ForeignKey(
        "outbox.Message",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
    )

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            #
            models.UniqueConstraint(
                fields=["step", "rule", "due_at"], name="reminder_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for step {self.step_id}"

    @property
    def recipient(self) -> str:
        """Return whom it was for: "coordinator" of the rule "coordinator+1"."""
        return self.rule.replace("+", "-").partition("-")[0]

    @property
    def recipient_words(self) -> str:
        return str(Recipient(self.recipient).label)
