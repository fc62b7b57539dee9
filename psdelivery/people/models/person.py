"""Who logs in, with roles, and the pools that stand behind a role."""

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.people.choices import Role, Theme
from psdelivery.people.models.places import CalendarFields, Practice, Region
from psdelivery.people.validators import validate_line


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
    # Since when the row tells nothing any more of who it was.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    # What says who it is: the history notes that it changed, and never the value.
    personal_fields = frozenset({"username", "first_name", "last_name", "email"})
    # When the request came that the person makes; the middleware says it.
    asked_at: datetime | None = None

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
        return address_of("people:person-detail", self.pk)

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
