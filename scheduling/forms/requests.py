"""What somebody asks for: one form, with the fields that its kind needs."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.choices import DELIVERY_ROLES, EngagementRole, Role
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import User
from scheduling.choices import INTERNAL_KINDS, TASKS, RequestKind
from scheduling.forms.fields import CauseField, HoursField, VersionField
from scheduling.models import ResourceRequest
from scheduling.queries.requests import coordinators, internal_engagements
from scheduling.rules.requests import reasons_of_hours

# Where the reason of a rule stands; others stand above the form.
FIELD_OF = {
    "left": "person",
    "any-days": "any_days",
    "hours-one-way": "hours_per_day",
    "hours-many": "hours_total",
    "engagement-ended": "engagement",
}
# Those that stand above the days.
ABOUT_DAYS = frozenset(
    {
        "ranges-missing",
        "ranges-many",
        "order",
        "overlap",
        "too-long",
        "past",
        "no-working-day",
        "outside-booking",
    }
)
OFFERED_ROLES = [role for role in EngagementRole if role in DELIVERY_ROLES] + [
    EngagementRole.EM,
    EngagementRole.TECHNICAL_ARCHITECT,
]
# Heading -> fields, in the order of the page; the days stand after the first.
WHO, HOURS, WORK, WHY = _("Who"), _("Hours"), _("The work"), _("Say more")
CAUSE = _("Why")
PART = tuple[Promise, tuple[str, ...]]
HOUR_FIELDS = ("hours_per_day", "hours_total")
PARTS: dict[str, tuple[PART, ...]] = {
    RequestKind.ENGAGEMENT: (
        (WHO, ("role", "person", "booking")),
        (HOURS, (*HOUR_FIELDS, "any_days")),
        (WORK, ("place", "language", "zone", "zone_overlap")),
        (WHY, ("note",)),
    ),
    RequestKind.CREDITABLE: (
        (WHO, ("engagement", "task", "person", "coordinator", "booking")),
        (HOURS, HOUR_FIELDS),
        (WHY, ("note",)),
    ),
    RequestKind.PLANNING: (
        (WHO, ("about", "role", "person")),
        (HOURS, (*HOUR_FIELDS, "any_days")),
        (WORK, ("place", "language", "zone", "zone_overlap")),
        (WHY, ("note",)),
    ),
    RequestKind.CHANGE: (
        (CAUSE, ("cause", "note")),
        (WHO, ("person", "booking")),
        (HOURS, HOUR_FIELDS),
    ),
    RequestKind.RELEASE: ((CAUSE, ("cause", "note")),),
}
PARTS[RequestKind.NON_CREDITABLE] = PARTS[RequestKind.CREDITABLE]
KINDS_WITH_SKILLS = frozenset({RequestKind.ENGAGEMENT, RequestKind.PLANNING})


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    """A request of the kind that its instance has; the days and skills are rows."""

    version = VersionField(required=False)
    hours_per_day = HoursField(label=_("Hours a day"), of_a_day=True)
    hours_total = HoursField(label=_("Or: hours in total"))
    any_days = forms.IntegerField(
        label=_("Only so many of these days"),
        required=False,
        min_value=1,
        max_value=731,
        help_text=_("Empty: all of them. 3 means any three days between."),
    )
    zone = ZoneField(
        label=_("Time zone of the work"),
        required=False,
        help_text=_("The clock of the customer's people. Type a city: Sydney …"),
    )
    zone_overlap = forms.IntegerField(
        label=_("Hours of their day in common"),
        required=False,
        min_value=0,
        max_value=8,
        help_text=_("Of 09:00 to 17:00 there."),
    )
    cause = CauseField()

    class Meta:
        model = ResourceRequest
        fields = [
            "engagement",
            "about",
            "role",
            "booking",
            "person",
            "hours_per_day",
            "hours_total",
            "any_days",
            "place",
            "language",
            "zone",
            "zone_overlap",
            "task",
            "note",
            "coordinator",
            "cause",
        ]
        labels = {
            "about": _("What is it about?"),
            "engagement": _("Booked on"),
            "person": _("Somebody by name"),
            "coordinator": _("Mention the project coordinator"),
        }
        help_texts = {
            "booking": _("Soft is tentative and expires; hard is committed."),
            "about": _("There is no engagement yet: say it in a few words."),
            "coordinator": _("They are told. Empty: the coordinators of your region."),
            "language": _("Only where it matters."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        kept = {name for _title, names in self.parts for name in names} | {"version"}
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.require("role", "about", "task", "engagement")
        self.offer_people()
        self.offer_roles_and_tasks()

    @property
    def kind(self) -> str:
        return str(self.instance.kind)

    @property
    def parts(self) -> tuple[PART, ...]:
        return PARTS[self.kind]

    @property
    def sections(self) -> list[tuple[Promise, list[BoundField]]]:
        """The fields under their headings, as the page shows them."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.parts
        ]

    def require(self, *names: str) -> None:
        for name in names:
            if name in self.fields:
                self.fields[name].required = True

    def offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields.get(name)
        if field is not None:
            field.queryset = rows
            field.label_from_instance = str

    def offer_people(self) -> None:
        """Offer who works here; who asks for internal time as an engineer is it."""
        present = User.objects.filter(pk=self.instance.person_id)
        active = User.objects.active()
        is_own = scope_for(self.user.role_set, Action.RESOURCE_REQUEST) <= Scope.SELF
        if is_own and self.kind in INTERNAL_KINDS:
            active = active.filter(pk=self.user.pk)
        self.offer("person", active | present if self.instance.person_id else active)
        self.offer("coordinator", coordinators())
        self.offer("engagement", internal_engagements())
        if self.kind in INTERNAL_KINDS:
            self.require("person")
            self.fields["person"].label = _("For")
            self.fields["person"].help_text = ""

    def offer_roles_and_tasks(self) -> None:
        role: Any = self.fields.get("role")
        if role is not None:
            named = [(role.value, role.label) for role in OFFERED_ROLES]
            role.choices = [("", _("Choose")), *named]
        if "task" in self.fields:
            choices = [("", _("Choose")), *TASKS[self.kind].choices]
            self.fields["task"] = forms.ChoiceField(label=_("Task"), choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "hours_per_day" in self.fields and not self.has_hour_errors():
            hours = (cleaned.get("hours_per_day"), cleaned.get("hours_total"))
            for reason in reasons_of_hours(*hours):
                self.add_error("hours_per_day", reason.sentence)
        lacks_zone = not cleaned.get("zone") and "zone" not in self.errors
        if cleaned.get("zone_overlap") is not None and lacks_zone:
            self.add_error("zone", _("Say in which time zone."))
        if self.kind == RequestKind.RELEASE and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say why."))
        return cleaned

    def has_hour_errors(self) -> bool:
        return bool(set(HOUR_FIELDS) & self.errors.keys())


# What somebody is booked as who is asked for without a role, by what they are.
ROLES = {
    Role.PSE: EngagementRole.PSE,
    Role.PARTNER: EngagementRole.PSE,
    Role.TRAINER: EngagementRole.TRAINER,
    Role.TECHNICAL_ARCHITECT: EngagementRole.TECHNICAL_ARCHITECT,
    Role.PM: EngagementRole.PM,
    Role.EM: EngagementRole.EM,
    Role.COORDINATOR: EngagementRole.PC,
    Role.PRACTICE_MANAGER: EngagementRole.PRACTICE_MANAGER,
    Role.LEADERSHIP: EngagementRole.LEADERSHIP,
}


def usual_role(person: User) -> EngagementRole:
    """Return the role in which a person's internal time is booked."""
    held = (role for known, role in ROLES.items() if known in person.role_set)
    return next(held, EngagementRole.PSE)
