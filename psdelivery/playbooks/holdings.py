"""The open steps that somebody holds, told before they go away or leave (R-23)."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db.models import Q
from django.utils.translation import gettext as _

from psdelivery.calendars import end_of_day, local_moment
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import visible_steps
from psdelivery.registry import Absentee, Held, HeldItem

SHOWN = 20


def held_steps(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the open steps due while somebody is away; of who leaves all of them."""
    steps = Step.objects.open().filter(_falls_into(absentee), assignee=absentee.person)
    rows = steps.filter(pk__in=visible_steps(viewer).order_by().values("pk"))
    shown = rows.with_people().order_by("due_at", "pk")[:SHOWN]
    goes_to = _(
        "Whoever stands in sees them and gets the reminders; they stay where they are."
    )
    if absentee.is_leaving:
        goes_to = _("They go back to the pool of coordinators.")
    return [Held(_("Open steps"), steps.count(), [_item(s) for s in shown], goes_to)]


def _falls_into(absentee: Absentee) -> Q:
    """Return the condition: due on one of the days, as the person reads the date."""
    if absentee.last is None:
        return Q()
    zone = absentee.person.zone
    return Q(
        due_is_day=True, due_day__gte=absentee.first, due_day__lte=absentee.last
    ) | Q(
        due_is_day=False,
        due_at__gte=local_moment(absentee.first, time(), zone),
        due_at__lt=end_of_day(absentee.last, zone),
    )


def _item(step: Step) -> HeldItem:
    due = _("due %(day)s") % {"day": day_text(step.due_day)} if step.due_day else ""
    about = str(step.engagement or step.checklist.title)
    note = " · ".join(part for part in (about, due) if part)
    return HeldItem(step.title, step.get_absolute_url(), note)
