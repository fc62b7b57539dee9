"""Plan, change, move and call off classes; their checklists follow."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.queries import gate_for
from psdelivery.history.services import Changes
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.rules.moves import reasons_without_cause
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.registry import Reason, refuse
from training.choices import DeliveryState, Platform
from training.models import Delivery
from training.rules.classes import (
    reasons_against_changing,
    reasons_against_moving,
    reasons_against_planning,
    reasons_against_promising_dates,
)
from training.rules.times import SessionTimes, moved_times, reasons_against_shift
from training.services.checklists import (
    checklists_of,
    delivery_facts,
    follow_owners,
    name_checklists,
    record_delivery,
    start_delivery_checklist,
    starts_of,
)
from training.services.invitations import follow_invitations
from training.services.lab_dates import follow_labs
from training.services.moves import (
    Moving,
    SessionPlan,
    carry_out_plan,
    create_session,
    times_of,
)
from training.services.news import CANCELLED, draft_news, knows_dates
from training.services.sessions import (
    lock,
    put_state,
    refuse_times,
    sessions_of,
)
from training.services.times import take_times
from training.services.trainer_bookings import Following, follow_class
from training.services.trainers import follow_trainer, warned_of
from training.trainer_queries import last_day_in, last_day_of

FACT_FIELDS = frozenset({"with_labs", "with_certification", "place"})
# What invitations tell, or whom they go to.
TOLD_FIELDS = frozenset({"place", "address", "alternative_host", "title"})
# what decides over whose time the class takes, and how much of it.
TIME_FIELDS = frozenset({"place", "host", "alternative_host", "title"})


@transaction.atomic
def plan_delivery(
    delivery: Delivery,
    times: Iterable[SessionTimes],
    *,
    platform: str = Platform.WEBINAR,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> Delivery:
    """Enter a class with its sessions; one checklist for it, a short one for each.

    domain.md, section 5. `reason` says why a trainer who is not certified teaches it
    (R-14). Raises RuleRefused when there is no session, its times are out of order or
    overlap, the same class is there already, or that reason is missing.
    """
    ordered = sorted(times, key=lambda item: item.starts_at)
    refuse_times(ordered)
    # Two clicks on the button wait for each other here.
    Engagement.objects.select_for_update(of=("self",)).get(pk=delivery.engagement_id)
    refuse(reasons_against_planning(delivery.engagement))
    refuse(reasons_against_double(delivery, ordered[0]))
    last_day = last_day_in(ordered)
    warned = warned_of(delivery.course, delivery.trainer, last_day, reason)
    delivery.created_at = now
    delivery.save()
    make_parts(delivery, ordered, platform, by=by, now=now)
    take_times(delivery, now=now)
    changes: Changes = {"sessions": [None, starts_of(ordered)], **warned}
    record_delivery(
        "delivery-planned", delivery, changes, by=by, reason=reason, now=now
    )
    return delivery


def make_parts(
    delivery: Delivery,
    times: list[SessionTimes],
    platform: str,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Make the checklist of a new class, and its sessions with theirs."""
    facts = delivery_facts(delivery, times)
    delivery.checklist = start_delivery_checklist(
        delivery, times, facts=facts, by=by, now=now
    )
    delivery.save(update_fields=["checklist"])
    for item in times:
        create_session(delivery, item, platform=platform, facts=facts, by=by, now=now)


def reasons_against_double(delivery: Delivery, first: SessionTimes) -> list[Reason]:
    """Return a reason where the course is taught at that very time already."""
    same = (
        Delivery.objects.filter(
            engagement=delivery.engagement_id,
            course=delivery.course_id,
            sessions__starts_at=first.starts_at,
        )
        .exclude(state=DeliveryState.CANCELLED)
        .first()
    )
    if same is None:
        return []
    sentence = _("“%(class)s” is entered for this time already.") % {"class": same}
    return [Reason("double", sentence, same.get_absolute_url(), _("Open the class"))]


