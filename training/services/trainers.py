"""What a class asks of its trainer, and what is done once per person (R-14)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.people.away import local_day
from psdelivery.people.models import User
from psdelivery.people.services.changes import publish_change
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.steps import reopen_step
from psdelivery.registry import refuse
from training.choices import StepKey
from training.models import Course, Delivery, TrainerProfile
from training.rules.trainers import reasons_without_why, standing_words
from training.services.checklists import adapt_checklists, delivery_facts
from training.trainer_queries import certification_of, classes_to_come, warnings_for

# What is done once per person, and the fact by which a class asks for it.
ONCE_PER_PERSON = {
    StepKey.TRAINER_CERTIFIED: "trainer_uncertified",
    StepKey.DEMO_ACCOUNT: "trainer_without_account",
}


def warned_of(
    course: Course, trainer: User | None, last_day: date, reason: str
) -> dict[str, list[object]]:
    """R-14: return what the history is told of a trainer who is not certified.

    Nothing where there is no warning. Raises RuleRefused where there is one and
    nobody said why they teach all the same.
    """
    warnings = warnings_for(course, trainer, last_day)
    refuse(reasons_without_why(warnings, reason))
    if not warnings:
        return {}
    found = certification_of(trainer, course)
    return {"certification": [None, standing_words(found, last_day)]}


def follow_trainer(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Bring the steps in line with another trainer of the class.

    What the one before did for themselves is open again for who has not done it.
    """
    adapt_checklists(delivery, now=now)
    facts = delivery_facts(delivery)
    asked = [key for key, fact in ONCE_PER_PERSON.items() if facts[fact]]
    done = Step.objects.filter(checklist=delivery.checklist_id, key__in=asked)
    for step in done.filter(state=StepState.DONE):
        reopen_step(step, by=by, reason=_("Another trainer teaches."), now=now)


def follow_classes(
    person: User, course: Course | None = None, *, now: datetime
) -> None:
    """Bring the steps of somebody's classes to come in line with what they have now."""
    for delivery in classes_to_come(person, now, course):
        adapt_checklists(delivery, now=now)


@transaction.atomic
def note_account(
    person: User, *, has_account: bool, by: User | None, now: datetime
) -> TrainerProfile:
    """Note that somebody has an own demo-cloud account, or has none any more.

    Classes ask for it once: their steps come and go with it.
    """
    TrainerProfile.objects.get_or_create(person=person)
    rows = TrainerProfile.objects.select_for_update(of=("self",))
    profile = rows.get(person=person)
    old, profile.has_demo_account = profile.has_demo_account, has_account
    profile.checked_on = local_day(person, now)
    profile.save(update_fields=["has_demo_account", "checked_on"])
    if old != has_account:
        changes: Mapping[str, tuple[object, object]] = {
            "demo_account": (old, has_account)
        }
        publish_change(person, "demo-account-noted", changes, by=by, now=now)
        follow_classes(person, now=now)
    return profile
