"""Deliverables, milestones and risks, as they are typed."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.models import Deliverable, ProjectRisk
from engagements.forms.fields import DayField, PersonField
from engagements.forms.handoff import team_people
from engagements.models import Engagement
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.models import User

TEXT_LENGTH = 5_000


class OwnerField(PersonField):
    """Who of us owns it: the team first; whoever owns it now stays on offer."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Owner"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", _("Nobody yet"))
        super().__init__(**kwargs)

    def offer(self, engagement: Engagement, owner: int | None) -> None:
        """Fill the list; anew for each form, since people come and go."""
        team = team_people(engagement, owner)
        others = User.objects.active().exclude(pk__in=team.values("pk"))
        self.queryset = User.objects.filter(Q(is_active=True) | Q(pk=owner))
        self.offer_in_groups([(_("Team"), team), (_("Others"), others)])


class OwnedForm(EditedTogetherForm):
    """A record of an engagement with an owner of ours."""

    owner = OwnerField()

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast(OwnerField, self.fields["owner"])
        owner.offer(engagement, self.instance.owner_id)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class DeliverableForm(OwnedForm):
    due_on = DayField(label=_("Due"), required=False)

    class Meta:
        model = Deliverable
        fields = ["title", "is_milestone", "owner", "due_on", "acceptance_criteria"]
        labels = {"title": _("What is it?"), "is_milestone": _("Milestone")}
        help_texts = {
            "is_milestone": _("A point to reach; nothing is handed over."),
            "acceptance_criteria": _(
                "When is it done? One in each line, as the customer has seen them."
            ),
        }


class RiskForm(OwnedForm):
    field_order = ["title", "priority", "impact", "owner", "mitigation"]

    class Meta:
        model = ProjectRisk
        fields = [
            "title",
            "priority",
            "impact",
            "owner",
            "mitigation",
            "status",
            "is_escalated",
        ]
        labels = {"title": _("What can happen?"), "status": _("Status")}
        help_texts = {
            "mitigation": _("What is done so that it does not happen, or hurts less."),
            "is_escalated": _("The practice manager is told, and it stands on top."),
        }


class NewRiskForm(RiskForm):
    """A risk that is new: nothing has become of it yet."""

    class Meta(RiskForm.Meta):
        fields = ["title", "priority", "impact", "owner", "mitigation"]