@transaction.atomic
def edit_delivery(
    delivery: Delivery, values: Mapping[str, object], *, by: User, now: datetime
) -> Delivery:
    """Change title, place, seats and the like; conditional steps come and go with it.

    Raises RuleRefused for a class that was called off or held.
    """
    delivery = lock(delivery)
    refuse(reasons_against_changing(delivery))
    changes = {
        name: [getattr(delivery, name), value]
        for name, value in values.items()
        if getattr(delivery, name) != value
    }
    if not changes:
        return delivery
    for name, (_old, new) in changes.items():
        setattr(delivery, name, new)
    delivery.save(update_fields=list(changes))
    name_checklists(delivery)
    if FACT_FIELDS & changes.keys():
        follow_labs(delivery, by=by, now=now)
    if "place" in changes:
        reason = _("The class is %(place)s now.")
        words = {"place": delivery.get_place_display()}
        following = Following(by=by, now=now, reason=reason % words)
        follow_class(delivery, following, adds_travel=True)
    if TIME_FIELDS & changes.keys():
        take_times(delivery, now=now)
    record_delivery("delivery-edited", delivery, changes, by=by, now=now)
    if TOLD_FIELDS & changes.keys():
        follow_invitations(delivery, by=by, now=now)
    return delivery


def moved_plan(
    delivery: Delivery, days: int, *, seen: datetime | None = None, now: datetime
) -> SessionPlan:
    """Return the class so many days later at the same local hours.

    `seen` is the first start that the person saw: a second click, or somebody else,
    may have moved the class since. Raises RuleRefused then, for a class that was
    called off, and where a session was held or would begin at a time that clocks skip.
    """
    sessions = sessions_of(delivery)
    before = [times_of(session) for session in sessions]
    refuse(reasons_of_unseen_move(before, seen))
    refuse(reasons_against_moving(delivery, sessions))
    refuse(reasons_against_shifting(before, days, now=now))
    moved = [moved_times(times, days) for times in before]
    refuse_times(moved)
    return SessionPlan(delivery, list(zip(sessions, moved, strict=True)))


@transaction.atomic
def move_delivery(
    delivery: Delivery,
    days: int,
    *,
    seen: datetime | None = None,
    by: User | None,
    reason: str,
    cause: str = MoveCause.OTHER,
    exempt: Collection[int] = (),
    now: datetime,
) -> Move:
    """R-20: move the whole class, with everything that hangs on its dates.

    Raises RuleRefused as `moved_plan` does, and without a cause and a reason.
    """
    delivery = lock(delivery)
    plan = moved_plan(delivery, days, seen=seen, now=now)
    refuse(reasons_without_cause(cause, reason))
    changes = {
        "sessions": [
            starts_of([times_of(session) for session, _times in plan.kept]),
            starts_of(plan.times),
        ]
    }
    moving = Moving(by=by, now=now, reason=reason, cause=cause, exempt=exempt)
    move, _added = carry_out_plan(plan, "delivery-moved", changes, moving=moving)
    return move


def reasons_of_unseen_move(
    sessions: list[SessionTimes], seen: datetime | None
) -> list[Reason]:
    """Return a reason where the class no longer begins when the person saw it."""
    if seen is None or not sessions or sessions[0].starts_at == seen:
        return []
    sentence = _("The class was moved meanwhile: it begins on %(day)s.")
    return [Reason("moved", sentence % {"day": day_text(sessions[0].day)})]


def reasons_against_shifting(
    sessions: Iterable[SessionTimes], days: int, *, now: datetime
) -> list[Reason]:
    """Return what is wrong with moving these sessions by so many days."""
    return [
        reason
        for times in sessions
        for reason in reasons_against_shift(
            times, days, today=now.astimezone(ZoneInfo(times.zone)).date()
        )
    ]


def reasons_without_words(reason: str, sentence: str) -> list[Reason]:
    """Return the sentence as a reason where nobody said why."""
    return [] if reason.strip() else [Reason("reason-missing", sentence)]


