"""When people work, and when they are away (R-23)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import WEEKDAYS, TimeOffKind, TimeOffState
from psdelivery.people.models.person import User
from psdelivery.people.moments import day_text, span_text
from psdelivery.people.validators import validate_line


def hours_of_a_day(name: str) -> Q:
    return Q(**{f"{name}__gte": 0, f"{name}__lte": 24})


class WorkingHours(models.Model):
    """The hours of each weekday from a day on, in quarter hours."""

    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="working_hours"
    )
    valid_from = models.DateField(_("valid from"))
    monday = models.DecimalField(
        _("Monday"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    tuesday = models.DecimalField(
        _("Tuesday"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    wednesday = models.DecimalField(
        _("Wednesday"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    thursday = models.DecimalField(
        _("Thursday"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    friday = models.DecimalField(
        _("Friday"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    saturday = models.DecimalField(
        _("Saturday"), max_digits=4, decimal_places=2, default=Decimal(0)
    )
    sunday = models.DecimalField(
        _("Sunday"), max_digits=4, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        ordering = ["person", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "valid_from"],
                name="working_hours_once_a_day",
                violation_error_message=_("There are hours from this day on already."),
            ),
            *[
                models.CheckConstraint(
                    condition=hours_of_a_day(name),
                    name=f"working_hours_of_{name}_fit_a_day",
                    violation_error_message=_("A day has 0 to 24 hours."),
                )
                for name in WEEKDAYS
            ],
        ]

    def __str__(self) -> str:
        # Without the name: it would stand in the history, which nobody can erase.
        return day_text(self.valid_from)

    @property
    def by_weekday(self) -> list[Decimal]:
        """Return the hours from Monday to Sunday."""
        return [getattr(self, name) for name in WEEKDAYS]


class TimeOffQuerySet(models.QuerySet["TimeOff"]):
    def counting(self) -> "TimeOffQuerySet":
        """Return what counts as away: entered, and neither refused nor cancelled.

        A forgotten approval must not let reminders run into an empty office.
        """
        return self.filter(state__in=[TimeOffState.REQUESTED, TimeOffState.APPROVED])

    def whole_days(self) -> "TimeOffQuerySet":
        """Return what keeps somebody away; off for some hours, people still answer."""
        return self.counting().filter(hours_per_day__isnull=True)


class TimeOff(models.Model):
    """Days on which a person is away, both ends included, and who stands in.

    With `hours_per_day` it takes so many hours of each of these days and no more.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="time_off")
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=TimeOffKind.choices,
        default=TimeOffKind.HOLIDAY,
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours_per_day = models.DecimalField(
        _("hours of each day"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    # Empty: the manager stands in.
    deputy = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputised_time_off",
        verbose_name=_("deputy"),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, validators=[validate_line]
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=TimeOffState.choices,
        default=TimeOffState.REQUESTED,
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(
        max_length=300, blank=True, validators=[validate_line]
    )

    objects = TimeOffQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="time_off_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
                name="time_off_deputy_is_another",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(hours_per_day__isnull=True)
                | Q(hours_per_day__gt=0, hours_per_day__lt=24),
                name="time_off_hours_fit_a_day",
                violation_error_message=_("Part of a day has 0.25 to 23.75 hours."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on", "starts_on"],
                condition=Q(state__in=["requested", "approved"]),
                name="time_off_counting",
            ),
        ]

    def __str__(self) -> str:
        # Without the name, as above.
        return span_text(self.starts_on, self.ends_on)

    def get_absolute_url(self) -> str:
        return reverse("people:time-off-detail", args=[self.pk])

    @property
    def is_whole_days(self) -> bool:
        return self.hours_per_day is None

    @property
    def stands_in(self) -> User | None:
        """R-23: return the deputy, else the manager; nobody for part of a day."""
        return (self.deputy or self.person.manager) if self.is_whole_days else None

    @property
    def days(self) -> int:
        """Return how many days of the calendar it takes."""
        return (self.ends_on - self.starts_on).days + 1
