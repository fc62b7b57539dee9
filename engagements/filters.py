"""The filters of the list of engagements; all of them stand in the address."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import engagement_condition
from engagements.choices import BallWith, Kind, Status
from engagements.models import Engagement
from engagements.queries import (
    due_condition,
    late_condition,
    with_list_facts,
    with_next_due,
)
from engagements.turns import PARTIES, had_ball, with_ball_days
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.listing import sorted_by
from psdelivery.people.models import Practice, Region
from psdelivery.playbooks.choices import Phase

LONGEST_DUE = 365
# The look of the controls, as the other lists have it.
CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
BOX = {"class": "form-check-input"}
SORTS = {
    "customer": ("customer__name", "title"),
    "kind": ("kind",),
    "status": ("status_order",),
    "phase": ("phase_now",),
    "due": ("next_due_at",),
    "late": ("late_steps",),
    "ball": ("ball_with", "ball_since"),
    "new": ("pk",),
}


def boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs=BOX)


class EngagementFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    q = django_filters.CharFilter(
        label=_("Search"),
        method="filter_words",
        max_length=100,
        widget=forms.SearchInput(
            attrs=CONTROL | {"data-search": "", "placeholder": _("Customer or title")}
        ),
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=boxes()
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=Kind.choices, widget=boxes()
    )
    phase = django_filters.ChoiceFilter(
        label=_("Phase"),
        field_name="phase_now",
        choices=Phase.choices,
        widget=forms.Select(attrs=SELECT),
        empty_label=_("Any phase"),
    )
    practice = django_filters.ModelChoiceFilter(
        label=_("Practice"),
        queryset=Practice.objects.all(),
        widget=forms.Select(attrs=SELECT),
        empty_label=_("All practices"),
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Region"),
        queryset=Region.objects.all(),
        widget=forms.Select(attrs=SELECT),
        empty_label=_("All regions"),
    )
    ball_with = django_filters.ChoiceFilter(
        label=_("Ball with"),
        choices=BallWith.choices,
        widget=forms.Select(attrs=SELECT),
        empty_label=_("Anybody"),
    )
    ball_days = django_filters.ChoiceFilter(
        label=_("Days with"),
        choices=[(party.value, party.label) for party in PARTIES],
        method="filter_ball_days",
        widget=forms.Select(attrs=SELECT),
        empty_label=_("Anybody"),
    )
    due = django_filters.NumberFilter(
        label=_("Due within days"),
        method="filter_due",
        min_value=1,
        max_value=LONGEST_DUE,
        decimal_places=0,
        widget=forms.NumberInput(attrs=CONTROL),
    )
    late = django_filters.BooleanFilter(
        label=_("Late steps"), method="filter_late", widget=forms.CheckboxInput(BOX)
    )
    mine = django_filters.BooleanFilter(
        label=_("Mine"), method="filter_mine", widget=forms.CheckboxInput(BOX)
    )

    portfolio = django_filters.BooleanFilter(
        label=_("In my portfolio"),
        method="filter_portfolio",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Engagement
        fields: list[str] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def filter_words(
        self, rows: QuerySet[Engagement], name: str, value: str
    ) -> QuerySet[Engagement]:
        for word in value.split():
            rows = rows.filter(
                Q(customer__name__icontains=word) | Q(title__icontains=word)
            )
        return rows

    def filter_due(
        self, rows: QuerySet[Engagement], name: str, value: Any
    ) -> QuerySet[Engagement]:
        end = self.now + timedelta(days=int(value))
        return rows.filter(due_condition(self.now, end))

    def filter_ball_days(
        self, rows: QuerySet[Engagement], name: str, value: str
    ) -> QuerySet[Engagement]:
        return rows.filter(had_ball(value))

    def filter_late(
        self, rows: QuerySet[Engagement], name: str, value: bool | None
    ) -> QuerySet[Engagement]:
        return rows.filter(late_condition(self.now)) if value else rows

    def filter_mine(
        self, rows: QuerySet[Engagement], name: str, value: bool | None
    ) -> QuerySet[Engagement]:
        if not value:
            return rows
        return rows.filter(engagement_condition(self.request.user, Scope.OWN, ""))

    def filter_portfolio(
        self, rows: QuerySet[Engagement], name: str, value: bool | None
    ) -> QuerySet[Engagement]:
        if not value:
            return rows
        user = self.request.user
        scope = scope_for(user.role_set, Action.PORTFOLIO_SEE)
        return rows.filter(engagement_condition(user, scope, ""))


def filtered(
    rows: QuerySet[Engagement], request: HttpRequest, now: datetime
) -> EngagementFilter:
    """Return the list that the address asks for, in the order that it asks for."""
    listed = with_list_facts(rows, now).select_related("customer", "paper")
    wanted = request.GET.get("sort", "").removeprefix("-")
    if wanted == "due":
        listed = with_next_due(listed, now)
    if wanted == "status":
        listed = listed.annotate(status_order=status_order())
    party, sorts, usual = request.GET.get("ball_days", ""), SORTS, "-new"
    if party in PARTIES:
        listed = with_ball_days(listed, party, now)
        sorts, usual = SORTS | {"days": ("days_with",)}, "-days"
    listed = sorted_by(listed, request, sorts, default=usual)
    return EngagementFilter(request.GET, listed, request=request, now=now)


def status_order() -> Case:
    """Statuses in the order of an engagement's life, not of the alphabet."""
    return Case(
        *[When(status=status, then=Value(n)) for n, status in enumerate(Status)],
        output_field=IntegerField(),
    )