@transaction.atomic
def change_trainer(
    delivery: Delivery,
    trainer: User | None,
    *,
    by: User | None,
    reason: str = "",
    books: bool = True,
    now: datetime,
) -> Delivery:
    """Name another trainer; the trainer's open steps of the class follow.

    What is booked for the class follows too, unless the caller sees to that
    (`books`). Raises RuleRefused for a class that was called off, without a reason for
    one who is not certified (R-14), and where the days of the next trainer are full
    (R-6).
    """
    delivery = lock(delivery)
    if delivery.state == DeliveryState.CANCELLED:
        refuse(reasons_against_changing(delivery))
    warned: Changes = {}
    if trainer != delivery.trainer:
        warned = warned_of(delivery.course, trainer, last_day_of(delivery), reason)
    old, delivery.trainer = delivery.trainer, trainer
    delivery.save(update_fields=["trainer"])
    if books:
        follow_class(delivery, Following(by=by, now=now, reason=reason))
    take_times(delivery, now=now)
    follow_trainer(delivery, by=by, now=now)
    follow_owners(delivery, by=by, now=now)
    changes: Changes = {"trainer": [old, trainer], **warned}
    record_delivery("trainer-changed", delivery, changes, by=by, reason=reason, now=now)
    follow_invitations(delivery, by=by, now=now)
    return delivery


@transaction.atomic
def enter_registration_link(
    delivery: Delivery, url: str, *, by: User, now: datetime
) -> Delivery:
    """Keep the link that people register by; the history says only that it changed.

    The link lets anybody in, so it is a secret (domain.md, Who may do what).
    """
    delivery = lock(delivery)
    if delivery.state == DeliveryState.CANCELLED:
        refuse(reasons_against_changing(delivery))
    if url == delivery.registration_url:
        return delivery
    verb = "registration-link-entered" if url else "registration-link-removed"
    delivery.registration_url = url
    delivery.save(update_fields=["registration_url"])
    record_delivery(verb, delivery, {}, by=by, now=now)
    return delivery


@transaction.atomic
def confirm_delivery(delivery: Delivery, *, by: User | None, now: datetime) -> Delivery:
    """R-2: the customer said yes to the dates; refused while the gate is closed."""
    refuse(reasons_against_promising_dates(gate_for(delivery.engagement, now)))
    if delivery.state == DeliveryState.PLANNED:
        verb = "delivery-confirmed"
        put_state(delivery, DeliveryState.CONFIRMED, verb, by=by, now=now)
        follow_invitations(delivery, by=by, now=now)
    return delivery


@transaction.atomic
def cancel_delivery(
    delivery: Delivery, *, by: User | None, reason: str, now: datetime
) -> Delivery:
    """Call the class off; its open steps are cancelled, its trainer's days are free.

    Raises RuleRefused without a reason, and for one called off or held before.
    """
    delivery = lock(delivery)
    refuse(reasons_against_changing(delivery))
    refuse(reasons_without_words(reason, _("Say why it is called off.")))
    is_known = knows_dates(delivery)
    lists = [checklist.pk for checklist in checklists_of(delivery)]
    cancel_steps(Step.objects.filter(checklist__in=lists), now=now)
    put_state(
        delivery,
        DeliveryState.CANCELLED,
        "delivery-cancelled",
        by=by,
        reason=reason,
        now=now,
    )
    follow_class(delivery, Following(by=by, now=now, reason=reason))
    take_times(delivery, now=now)
    follow_invitations(delivery, by=by, now=now)
    if is_known:
        draft_news(delivery, CANCELLED, by=by, now=now)
    return delivery


def deliveries_of(engagement: Engagement) -> list[Delivery]:
    """Return the classes of an engagement that are not called off."""
    return list(
        Delivery.objects.filter(engagement=engagement)
        .exclude(state=DeliveryState.CANCELLED)
        .select_related("checklist", "trainer", "engagement__practice__manager")
        .select_related("engagement__customer", "engagement__region")
    )
