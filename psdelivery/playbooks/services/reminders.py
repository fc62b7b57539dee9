"""The reminder scan: find what is due by index, decide it once, queue the mail."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import Q

from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.rules import MAX_RECIPIENTS, is_address, normal_address
from psdelivery.people.away import addresses_away, stand_ins
from psdelivery.people.models import Pool, User
from psdelivery.people.notifications import STEP_DUE, STEP_LATE
from psdelivery.people.queries import addresses_of_pools
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Recipient, StepState
from psdelivery.playbooks.models import Reminder, Step, StepQuerySet
from psdelivery.playbooks.rules.reminders import ReminderRule, reminder_to_decide
from psdelivery.playbooks.services.deadlines import (
    decided_rules,
    escalation_target,
    planned_reminders,
    put_next_reminder,
    with_schedule_facts,
)
from psdelivery.playbooks.services.digests import Told, queue_together
from psdelivery.playbooks.services.writing import write_fields
from psdelivery.playbooks.words import WHY, stand_in_words

LEASE = timedelta(seconds=60)
BATCH = 500
KIND = "step-reminder"


def scan_reminders(*, now: datetime, limit: int = 10_000) -> int:
    """Decide every reminder whose moment has come; return how many.

    The scan reads an index range of the due ones, never all steps, and works in
    batches so that a kill loses at most one batch, whose lease then expires.
    """
    decided = 0
    for _batch in range(ceil(limit / BATCH)):
        token = claim_due_steps(now)
        if token is None:
            break
        decided += decide_claimed(token, now)
    return decided


def claim_due_steps(now: datetime) -> UUID | None:
    """Lease the steps that are due longest; return the token, None where none is due.

    A conditional UPDATE, the same on SQLite and PostgreSQL: a second scanner that
    read the same rows changes none of them.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Step.objects.filter(
        free, state=StepState.OPEN, next_reminder_at__lte=now
    ).order_by("next_reminder_at")
    found = list(due.values_list("pk", flat=True)[:BATCH])
    if not found:
        return None
    token = uuid4()
    with transaction.atomic():
        # Asked again behind the locks: who came first has written a lease meanwhile.
        locked = due.filter(pk__in=found).lock()
        Step.objects.filter(pk__in=locked).update(
            lease_token=token, lease_until=now + LEASE
        )
    return token


def found_by_moment(leased: StepQuerySet, now: datetime) -> list[int]:
    """Return the keys of the leased steps, found by the index of due moments.

    By the token alone the database would read every open step. What was moved to
    later meanwhile is free again when its lease is over.
    """
    due = leased.filter(next_reminder_at__lte=now).order_by("next_reminder_at")
    return list(due.values_list("pk", flat=True))


@transaction.atomic
def decide_claimed(token: UUID, now: datetime) -> int:
    """Write reminders, their messages and the next moments of the leased steps.

    The steps are locked before they are read, so that a click, or a move of their
    date, comes wholly before this or wholly after it.
    """
    settings = portal_settings()
    leased = Step.objects.open().filter(lease_token=token)
    locked = leased.filter(pk__in=found_by_moment(leased, now)).lock()
    steps = list(with_schedule_facts(Step.objects.filter(pk__in=locked)))
    decided = decided_rules(steps)
    chosen: list[tuple[Step, ReminderRule]] = []
    for step in steps:
        known = decided.get(step.pk, frozenset())
        rule = reminder_to_decide(planned_reminders(step, settings), known, now)
        if rule is not None and not step.checklist.is_paused:
            chosen.append((step, rule))
            known |= {rule.code}
        put_next_reminder(step, settings, known, now)
        step.lease_token = step.lease_until = None
    # A full batch is not the last one: mails of a day wait for what follows.
    more = timedelta(seconds=django_settings.SCAN_SECONDS if len(steps) == BATCH else 0)
    write_reminders(chosen, settings["reminders.hour"], now + more, now)
    write_fields(steps, ["next_reminder_at", "lease_token", "lease_until"])
    return len(chosen)


