"""A step of somebody's own on the checklist of an engagement."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DayField, LinkField
from engagements.models import Engagement
from psdelivery.calendars import local_moment
from psdelivery.people.choices import EngagementRole
from psdelivery.people.fields import ClockField
from psdelivery.people.models import Contact, User
from psdelivery.people.validators import validate_line, validate_text
from psdelivery.playbooks.choices import EvidenceWanted, Phase
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.rules.adhoc import AdHocStep

TEXT_LENGTH = 5_000


class AddStepForm(forms.Form):
    """What, whose and by when; the owner is a role, a person, or a contact."""

    title = forms.CharField(
        label=_("What is to be done?"), max_length=200, validators=[validate_line]
    )
    owner = forms.ChoiceField(
        label=_("Who does it?"),
        help_text=_("What a contact does is chased by the lead."),
    )
    due_day = DayField(label=_("By which day?"))
    due_time = ClockField(
        label=_("And by what time?"),
        required=False,
        help_text=_("On your clock. Empty: until the end of the day."),
    )
    phase = forms.TypedChoiceField(
        label=_("Phase"), choices=Phase.choices, coerce=int, initial=Phase.PLAN
    )
    instructions = forms.CharField(
        label=_("How?"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    subject_url = LinkField(label=_("Link to what it is about"), max_length=200)
    evidence_wanted = forms.ChoiceField(
        label=_("Evidence wanted"),
        choices=EvidenceWanted.choices,
        initial=EvidenceWanted.NONE,
    )

    def __init__(
        self, engagement: Engagement, owners: Owners, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        contacts = engagement.customer.contacts.filter(is_active=True)
        people = User.objects.active()
        self.people = {f"person:{person.pk}": person for person in people}
        self.contacts = {f"contact:{contact.pk}": contact for contact in contacts}
        field: Any = self.fields["owner"]
        field.choices = [
            ("", _("Choose")),
            (_("Roles"), role_choices(owners)),
            (_("Contacts of the customer"), named(self.contacts)),
            (_("People"), named(self.people)),
        ]

    def asked(self, zone: str) -> AdHocStep:
        """Return what was asked for; a time is one on the clock of the zone."""
        given = dict(self.cleaned_data)
        owner: str = given.pop("owner")
        day: date = given.pop("due_day")
        clock: time | None = given.pop("due_time")
        moment: datetime | None = local_moment(day, clock, zone) if clock else None
        return AdHocStep(
            **given,
            owner_role=owner.removeprefix("role:") if owner[:5] == "role:" else "",
            assignee=self.people.get(owner),
            contact=self.contacts.get(owner),
            due_day=None if moment else day,
            due_at=moment,
        )


def role_choices(owners: Owners) -> list[tuple[str, str]]:
    """Return the roles with who holds them now."""
    return [
        (f"role:{role.value}", f"{role.label} ({owners.by_role[role]})")
        for role in EngagementRole
        if role in owners.by_role and role != EngagementRole.CONTACT
    ]


def named(found: dict[str, User] | dict[str, Contact]) -> list[tuple[str, str]]:
    """Return people by their names, as choices."""
    return [(key, str(one)) for key, one in found.items()]
