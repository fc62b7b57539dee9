"""Who is on the team: at intake by role, later one by one."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import Kind
from engagements.forms.fields import PersonField, ReasonField
from engagements.models import Engagement, TeamMember
from engagements.registry import Booked
from engagements.rules.team import DERIVED_ROLES, FITTING
from engagements.services.handover import Rebooking
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line


def coordinator_role(kind: str) -> EngagementRole:
    """Return which coordinator an engagement of this kind has first."""
    return EngagementRole.TC if kind == Kind.TRAINING else EngagementRole.PC


class PeopleForm(forms.Form):
    """The people who are known when the work is registered."""

    coordinator = PersonField(label=_("Coordinator"), required=False)
    em = PersonField(label=_("Engagement manager"), required=False)
    sal = PersonField(label=_("Account leader (SAL/AE)"), required=False)
    sa = PersonField(label=_("Solutions architect (SA)"), required=False)
    csm = PersonField(label=_("Customer success manager (CSM)"), required=False)

    HOLDERS = {
        "coordinator": Role.COORDINATOR,
        "em": Role.EM,
        "sal": Role.ACCOUNT,
        "sa": Role.ACCOUNT,
        "csm": Role.ACCOUNT,
    }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, role in self.HOLDERS.items():
            self.person_field(name).queryset = User.objects.active().with_role(role)
        if Role.COORDINATOR in user.role_set:
            self.fields["coordinator"].initial = user
        if Role.EM in user.role_set:
            self.fields["em"].initial = user
        if scope_for(user.role_set, Action.ENGAGEMENT_CREATE) is not Scope.ALL:
            self._keep_it_mine(user)

    def person_field(self, name: str) -> PersonField:
        return cast(PersonField, self.fields[name])

    def _keep_it_mine(self, user: User) -> None:
        """Who may register only own work is its engagement manager."""
        field = self.person_field("em")
        field.queryset = User.objects.filter(pk=user.pk)
        field.required, field.empty_label = True, None

    def members(self, kind: str) -> list[TeamMember]:
        """Return the team of a new engagement (not saved)."""
        roles = {
            "coordinator": coordinator_role(kind),
            "em": EngagementRole.EM,
            "sal": EngagementRole.SAL,
            "sa": EngagementRole.SA,
            "csm": EngagementRole.CSM,
        }
        return [
            TeamMember(role=role, person=self.cleaned_data[name])
            for name, role in roles.items()
            if self.cleaned_data[name]
        ]


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    """A person in a role, or the reason for nobody."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            ("", _("Choose the role")),
            *[(r.value, r.label) for r in EngagementRole if r not in DERIVED_ROLES],
        ],
    )
    person = PersonField(
        label=_("Person"), required=False, empty_label=_("Nobody: say why below")
    )
    none_reason = forms.CharField(
        label=_("Why nobody"),
        required=False,
        max_length=200,
        validators=[validate_line],
        help_text=_("Only where the role stays empty."),
    )

    class Meta:
        model = TeamMember
        fields = ["role", "person", "none_reason"]

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.engagement = engagement
        if self.instance.pk:
            self.fields["role"].disabled = True
        else:
            # The people who fit stand first as soon as the role is chosen.
            self.fields["role"].widget.attrs |= {
                "hx-get": reverse("engagements:team-member-add", args=[engagement.pk]),
                "hx-trigger": "change",
                "hx-target": "#div_id_person",
                "hx-select": "#div_id_person",
                "hx-swap": "outerHTML",
            }
        self._offer_people()

    def _offer_people(self) -> None:
        field = cast(PersonField, self.fields["person"])
        here = User.objects.active()
        if self.instance.person_id:
            here |= User.objects.filter(pk=self.instance.person_id)
        field.queryset = here
        role = FITTING.get(str(self["role"].value()))
        if role is None:
            field.offer_in_groups([(_("People"), here)])
            return
        fitting = list(User.objects.active().with_role(role))
        others = [person for person in here if person not in fitting]
        field.offer_in_groups([(role.label, fitting), (_("Others"), others)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "person" in self.errors:
            return cleaned
        nobody = cleaned.get("person") is None
        if nobody and not cleaned.get("none_reason"):
            self.add_error("person", _("Name a person, or the reason for nobody."))
        if not nobody and cleaned.get("none_reason"):
            self.add_error("none_reason", _("A person is named: leave this empty."))
        return cleaned


class RemovalForm(forms.Form):
    """Why somebody goes; said where bookings are released with it."""

    reason = ReasonField(label=_("Why?"), required=False)

    def __init__(self, booked: Sequence[Booked], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = bool(booked)


class HandoverForm(forms.Form):
    """Who takes a role over, and why; what becomes of days that do not fit."""

    person = PersonField(label=_("Who takes over?"))
    unfit = forms.ChoiceField(
        label=_("Bookings that do not fit into the days of who takes over"),
        choices=[
            ("refuse", _("tell me, and change nothing")),
            ("open", _("leave them open, as an unnamed resource")),
        ],
        initial="refuse",
        widget=forms.RadioSelect,
    )
    reason = ReasonField(label=_("Why?"))

    def __init__(
        self, booked: Sequence[Booked], *args: Any, may_book: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.moves_bookings = bool(booked) and may_book
        if not self.moves_bookings:
            del self.fields["unfit"]

    @property
    def rebooking(self) -> Rebooking | None:
        """How the bookings go along; only of a valid form."""
        if not self.moves_bookings:
            return None
        return Rebooking(leaves_open=self.cleaned_data["unfit"] == "open")
