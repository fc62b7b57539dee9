"""Reads of steps that need more than a queryset method."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import resolve

from psdelivery.access import Action, Scope, needed_for, scope_for
from psdelivery.history.models import EventQuerySet
from psdelivery.history.queries import events_for_subject
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.registry import reach


def owned_by(user: User) -> Q:
    """Return the condition: the step is the person's, or waits for a pool of theirs."""
    return Q(assignee=user) | Q(pool__in=pools_of(user))


def step_condition(user: User, scope: Scope) -> Q:
    """Return the condition for steps that lie in the scope."""
    if scope >= Scope.ALL:
        return Q()
    if scope < Scope.OWN_STEPS:
        return Q(pk__in=[])
    if scope == Scope.OWN_STEPS:
        return owned_by(user)
    return owned_by(user) | reach.condition(user, scope, "engagement")


def steps_within(user: User, action: Action) -> StepQuerySet:
    """Return the steps that the person's roles reach with this action."""
    return Step.objects.filter(step_condition(user, scope_for(user.role_set, action)))


def visible_steps(user: User) -> StepQuerySet:
    """Return the steps that the person may see: those of visible engagements, and own.

    An engagement in somebody's own scope brings all its steps with it.
    """
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    if scope >= Scope.ALL:
        # An empty condition says nothing in an "or": it would leave only the own steps.
        return Step.objects.all()
    return Step.objects.filter(owned_by(user) | step_condition(user, scope))


def step_rows(user: User, steps: StepQuerySet) -> StepQuerySet:
    """Fetch what the shared step row shows, and annotate `may_tick` for the reader."""
    scope = scope_for(user.role_set, Action.STEP_TICK)
    may_tick = ExpressionWrapper(
        step_condition(user, scope) or Q(pk__isnull=False),
        output_field=BooleanField(),
    )
    return steps.with_people().with_blocker_count().annotate(may_tick=may_tick)


def may_open_subject(user: User, step: Step) -> bool:
    """Tell whether the page of what the step is about opens for the person."""
    needed = needed_for(resolve(step.checklist.subject_url).view_name)
    if not isinstance(needed, Action):
        return True
    reached = step_condition(user, scope_for(user.role_set, needed))
    return Step.objects.filter(reached, pk=step.pk).exists()


def events_of(step: Step) -> EventQuerySet:
    """Return what happened to the step and to the date that it hangs on (R-20)."""
    own = events_for_subject(step)
    of_checklist = events_for_subject(step.anchor.checklist)
    return own | of_checklist.filter(
        verb__in=["anchor-dated", "anchor-moved"], changes__has_key=step.anchor.key
    )


def my_steps(user: User) -> StepQuerySet:
    """Return the running steps of a person and of the pools they belong to."""
    return Step.objects.running().filter(owned_by(user))
