"""What rosters hold on somebody: a copy, erasing, and what goes after years."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.history.services import record
from psdelivery.operations.purging import Purge, register_purge_after_days
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.registry import reactions
from training.choices import DeliveryState
from training.models import (
    Attendance,
    Attendee,
    AttendeeAlias,
    AttendeeReport,
    Delivery,
    ReportRow,
    Session,
    Submission,
)

KEEP_DAYS = "roster.keep_days"


def attendees_of(address: str) -> QuerySet[Attendee]:
    """Return who is on a roster under an address, or known by it."""
    mine = Q(email__iexact=address) | Q(aliases__email__iexact=address)
    found = Attendee.objects.filter(mine) if address else Attendee.objects.none()
    return found.order_by("pk").distinct()


def attendance_told(address: str) -> list[dict[str, Any]]:
    """Return what rosters hold on whoever has this address, as JSON can hold it."""
    told = attendees_of(address).select_related("delivery")
    minutes = Attendance.objects.filter(attendee__in=told).select_related("session")
    return [
        {
            "class": attendee.delivery.title,
            "name": attendee.name,
            "address": attendee.email,
            "registered": attendee.registered_at,
            "called_off": attendee.cancelled_at,
            "also_known_as": rows(attendee.aliases.values("name", "email")),
            "sessions": [
                {"at": one.session.starts_at, "minutes": one.minutes}
                for one in minutes
                if one.attendee_id == attendee.pk
            ],
        }
        for attendee in told
    ]


def attendance_of_contact(contact: Contact) -> list[dict[str, Any]]:
    """Return what rosters hold on a contact, found by the address."""
    return attendance_told(contact.email)


def erase_attendees(address: str, *, name: str, instead: str) -> int:
    """Let somebody else stand on the rosters for whoever has this address.

    What they were called in reports goes; minutes and numbers stay. Returns on how
    many rosters it was.
    """
    found = list(attendees_of(address).values_list("pk", "email"))
    ids = [pk for pk, _email in found]
    AttendeeAlias.objects.filter(attendee__in=ids).delete()
    named = Q(attendee__in=ids) | Q(email__iexact=address)
    forget_rows(ReportRow.objects.filter(named))
    for pk, email in found:
        # Known by the address beside another one: two would have the same.
        mine = instead if email.casefold() == address.casefold() else ""
        Attendee.objects.filter(pk=pk).update(name=name[:120], email=mine)
    return len(ids)


def forget_rows(rows_found: QuerySet[ReportRow]) -> None:
    """Leave the times in rows of reports, and not who it was."""
    for row in rows_found:
        row.name, row.email = "", ""
        row.joins = [one[:3] for one in row.joins]
        row.save(update_fields=["name", "email", "joins"])


def erase_from_rosters(event: PersonalDataErased) -> None:
    """Replace an attendee who had the address of an erased contact or person."""
    if event.old_address:
        name, instead = str(event.subject), event.address
        erase_attendees(event.old_address, name=name, instead=instead)


@transaction.atomic
def erase_address(address: str, *, reason: str, now: datetime) -> int:
    """Erase an attendee who is no contact, on all rosters and in all submissions.

    The history tells how many it were and why, never the address. Returns how many
    records named them.
    """
    name = _("Erased attendee")
    count = erase_attendees(address, name=name, instead="")
    handed_in = Submission.objects.filter(attendee_email__iexact=address)
    for submission in handed_in.select_related("delivery", "checklist"):
        if submission.checklist is not None:
            title = f"{name} · {submission.delivery.title}"[:200]
            submission.checklist.title = title
            submission.checklist.save(update_fields=["title"])
    instead = (
        f"attendee-{handed_in.order_by('pk').values_list('pk', flat=True).first()}"
    )
    count += handed_in.update(
        attendee_name=name,
        attendee_email=f"{instead}@erased.invalid",
        response_url="",
    )
    if count:
        changes = {"records": [None, count]}
        record("attendee-erased", by=None, changes=changes, reason=reason, now=now)
    return count


def old_attendees(before: datetime) -> QuerySet[Attendee]:
    """Return who is still named on a roster that finance has had since long before.

    Of classes that were called off too; a roster that is not handed in stays.
    """
    later = Session.objects.filter(ends_at__gte=before).order_by()
    over = Delivery.objects.exclude(pk__in=later.values("delivery")).filter(
        Q(roster_in_at__lt=before)
        | Q(state=DeliveryState.CANCELLED, created_at__lt=before)
    )
    named = Attendee.objects.exclude(name="", email="")
    return named.filter(delivery__in=over.order_by().values("pk")).order_by("pk")


def remove_names(old: QuerySet[Any]) -> int:
    """Take names and addresses off rosters, with the reports that told them.

    Who came for how long stays, of nobody in particular. Returns how many it were.
    """
    found = list(old.values_list("pk", "delivery"))
    ids, classes = [pk for pk, _one in found], {one for _pk, one in found}
    AttendeeAlias.objects.filter(attendee__in=ids).delete()
    stale = ReportRow.objects.filter(report__delivery__in=classes)
    stale.filter(Q(attendee__in=ids) | Q(attendee=None)).delete()
    reports = AttendeeReport.objects.filter(
        delivery__in=classes, document__isnull=False
    )
    files = list(reports.exclude(document__file="").values_list("document__file"))
    Attendee.objects.filter(pk__in=ids).update(name="", email="")
    for (name,) in files:
        transaction.on_commit(partial(default_storage.delete, name))
    return len(ids)


def register_attendee_data() -> None:
    """Tell what rosters hold, listen for who is erased, and forget after years."""
    register_personal_data(Contact, "attendance", attendance_of_contact)
    reactions.register(PersonalDataErased, erase_from_rosters)
    register_purge_after_days(
        Purge(
            key="attendees",
            title=gettext_lazy("Names on rosters"),
            find=old_attendees,
            remove=remove_names,
            setting=KEEP_DAYS,
        ),
        title=gettext_lazy("Days for which names of attendees are kept"),
        help=gettext_lazy(
            "Counted from when the roster went to finance. Afterwards names, addresses "
            "and imported reports go; the numbers stay. 0 keeps them for good."
        ),
        default=730,
    )
