"""People, where they work and what they are; customers and whom to write to."""

from functools import cached_property, lru_cache
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import Calendar, country_choices
from psdelivery.people.choices import Role, Theme
from psdelivery.people.validators import (
    validate_country,
    validate_line,
    validate_subdivision,
    validate_text,
    validate_zone,
)

DEFAULT_ZONE = "Europe/Berlin"


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return the name of each country by its two letters."""
    return dict(country_choices())


class CalendarFields(models.Model):
    """Zone and holidays that deadlines of this person or place are counted by."""

    zone = models.CharField(
        _("time zone"), max_length=60, default=DEFAULT_ZONE, validators=[validate_zone]
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text=_("Two letters, such as DE. Decides weekends and public holidays."),
    )
    subdivision = models.CharField(
        _("state or province"),
        max_length=10,
        blank=True,
        help_text=_("Short code, such as BE for Berlin. Decides regional holidays."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        validate_subdivision(self.country, self.subdivision)

    @property
    def calendar(self) -> Calendar:
        """Return the calendar that due dates are counted on."""
        return Calendar(self.zone, self.country, self.subdivision)

    @property
    def place(self) -> str:
        """Return country and subdivision as people read them; empty when not known."""
        name = country_names().get(self.country, self.country)
        return f"{name} ({self.subdivision})" if self.subdivision else name


class Region(CalendarFields):
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    code = models.SlugField(_("code"), max_length=20, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Practice(models.Model):
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    manager = models.ForeignKey(
        "people.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_practices",
        verbose_name=_("practice manager"),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        """Return people who have not left."""
        return self.filter(is_active=True)

    def with_role(self, *roles: str) -> "UserQuerySet":
        """Return people who hold one of the roles, each once."""
        holders = RoleGrant.objects.filter(role__in=roles).values("user_id")
        return self.filter(pk__in=holders)


class PersonManager(UserManager["User"]):
    """`create_user` and friends of Django, with the questions of `UserQuerySet`."""

    def get_queryset(self) -> UserQuerySet:
        """Return people as `UserQuerySet`."""
        return UserQuerySet(self.model, using=self._db)

    def active(self) -> UserQuerySet:
        """Return people who have not left."""
        return self.get_queryset().active()

    def with_role(self, *roles: str) -> UserQuerySet:
        """Return people who hold one of the roles, each once."""
        return self.get_queryset().with_role(*roles)


class User(AbstractUser, CalendarFields):
    """A person who logs in. Who left stays, inactive, for the sake of the history."""

    username = models.CharField(
        _("log-in name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Somebody has this log-in name already.")},
    )
    first_name = models.CharField(
        _("first name"), max_length=150, blank=True, validators=[validate_line]
    )
    last_name = models.CharField(
        _("last name"), max_length=150, blank=True, validators=[validate_line]
    )
    email = models.EmailField(_("e-mail address"))
    practice = models.ForeignKey(
        Practice,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("practice"),
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("region"),
    )
    manager = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("manager"),
    )
    theme = models.CharField(
        _("colours"), max_length=5, choices=Theme.choices, default=Theme.AUTO
    )

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody has this e-mail address already."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_once",
                violation_error_message=_("Somebody has this log-in name already."),
            ),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=models.F("pk")),
                name="user_is_not_own_manager",
                violation_error_message=_("Nobody is their own manager."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("people:person-detail", args=[self.pk])

    def clean(self) -> None:
        super().clean()
        # Django's own `clean` does not lead on to that of the calendar.
        CalendarFields.clean(self)
        # People type their address in any case; log-in and reset must find it.
        self.email = self.email.lower()

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def role_set(self) -> frozenset[str]:
        """Return the roles held; one query, none where they were prefetched."""
        held = {grant.role for grant in self.role_grants.all()}
        if self.is_superuser:
            # The first person, made at the command line, has no grants.
            held.add(Role.ADMINISTRATOR)
        return frozenset(map(str, held))


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_granted_once"),
        ]
        indexes = [models.Index(fields=["role", "user"], name="role_grant_by_role")]

    def __str__(self) -> str:
        return self.get_role_display()


class Pool(models.Model):
    """Whoever holds a role in a region; owns steps until one of them takes over."""

    name = models.CharField(max_length=120, validators=[validate_line])
    role = models.CharField(max_length=30, choices=Role.choices)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pools",
        help_text=_("Without a region: everybody with the role."),
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "region"], name="pool_once_per_role_and_region"
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(region__isnull=True),
                name="pool_once_per_role_without_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(CalendarFields):
    name = models.CharField(_("name"), max_length=200, validators=[validate_line])
    notes = models.TextField(_("notes"), blank=True, validators=[validate_text])
    created_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="customer_name_once",
                violation_error_message=_("There is a customer of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:customer-detail", args=[self.pk])


class Contact(models.Model):
    """A person at the customer, without log-in."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=150, validators=[validate_line])
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True, validators=[validate_line]
    )
    job_title = models.CharField(
        _("job title"), max_length=120, blank=True, validators=[validate_line]
    )
    is_active = models.BooleanField(
        _("still works there"),
        default=True,
        help_text=_("Nobody writes to a contact who has left."),
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "customer",
                Lower("email"),
                condition=~Q(email=""),
                name="contact_email_once_per_customer",
                violation_error_message=_(
                    "This customer has a contact with this address already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SettingValue(models.Model):
    """A setting that differs from its default; see `people.register`."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
