"""Ask for an extra day, grant it, consent to it: capacity follows (R-6)."""

from datetime import datetime

from engagements.models import Engagement
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse
from scheduling.capacity_facts import Span
from scheduling.choices import ConflictCause, ExtraDayState
from scheduling.models import ExtraDay
from scheduling.reactions import follow
from scheduling.rules.extra_days import (
    ExtraDayDraft,
    is_agreed,
    reasons_against_answering,
    reasons_against_asking,
    reasons_against_consenting,
    reasons_against_granting,
    reasons_against_taking_back,
)
from scheduling.services.extra_day_news import ask_both, tell_answer


def ask_for_extra_day(
    draft: ExtraDayDraft,
    *,
    engagement: Engagement,
    by: User,
    now: datetime,
) -> ExtraDay:
    """Ask the manager and the person; who asks for the own day has consented.

    Raises RuleRefused, also where the day has an extra already.
    """
    with one_transaction():
        today = local_day(now, draft.person.zone)
        refuse(reasons_against_asking(draft, today=today))
        extra = ExtraDay(
            person=draft.person,
            day=draft.day,
            hours=draft.hours,
            kind=draft.kind,
            reason=draft.reason,
            engagement=engagement,
            asked_by=by,
            asked_at=now,
            consented_at=now if by == draft.person else None,
        )
        extra.save(force_insert=True)
        note("extra-day-asked", extra, by=by, reason=draft.reason, now=now)
        ask_both(extra, by=by, now=now)
        return extra


def grant_extra_day(extra: ExtraDay, *, by: User, now: datetime) -> ExtraDay:
    """Grant it as the manager; it counts once the person consents too."""
    with one_transaction():
        stored = locked(extra)
        refuse(reasons_against_granting(stored, by))
        stored.granted_by, stored.granted_at = by, now
        return answered(stored, "extra-day-granted", by=by, now=now)


def consent_to_extra_day(extra: ExtraDay, *, by: User, now: datetime) -> ExtraDay:
    """Agree to it as the person; it counts once the manager granted it too."""
    with one_transaction():
        stored = locked(extra)
        refuse(reasons_against_consenting(stored, by))
        stored.consented_at = now
        return answered(stored, "extra-day-consented", by=by, now=now)


def decline_extra_day(
    extra: ExtraDay, reason: str, *, by: User, now: datetime
) -> ExtraDay:
    """Say no, as the manager or as the person; it never counted."""
    with one_transaction():
        stored = locked(extra)
        refuse(reasons_against_answering(stored))
        stored.state, stored.declined_reason = ExtraDayState.DECLINED, reason
        return saved(stored, "extra-day-declined", reason, by=by, now=now)


def take_extra_day_back(
    extra: ExtraDay, reason: str, *, by: User, now: datetime
) -> ExtraDay:
    """Take it back; what is booked on it becomes a conflict, as for any fact."""
    with one_transaction():
        stored = locked(extra)
        refuse(reasons_against_taking_back(stored))
        stored.state, stored.declined_reason = ExtraDayState.WITHDRAWN, reason
        return saved(stored, "extra-day-withdrawn", reason, by=by, now=now)


def answered(extra: ExtraDay, verb: str, *, by: User, now: datetime) -> ExtraDay:
    """Let the day count where both have agreed now."""
    if is_agreed(extra):
        extra.state = ExtraDayState.AGREED
    return saved(extra, verb, "", by=by, now=now)


def saved(
    extra: ExtraDay, verb: str, reason: str, *, by: User, now: datetime
) -> ExtraDay:
    """Save, tell history and whoever asked, and let the capacity follow."""
    extra.save()
    note(verb, extra, by=by, reason=reason, now=now)
    span = Span(extra.day, extra.day)
    follow(extra.person, span, ConflictCause.HOURS, by, now)
    tell_answer(extra, by=by, now=now)
    return extra


def note(verb: str, extra: ExtraDay, *, by: User, reason: str, now: datetime) -> None:
    """Write into the history who did what to the extra day."""
    record(
        verb,
        by=by,
        subject=extra,
        engagement=extra.engagement,
        changes={
            "person": (None, extra.person),
            "day": (None, extra.day),
            "hours": (None, extra.hours),
        },
        reason=reason,
        now=now,
    )


def locked(extra: ExtraDay) -> ExtraDay:
    """Return it as it is stored; the person first, as for time off."""
    person = User.objects.select_for_update(no_key=True).get(pk=extra.person_id)
    rows = ExtraDay.objects.select_for_update(of=("self",))
    stored = rows.select_related("engagement", "asked_by").get(pk=extra.pk)
    stored.person = person
    return stored
