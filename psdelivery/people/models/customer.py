"""Customers, and whom to write to there."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.people.models.person import User
from psdelivery.people.models.places import CalendarFields
from psdelivery.people.validators import validate_line, validate_text


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
        return address_of("people:customer-detail", self.pk)


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
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    # As of a person: never in the history.
    personal_fields = frozenset({"name", "email", "phone", "job_title"})

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
