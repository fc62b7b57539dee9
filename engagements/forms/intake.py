"""The intake: what is sold to whom, on which paper, when, and who looks after it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import Kind
from engagements.forms.fields import DayField, LinkField, RowsField
from engagements.forms.paper import PaperForm
from engagements.forms.people import PeopleForm
from engagements.models import Engagement, Offering, Paper
from engagements.services.intake import Intake, IntakeChanges
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.models import Contact, User


class OfferingsField(RowsField):
    """Offerings under the headings of the catalogue."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    by_category: Mapping[str, list[Offering]] = {}

    def offer(self, offerings: QuerySet[Offering]) -> None:
        self.queryset = offerings
        found = list(offerings)
        self.by_category = {
            category: [one for one in found if one.category == category]
            for category in dict.fromkeys(one.category for one in found)
        }
        self.choices = [
            (category, [(one.pk, one.title) for one in group])
            for category, group in self.by_category.items()
        ]


def grouped_boxes(
    form: forms.BaseForm,
) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
    """Return the boxes of a form's offerings under the headings of the catalogue."""
    boxes = {str(box.data["value"]): box for box in form["offerings"]}
    field = cast(OfferingsField, form.fields["offerings"])
    return [
        (category, [boxes[str(one.pk)] for one in offered])
        for category, offered in field.by_category.items()
    ]


class EngagementForm(EditedTogetherForm):
    offerings = OfferingsField(
        label=_("Offerings"), queryset=Offering.objects.none(), required=False
    )
    opportunity_url = LinkField(label=_("Link to the opportunity"))
    opportunity_stage = forms.IntegerField(
        label=_("Stage"), required=False, min_value=0, max_value=10
    )
    wished_start = DayField(label=_("Wished start, from"), required=False)
    wished_start_latest = DayField(
        label=_("Wished start, at the latest"), required=False
    )
    planned_end = DayField(label=_("Planned end"), required=False)
    definition_url = LinkField(
        label=_("Project definition"),
        help_text=_("The folder or page where the project is defined."),
    )

    class Meta:
        model = Engagement
        fields = [
            "customer",
            "main_contact",
            "title",
            "kind",
            "offerings",
            "region",
            "practice",
            "opportunity_url",
            "opportunity_stage",
            "forecast_category",
            "wished_start",
            "wished_start_latest",
            "planned_end",
            "definition_url",
            "notes",
        ]
        labels = {
            "customer": _("Customer"),
            "main_contact": _("Main contact"),
            "title": _("Title"),
            "kind": _("Kind"),
            "region": _("Delivery region"),
            "practice": _("Practice"),
            "forecast_category": _("Forecast"),
            "notes": _("Notes"),
        }
        help_texts = {"title": _("What the customer calls it.")}
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offerings"].show_hidden_initial = False
        self._offer_offerings()
        self._offer_contacts()
        if self.instance.pk:
            self.fields["main_contact"].help_text = _(
                "Open homework of the customer goes along."
            )
            # Gate, checklist and history hang on both.
            for name in ("customer", "kind"):
                self.fields[name].disabled = True
                self.fields[name].show_hidden_initial = False
        else:
            self.fields["customer"].widget.attrs |= {
                "hx-get": reverse("engagements:engagement-add"),
                "hx-trigger": "change",
                "hx-target": "#div_id_main_contact",
                "hx-select": "#div_id_main_contact",
                "hx-swap": "outerHTML",
            }

    def _offer_offerings(self) -> None:
        field = cast(OfferingsField, self.fields["offerings"])
        offered = Offering.objects.filter(is_active=True)
        if self.instance.pk:
            offered |= Offering.objects.filter(engagement=self.instance)
        field.offer(offered.distinct())

    @property
    def offering_groups(self) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
        """The boxes of the offerings by category; open where one is ticked."""
        return grouped_boxes(self)

    def _offer_contacts(self) -> None:
        field = cast("forms.ModelChoiceField[Contact]", self.fields["main_contact"])
        customer = self.customer_id
        contacts = Contact.objects.filter(customer=customer, is_active=True)
        if self.instance.main_contact_id:
            contacts |= Contact.objects.filter(pk=self.instance.main_contact_id)
        field.queryset = contacts
        field.error_messages["invalid_choice"] = _(
            "Choose somebody who works at this customer."
        )
        if not customer:
            field.help_text = _("Choose the customer first.")

    @property
    def customer_id(self) -> int | None:
        if self.instance.pk:
            return int(self.instance.customer_id)
        typed = str(self["customer"].value() or "")
        return int(typed) if typed.isdecimal() and len(typed) < 19 else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, latest = cleaned.get("wished_start"), cleaned.get("wished_start_latest")
        if start and latest and latest < start:
            self.add_error(
                "wished_start_latest", _("The latest start lies before the earliest.")
            )
        end = cleaned.get("planned_end")
        if start and end and end < start:
            self.add_error("planned_end", _("The end lies before the start."))
        return cleaned


class IntakeForms:
    """The three forms of the intake page; people only when it is registered."""

    def __init__(
        self,
        user: User,
        data: Any = None,
        files: Any = None,
        *,
        sees_value: bool,
        engagement: Engagement | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        # Given answers would win over those of an engagement that is there already.
        first = first_answers(user, initial) if engagement is None else {}
        self.what = EngagementForm(data, instance=engagement, initial=first)
        self.paper = PaperForm(
            data,
            files,
            prefix="paper",
            instance=engagement.paper if engagement else Paper(),
            sees_value=sees_value,
        )
        self.people = None
        if engagement is None:
            self.people = PeopleForm(user, data, prefix="people")

    @property
    def all(self) -> list[forms.BaseForm]:
        found = [self.what, self.paper, self.people]
        return [form for form in found if form is not None]

    def is_valid(self) -> bool:
        # All of them are asked, so that every mistake is shown at once.
        answers = [form.is_valid() for form in self.all]
        return all(answers)

    def intake(self, *, refuses_double: bool) -> Intake:
        kind = self.what.cleaned_data["kind"]
        return Intake(
            engagement=self.what.instance,
            paper=self.paper.instance,
            offerings=self.what.cleaned_data["offerings"],
            team=self.people.members(kind) if self.people else [],
            paper_file=self.paper.file,
            refuses_double=refuses_double,
        )

    def changes(self) -> IntakeChanges:
        values = dict(self.what.changed_values)
        return IntakeChanges(
            engagement={k: v for k, v in values.items() if k != "offerings"},
            paper=self.paper.changed_values,
            offerings=values.get("offerings"),
            paper_file=self.paper.file,
        )


def first_answers(user: User, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Same as the last time for most: their own region and practice."""
    own = {
        "region": user.region_id,
        "practice": user.practice_id,
        "kind": Kind.CONSULTING,
    }
    return own | dict(given or {})
