"""Begin, decide and keep the training event plan of a class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.handoff import HandoffOutcomes
from engagements.registry import facts
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.documents.services import add_link
from psdelivery.history.services import Changes, record
from psdelivery.livetext.services import open_sheet
from psdelivery.people.models import Contact, User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse
from training.choices import Place, StepKey
from training.event_plan import (
    KIND,
    plan_of,
    present_choices,
    state_of,
    told_texts,
    words_of_choice,
)
from training.models import Delivery, EventPlan, EventPlanVersion
from training.rules.event_plan import (
    CHOICES,
    YES,
    open_items,
    reasons_against_keeping,
    reasons_against_writing,
)
from training.services.deliveries import edit_delivery
from training.services.meetings import put_platform

# Fields of the class that the plan decides about, written there and nowhere else.
CLASS_FIELDS = ("seats", "language", "place", "address")
CLASS_TICKS = {"labs": "with_labs", "certification": "with_certification"}
# What only the plan knows.
OWN_FIELDS = ("recording", "recording_for", "materials_language")


@transaction.atomic
def begin_plan(delivery: Delivery, *, by: User, now: datetime) -> EventPlan:
    """Return the plan of a class; begun with what engagement and class already say.

    Raises RuleRefused for a class that was called off.
    """
    # Two people who begin at once wait for each other here.
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    found = plan_of(delivery)
    if found is not None:
        return found
    refuse(reasons_against_writing(delivery))
    plan = EventPlan.objects.create(
        delivery=delivery,
        sheet=open_sheet(KIND, first_texts(delivery), now=now),
        choices={"decided": [], "materials_language": delivery.language},
        created_at=now,
    )
    tell("plan-begun", plan, by=by, now=now)
    return plan


def first_texts(delivery: Delivery) -> dict[str, str]:
    """Return what engagement, handoff and class already say, by field."""
    agreed = facts.read(HandoffOutcomes, delivery.engagement)
    contact = delivery.engagement.main_contact
    texts = {
        "topics": agreed.goals if agreed else "",
        "logistics_contact": contact_words(contact) if contact else "",
        "on_site": delivery.address if delivery.place == Place.ON_SITE else "",
    }
    return {key: text for key, text in texts.items() if text}


def contact_words(contact: Contact) -> str:
    """Return how somebody at the customer is reached, in a line."""
    known = [contact.name, contact.job_title, contact.email, contact.phone]
    return ", ".join(one for one in known if one)


@transaction.atomic
def decide_choices(
    plan: EventPlan, values: Mapping[str, object], *, by: User, now: datetime
) -> EventPlan:
    """Write the single choices of the plan; what belongs to the class goes there.

    A choice that is empty stays open, and the class as it is. Raises RuleRefused as
    `edit_delivery` does.
    """
    plan = lock_plan(plan)
    refuse(reasons_against_writing(plan.delivery))
    before = dict(plan.choices)
    edit_delivery(plan.delivery, class_values(values), by=by, now=now)
    plan.delivery.refresh_from_db()
    if values["platform"]:
        sessions = list(plan.delivery.sessions.all())
        put_platform(plan.delivery, sessions, str(values["platform"]), by=by, now=now)
    plan.choices = {
        "decided": [key for key in CHOICES if values[key]],
        **{name: values[name] for name in OWN_FIELDS},
    }
    plan.save(update_fields=["choices"])
    changes = decided_changes(plan, before)
    if changes:
        tell("plan-decided", plan, changes, by=by, now=now)
    return plan


def class_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return what of the choices belongs to the class, as its fields hold it."""
    found = {name: values[name] for name in CLASS_FIELDS if values[name]}
    found["address"] = values["address"]
    for key, name in CLASS_TICKS.items():
        if values[key]:
            found[name] = values[key] == YES
    return found


def decided_changes(plan: EventPlan, before: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return which choices were decided, or are open again, in words."""
    present = present_choices(plan, list(plan.delivery.sessions.all()))
    was, now_decided = before.get("decided", []), plan.choices["decided"]
    changes = {}
    for key in CHOICES:
        words = words_of_choice(key, present[key])
        told = [words if key in found else _("open") for found in (was, now_decided)]
        if told[0] != told[1]:
            changes[key] = told
    return changes


@dataclass(frozen=True)
class Keeping:
    """How a version is kept: as a draft, or as what was agreed in the meeting."""

    note: str = ""
    is_complete: bool = False


@transaction.atomic
def keep_version(
    plan: EventPlan, keeping: Keeping, *, by: User, now: datetime
) -> EventPlanVersion:
    """Keep the plan as it stands now; its steps are ticked with the version.

    The first version ticks the draft, a complete one both. Raises RuleRefused where
    nothing has changed, and for a complete plan whose open items nobody settles.
    """
    plan = lock_plan(plan)
    refuse(reasons_against_writing(plan.delivery))
    texts = told_texts(plan, list(plan.delivery.sessions.all()))
    last = plan.versions.first()
    refuse(
        reasons_against_keeping(
            open_items(state_of(plan)),
            keeping.note,
            is_complete=keeping.is_complete,
            is_changed=last is None or last.texts != texts,
        )
    )
    plan.version = last.number + 1 if last else 1
    plan.completed_at = now if keeping.is_complete else plan.completed_at
    plan.save(update_fields=["version", "completed_at"])
    version = EventPlanVersion.objects.create(
        plan=plan, number=plan.version, texts=texts, note=keeping.note, by=by, at=now
    )
    verb = "plan-completed" if keeping.is_complete else "plan-kept"
    changes = {"version": [last.number if last else None, plan.version]}
    tell(verb, plan, changes, by=by, reason=keeping.note, now=now)
    tick_steps(version, keeping, by=by, now=now)
    return version


def tick_steps(
    version: EventPlanVersion, keeping: Keeping, *, by: User, now: datetime
) -> None:
    """Tick the steps that the version does, with it as their evidence."""
    keys = [StepKey.EVENT_PLAN_DRAFTED]
    keys += [StepKey.EVENT_PLAN_COMPLETED] if keeping.is_complete else []
    checklist = version.plan.delivery.checklist_id
    for key in keys:
        step = Step.objects.open().filter(checklist=checklist, key=key).first()
        if step is not None:
            tick_if_ready(step, evidence_of(version, by=by, now=now), by=by, now=now)


def evidence_of(version: EventPlanVersion, *, by: User, now: datetime) -> Completion:
    """Return the link to a version as evidence of a step."""
    document = add_link(
        f"{settings.SITE_URL}{version.plan.get_absolute_url()}versions/{version.number}/",
        title=_("%(plan)s, version %(number)s")
        % {"plan": version.plan, "number": version.number},
        engagement=version.plan.delivery.engagement,
        by=by,
        now=now,
    )
    return Completion(evidence=document, note=version.note)


def lock_plan(plan: EventPlan) -> EventPlan:
    """Read the plan anew and keep others from changing it meanwhile."""
    locked = EventPlan.objects.select_for_update(of=("self",)).select_related("sheet")
    current = locked.get(pk=plan.pk)
    current.delivery = plan.delivery
    return current


def tell(
    verb: str,
    plan: EventPlan,
    changes: Changes | None = None,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to the plan into the engagement's history."""
    record(
        verb,
        by=by,
        subject=plan,
        engagement=plan.delivery.engagement,
        changes=changes or {},
        reason=reason,
        now=now,
    )
