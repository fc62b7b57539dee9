"""Filters of the list of steps; every one stands in the address."""

from datetime import datetime, timedelta
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import Kind
from psdelivery.access import Action, Scope, scope_for
from psdelivery.dashboards.queries import AHEAD_DAYS
from psdelivery.people.models import Pool, User
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.queries import owned_by, steps_within

WHEN = (
    ("late", _("late")),
    ("ahead", _("due in the next 14 days")),
    ("dated", _("open with a date")),
    ("undated", _("open, waiting for a date")),
    ("done", _("done")),
)


class StepFilter(django_filters.FilterSet):  # type: ignore[misc]  # has no types
    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("step, customer or owner")}),
    )
    when = django_filters.ChoiceFilter(
        label=_("When"), choices=WHEN, method="by_when", empty_label=_("all open")
    )
    mine = django_filters.BooleanFilter(
        label=_("Mine only"), method="by_mine", widget=forms.CheckboxInput
    )
    # Comes with a link: a list of all people would be the longest part of the page.
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"),
        field_name="assignee",
        queryset=User.objects.filter(is_active=True),
        widget=forms.HiddenInput,
    )
    pool = django_filters.ModelChoiceFilter(
        label=_("Pool"), queryset=Pool.objects.all(), empty_label=_("any")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        field_name="engagement__kind",
        choices=Kind.choices,
        empty_label=_("any"),
    )
    phase = django_filters.ChoiceFilter(
        label=_("Phase"), choices=Phase.choices, empty_label=_("any")
    )
    portfolio = django_filters.BooleanFilter(
        label=_("In my portfolio"), method="by_portfolio", widget=forms.CheckboxInput
    )

    class Meta:
        model = Step
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        self.user, self.now = user, now
        super().__init__(*args, **kwargs)
        if scope_for(user.role_set, Action.PORTFOLIO_SEE) is Scope.NONE:
            del self.filters["portfolio"]

    def filter_queryset(self, queryset: StepQuerySet) -> StepQuerySet:
        if not self.form.cleaned_data.get("when"):
            queryset = queryset.running()
        return cast(StepQuerySet, super().filter_queryset(queryset))

    def by_words(self, steps: StepQuerySet, name: str, value: str) -> StepQuerySet:
        for word in value.split():
            steps = steps.filter(
                Q(title__icontains=word)
                | Q(engagement__customer__name__icontains=word)
                | Q(engagement__title__icontains=word)
                | Q(assignee__first_name__icontains=word)
                | Q(assignee__last_name__icontains=word)
            )
        return steps

    def by_when(self, steps: StepQuerySet, name: str, value: str) -> StepQuerySet:
        soon = self.now + timedelta(days=AHEAD_DAYS)
        answers = {
            "late": lambda: steps.late(self.now),
            "ahead": lambda: steps.due_between(self.now, soon),
            "dated": lambda: steps.running().filter(due_at__isnull=False),
            "undated": lambda: steps.running().filter(due_at__isnull=True),
            "done": lambda: steps.filter(state=StepState.DONE),
        }
        return answers[value]()

    def by_mine(self, steps: StepQuerySet, name: str, value: bool) -> StepQuerySet:
        return steps.filter(owned_by(self.user)) if value else steps

    def by_portfolio(self, steps: StepQuerySet, name: str, value: bool) -> StepQuerySet:
        if not value:
            return steps
        within = steps_within(self.user, Action.PORTFOLIO_SEE)
        return steps.filter(pk__in=within.order_by().values("pk")).exclude(
            engagement=None
        )
