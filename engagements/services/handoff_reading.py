"""Who is asked to read the handoff, and who has (R-5)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.handoff import all_readers, due_day_of
from engagements.models import Acknowledgement, Attendance, Handoff
from engagements.rules.handoff import Reader, due_day_of_reader
from engagements.services.approvals import News, tell
from psdelivery.history.services import record
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.models import User
from psdelivery.people.moments import day_text, local_day
from psdelivery.people.notifications import HANDOFF
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.checklists import cancel_steps, set_anchor
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import Reason, RuleRefused

MAIL_KIND = "handoff-to-read"


def ask_readers(
    handoff: Handoff, readers: Sequence[Reader], *, by: User | None, now: datetime
) -> None:
    """Ask everybody who must read the handoff and was not asked: a step and a mail.

    Who was asked before and now starts on another day gets another deadline.
    """
    if handoff.engagement.checklist is None:
        return
    known = {
        one.person_id: one
        for one in Acknowledgement.objects.filter(handoff=handoff).select_related(
            "step__anchor", "step__checklist"
        )
    }
    new = []
    for reader in readers:
        if reader.person.pk not in known and not reader.has_acknowledged:
            new.append(ask(handoff, reader, by=by, now=now))
        elif reader.person.pk in known:
            follow_first_day(handoff, known[reader.person.pk], reader, by=by, now=now)
    tell_readers(handoff, new, by=by, now=now)


def ask(
    handoff: Handoff, reader: Reader, *, by: User | None, now: datetime
) -> Acknowledgement:
    """Give somebody the step of acknowledging, until their own deadline."""
    asked = AdHocStep(
        title=_("Acknowledge the handoff"),
        phase=Phase.INITIATE,
        assignee=reader.person,
        due_day=due_of(handoff, reader, now),
        instructions=_(
            "Read the handoff and tick: so everybody knows that you have it. What is "
            "unclear you ask there."
        ),
        subject_url=handoff.get_absolute_url(),
    )
    step = add_step(
        cast(Checklist, handoff.engagement.checklist), asked, by=by, now=now
    )
    return Acknowledgement.objects.create(
        handoff=handoff, person=reader.person, step=step, asked_at=now
    )


def due_of(handoff: Handoff, reader: Reader, now: datetime) -> date:
    """Return by which day somebody acknowledges."""
    return due_day_of_reader(
        reader,
        handoff_due=due_day_of(handoff.engagement, now),
        today=local_day(now, reader.person.zone),
    )


def follow_first_day(
    handoff: Handoff,
    asked: Acknowledgement,
    reader: Reader,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Move the deadline of somebody whose first day has moved.

    That of the first readers stays, and none moves on to today day by day.
    """
    step = asked.step
    if step is None or not step.is_open or step.pinned or reader.is_first:
        return
    due = due_of(handoff, reader, now)
    if due not in {step.anchor.day, local_day(now, reader.person.zone)}:
        set_anchor(step.checklist, step.anchor.key, due, by=by, now=now)


def tell_readers(
    handoff: Handoff,
    asked: Sequence[Acknowledgement],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Mail each person who was just asked; who stands in hears of it instead (R-23)."""
    for one in asked:
        tell(news_for(handoff, one), [one.person], by=by, now=now)


def news_for(handoff: Handoff, asked: Acknowledgement) -> News:
    """Return the mail that asks somebody to read the handoff."""
    due = asked.step.due_day if asked.step else None
    until = _("Acknowledge it by %(day)s, on My day or on its page.")
    return News(
        subject=asked,
        event="asked",
        engagement=handoff.engagement,
        title=_("Handoff to read: %(engagement)s") % {"engagement": handoff.engagement},
        lines=(
            _("The handoff is ready to be read."),
            until % {"day": day_text(due)} if due else "",
        ),
        url=handoff.get_absolute_url(),
        why=_("You lead this engagement or have hours on it."),
        kind=MAIL_KIND,
        reason=HANDOFF,
    )


def forget_readers(
    handoff: Handoff, readers: Sequence[Reader], *, now: datetime
) -> None:
    """Take the step back from who need no longer read it: they have left the team."""
    waiting = Acknowledgement.objects.filter(handoff=handoff, done_at__isnull=True)
    staying = {reader.person.pk for reader in readers}
    gone = [one for one in waiting if one.person_id not in staying]
    if not gone:
        return
    cancel_steps(Step.objects.filter(acknowledgement__in=gone), now=now)
    Acknowledgement.objects.filter(pk__in=[one.pk for one in gone]).delete()


@transaction.atomic
def note_acknowledgement(
    handoff: Handoff, *, by: User, on_behalf_of: User | None = None, now: datetime
) -> Acknowledgement:
    """Note that somebody has read the handoff (R-5); raises RuleRefused.

    Their step is ticked with it. `on_behalf_of` is who is away, when the stand-in
    has read it.
    """
    person = on_behalf_of or by
    readers = {reader.person.pk: reader for reader in all_readers(handoff)}
    if person.pk not in readers:
        sentence = _("The lead acknowledges, and who has hours; nobody asked you.")
        raise RuleRefused([Reason("not-asked", sentence)])
    found, _made = Acknowledgement.objects.select_for_update().get_or_create(
        handoff=handoff, person=person
    )
    if found.done_at is None:
        found.done_at = now
        found.save(update_fields=["done_at"])
        record(
            "handoff-acknowledged",
            by=by,
            on_behalf_of=on_behalf_of,
            subject=handoff,
            engagement=handoff.engagement,
            now=now,
        )
        tick_step_of(found, by=by, now=now)
    return found


def tick_step_of(asked: Acknowledgement, *, by: User | None, now: datetime) -> None:
    """Tick the step by which somebody was asked, if it is still open."""
    if asked.step_id is None:
        return
    step = Step.objects.get(pk=asked.step_id)
    if step.is_open:
        complete_step(step, Completion(), by=by, now=now)


def note_attendance(
    handoff: Handoff, attended: Collection[User], *, by: User | None, now: datetime
) -> None:
    """Mark who was in the call and no longer who was not; their steps are done."""
    ids = [person.pk for person in attended]
    Attendance.objects.filter(handoff=handoff).exclude(person__in=ids).delete()
    Attendance.objects.bulk_create(
        [Attendance(handoff=handoff, person_id=pk, marked_at=now) for pk in ids],
        ignore_conflicts=True,
    )
    asked = Acknowledgement.objects.filter(handoff=handoff, person__in=ids)
    for one in asked.filter(done_at__isnull=True).select_related("person"):
        one.done_at = now
        one.save(update_fields=["done_at"])
        tick_step_of(one, by=by, now=now)


def register_reading_mail() -> None:
    """Name the kind of mail."""
    register_kind(MAIL_KIND, gettext_lazy("Handoff to read"))