def write_reminders(
    chosen: list[tuple[Step, ReminderRule]], hour: int, leaves: datetime, now: datetime
) -> None:
    """Save each reminder with the message that carries it, alone or with others.

    Where there is nobody to write to, the reminder is decided without a message.
    """
    addresses = addresses_of_pools(
        {step.pool_id for step, _rule in chosen if step.pool_id}
        | {step.checklist.pool_id for step, _rule in chosen}
    )
    addresses = without_absent(addresses, addresses_away(now))
    away = stand_ins(now, people_of(chosen))
    told = [
        Told(step, message_draft(step, rule, addresses, away)) for step, rule in chosen
    ]
    messages = queue_together(told, hour=hour, leaves=leaves, now=now)
    Reminder.objects.bulk_create(
        Reminder(
            step=step,
            rule=rule.code,
            due_at=cast(datetime, step.due_at),  # only dated steps are chosen
            decided_at=now,
            message=message,
        )
        for (step, rule), message in zip(chosen, messages, strict=True)
    )


def without_absent(
    addresses: Mapping[int, list[str]], absent: frozenset[str]
) -> dict[int, list[str]]:
    """R-23: leave out who is away, unless nobody of the pool is left."""
    return {
        pool: [mail for mail in mails if mail not in absent] or mails
        for pool, mails in addresses.items()
    }


def people_of(chosen: list[tuple[Step, ReminderRule]]) -> list[User]:
    """Return everybody whom one of the reminders is for, or goes to as a copy."""
    targets = [
        escalation_target(step, recipient)
        for step, rule in chosen
        for recipient in {rule.recipient, str(Recipient.OWNER)}
    ]
    return [target for target in targets if isinstance(target, User)]


def present(
    target: User | Pool, pool: Pool, away: Mapping[int, User | None]
) -> User | Pool:
    """R-23: return who gets it now: the stand-in of somebody away, else the pool."""
    if isinstance(target, User) and target.pk in away:
        return away[target.pk] or pool
    return target


def message_draft(
    step: Step,
    rule: ReminderRule,
    addresses: Mapping[int, list[str]],
    away: Mapping[int, User | None],
) -> MessageDraft:
    """Address the reminder; its text is rendered when it is sent.

    R-23: nothing is mailed to somebody away.
    """
    pool = step.checklist.pool
    meant = escalation_target(step, rule.recipient)
    target = present(meant, pool, away)
    to = addresses_of(target, addresses) or usable(addresses[pool.pk])
    copied: list[str] = []
    if rule.recipient != Recipient.OWNER:
        owner = present(escalation_target(step, Recipient.OWNER), pool, away)
        copied = [mail for mail in addresses_of(owner, addresses) if mail not in to]
    to = to[:MAX_RECIPIENTS]
    return MessageDraft(
        kind=KIND,
        audience=Audience.STAFF,
        to=tuple(to),
        cc=tuple(copied[: MAX_RECIPIENTS - len(to)]),
        engagement=step.engagement,
        thread_key=thread_key(step),
        idempotency_key=f"{KIND}:{step.pk}:{rule.code}:{step.due_at:%Y%m%dT%H%M%S%f}",
        why=why_words(rule, meant if target != meant else None),
        reason=STEP_DUE if rule.recipient == Recipient.OWNER else STEP_LATE,
    )


def why_words(rule: ReminderRule, absent: User | Pool | None) -> str:
    """Say why somebody gets a reminder; of a stand-in, for whom."""
    why = str(WHY[Recipient(rule.recipient)])
    return f"{stand_in_words(absent)} {why}" if absent else why


def addresses_of(target: User | Pool, addresses: Mapping[int, list[str]]) -> list[str]:
    """Return the mail addresses of a person or of all members of a pool."""
    return usable(addresses[target.pk] if isinstance(target, Pool) else [target.email])


def usable(addresses: Iterable[str]) -> list[str]:
    """Leave out what is no address.

    One person without a good address must not hold up the reminders of everybody.
    """
    return [address for address in addresses if is_address(normal_address(address))]


def thread_key(step: Step) -> str:
    """Return the thread of the step's mails: one per engagement for staff."""
    if step.engagement_id is None:
        return f"checklist-{step.checklist_id}"
    return f"engagement-{step.engagement_id}"
