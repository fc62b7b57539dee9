"""What the list of requests is narrowed to; all of it stands in the address."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import Region, User
from scheduling.choices import RequestBall, RequestKind, RequestState
from scheduling.models import ResourceRequest
from scheduling.queries.requests import (
    ENDED,
    EVERY,
    OPEN,
    WAITING,
    RequestFilter,
    people_asked_for,
)

STATES = [
    ("", _("Open")),
    (WAITING, _("Waiting for coordination")),
    (ENDED, _("Decided")),
    (EVERY, _("All")),
    *RequestState.choices,
]


class RequestFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"data-search": "", "placeholder": _("Customer, title or person")}
        ),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    kind = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[("", _("Any type")), *RequestKind.choices],
    )
    ball = forms.ChoiceField(
        label=_("Ball with"),
        required=False,
        choices=[("", _("Anybody")), *RequestBall.choices],
    )
    person = forms.ModelChoiceField(
        label=_("Person"),
        required=False,
        queryset=User.objects.none(),
        empty_label=_("Everybody"),
    )
    region = forms.ModelChoiceField(
        label=_("Region"),
        required=False,
        queryset=Region.objects.all(),
        empty_label=_("All regions"),
    )
    mine = forms.BooleanField(label=_("Mine only"), required=False)

    def __init__(
        self, *args: Any, within: QuerySet[ResourceRequest], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.queryset = people_asked_for(within)
        people.label_from_instance = str
        for field in self.fields.values():
            if isinstance(field, forms.BooleanField):
                continue
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def wanted(self) -> RequestFilter:
        chosen = self.cleaned_data
        return RequestFilter(
            text=chosen["q"],
            state=chosen["state"] or OPEN,
            kind=chosen["kind"],
            ball=chosen["ball"],
            person_id=chosen["person"].pk if chosen["person"] else None,
            region_id=chosen["region"].pk if chosen["region"] else None,
            mine=chosen["mine"],
        )
