"""Hours of the PSA system: a file is looked at, then taken over row by row."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.choices import ENDED_STATUSES
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import HoursSource, HoursState
from scheduling.models import HoursEntry, HoursImport, HoursPart, HoursWeek
from scheduling.rules.hours import NOTHING, week_end_on
from scheduling.rules.hours_import import (
    Fate,
    Judged,
    Known,
    Line,
    Stored,
    Unreadable,
    judge_all,
    lines_of,
)
from scheduling.services.hours import budgets, release
from scheduling.services.hours.weeks import current_settings

NAME_LENGTH = 200
LEFT = "person-left"
# Part of a file that is written in one transaction.
CHUNK = 200
# (done, total): noted with each part that is written.
Tell = Callable[[int, int], None]


def reasons_unless_imported() -> list[Reason]:
    """Return the reason against importing while the portal itself asks for hours."""
    if current_settings().is_imported:
        return []
    sentence = _(
        "Hours are confirmed in the portal. A setting says so: change it first."
    )
    return [Reason("portal", sentence, reverse("people:setting-list"), _("Settings"))]


def upload_hours(
    upload: "UploadedFile[bytes]", covered_until: date, *, by: User, now: datetime
) -> HoursImport:
    """Keep a file until somebody has looked at it; nothing is taken over yet.

    Raises RuleRefused, at "file", for what is no table of hours.
    """
    refuse(reasons_unless_imported())
    data = upload.read()
    try:
        lines = lines_of(text_of(data))
    except Unreadable as problem:
        refuse([Reason("file", str(problem))])
        raise
    with one_transaction():
        found = HoursImport.objects.create(
            file_name=(upload.name or "")[-NAME_LENGTH:],
            fingerprint=hashlib.sha256(data).hexdigest(),
            rows=[[line.number, dict(line.texts)] for line in lines],
            covered_until=covered_until,
            uploaded_at=now,
            uploaded_by=by,
        )
        record("hours-file-uploaded", by=by, subject=found, now=now)
    return found


def text_of(data: bytes) -> str:
    """Return the text of a file; raises Unreadable for what is none."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or data.startswith((b"PK\x03\x04", b"%PDF")):
            break
        return text
    raise Unreadable(_("This is no text file. Download the hours as CSV."))


def lines_in(found: HoursImport) -> list[Line]:
    """Return the rows of a kept file."""
    return [Line(number, texts) for number, texts in found.rows]


def judged_rows(found: HoursImport) -> list[Judged]:
    """Return what becomes of each row as things are now (a dry run); seven queries."""
    lines = lines_in(found)
    return judge_all(lines, known_for(lines))


def known_for(lines: Sequence[Line]) -> Known:
    """Return what the portal knows of the people, work and keys of a file."""
    people = people_in(lines)
    engagements = engagements_in(lines)
    settings = current_settings()
    return Known(
        people={one.email.casefold(): one.pk for one in people},
        engagements=names_of(engagements),
        keys=keys_in(lines),
        left=left_days(people),
        ended={
            one.pk: local_day(one.status_since, one.customer.zone)
            for one in engagements
            if one.status in ENDED_STATUSES
        },
        confirmed=confirmed_weeks(people, engagements),
        week_ends_on=settings.week_ends_on,
    )


def people_in(lines: Sequence[Line]) -> list[User]:
    """Return the people whose addresses stand in a file; who has left too."""
    addresses = {line.texts["person"].lower() for line in lines}
    return list(User.objects.filter(email__in=addresses).order_by("pk"))


def engagements_in(lines: Sequence[Line]) -> list[Engagement]:
    """Return the engagements whose number or title stands in a file."""
    texts = {line.texts["engagement"].lstrip("#") for line in lines}
    numbers = [int(one) for one in texts if one.isascii() and one.isdigit()]
    known = [one for one in numbers if one < 2**31]
    rows = Engagement.objects.filter(Q(pk__in=known) | Q(title__in=texts))
    return list(rows.select_related("customer").order_by("pk"))


def names_of(engagements: Iterable[Engagement]) -> dict[str, int]:
    """Return engagements by number, and by a title that is that of one alone."""
    found: dict[str, int] = {}
    twice = set()
    for one in engagements:
        title = one.title.casefold()
        if title in found:
            twice.add(title)
        found[title] = one.pk
    names = {title: pk for title, pk in found.items() if title not in twice}
    return {**names, **{str(one.pk): one.pk for one in engagements}}


def keys_in(lines: Sequence[Line]) -> dict[str, Stored]:
    """Return what was imported before under the keys of a file."""
    keys = {line.texts["key"] for line in lines}
    rows = HoursEntry.objects.filter(external_key__in=keys).select_related("part__week")
    return {
        row.external_key: Stored(
            row.part.week.person_id,
            row.part.engagement_id,
            row.day,
            row.hours,
            row.note,
        )
        for row in rows
    }


def left_days(people: Iterable[User]) -> dict[int, date]:
    """Return on which day each of these people left, of those who have."""
    gone = {str(one.pk): one for one in people if not one.is_active}
    if not gone:
        return {}
    events = Event.objects.filter(
        verb=LEFT,
        subject_type=ContentType.objects.get_for_model(User),
        subject_id__in=list(gone),
    ).order_by("at")
    return {
        int(event.subject_id): local_day(event.at, gone[event.subject_id].zone)
        for event in events
    }


def confirmed_weeks(
    people: Iterable[User], engagements: Iterable[Engagement]
) -> frozenset[tuple[int, int, date]]:
    """Return whose hours of which work and week were told in the portal."""
    rows = HoursPart.objects.filter(
        source=HoursSource.PORTAL,
        week__person__in=[one.pk for one in people],
        engagement__in=[one.pk for one in engagements],
    ).exclude(hours=0)
    told = rows.order_by().values_list("week__person", "engagement", "week__ends_on")
    return frozenset(told)


def take_over(
    found: HoursImport,
    *,
    by: User,
    now: datetime,
    tell: Tell = lambda done, total: None,
) -> HoursImport:
    """Take over what is new or has changed; raises RuleRefused for a settled file.

    In parts, each in a transaction that ends with `tell`; started again it finds what
    was written as already there.
    """
    refuse(reasons_unless_imported())
    refuse(reasons_of_settled(found))
    rows = [one for one in judged_rows(found) if one.fate in {Fate.NEW, Fate.CHANGED}]
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        with transaction.atomic():
            write_rows(found, part, by=by, now=now)
            tell(start + len(part), len(rows))
    return settle(found, by=by, now=now)


def reasons_of_settled(found: HoursImport) -> list[Reason]:
    """Return the reason against taking a file over twice."""
    if found.settled_at is None:
        return []
    return [Reason("settled", _("This file was taken over before."))]


def write_rows(
    found: HoursImport, rows: Sequence[Judged], *, by: User, now: datetime
) -> None:
    """Write some rows, and the sums of the parts that they belong to."""
    stored = HoursImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
    refuse(reasons_of_settled(stored))
    weekday = current_settings().week_ends_on
    touched: set[int] = set()
    for row in rows:
        touched |= write_row(row, weekday, by=by, now=now)
    sum_up(touched, by=by, now=now)
    changed = sum(row.fate == Fate.CHANGED for row in rows)
    stored.changed += changed
    stored.entered += len(rows) - changed
    stored.save(update_fields=["entered", "changed"])


def write_row(row: Judged, weekday: int, *, by: User, now: datetime) -> set[int]:
    """Write one row under its key; return the parts whose sums change."""
    told = row.stored
    if told is None:
        return set()
    week, _made = HoursWeek.objects.get_or_create(
        person_id=told.person, ends_on=week_end_on(told.day, weekday)
    )
    part, _made = HoursPart.objects.get_or_create(
        week=week,
        engagement_id=told.engagement,
        defaults={"source": HoursSource.IMPORTED, "state": HoursState.APPROVED},
    )
    before = HoursEntry.objects.filter(external_key=row.key).first()
    entry = before or HoursEntry(external_key=row.key)
    touched = {part.pk} | ({before.part_id} if before else set())
    entry.part, entry.day, entry.hours, entry.note = (
        part,
        told.day,
        told.hours,
        told.note,
    )
    entry.by, entry.at = by, now
    entry.save()
    return touched


def sum_up(parts: Iterable[int], *, by: User, now: datetime) -> None:
    """Write the sums of imported parts, and what follows from them."""
    rows = HoursPart.objects.filter(pk__in=list(parts)).select_related(
        "engagement__customer", "engagement__paper", "engagement__checklist"
    )
    last: dict[int, HoursPart] = {}
    for part in rows.order_by("pk"):
        total = HoursEntry.objects.filter(part=part).aggregate(sum=Sum("hours"))["sum"]
        part.hours = part.approved_hours = total or NOTHING
        part.source, part.state = HoursSource.IMPORTED, HoursState.APPROVED
        days = release.days_of_part(part)
        part.waits_for_release = release.must_wait(part.engagement, days, now)
        part.version += 1
        part.save()
        last[part.engagement_id] = part
    for part in last.values():
        budgets.follow_budget(part, by=by, now=now)


def settle(found: HoursImport, *, by: User, now: datetime) -> HoursImport:
    """Note that a file was taken over, and let its rows go."""
    with one_transaction():
        stored = HoursImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
        refuse(reasons_of_settled(stored))
        stored.settled_at, stored.rows = now, []
        stored.save(update_fields=["settled_at", "rows"])
        changes: dict[str, Any] = {"entries": [None, stored.entered + stored.changed]}
        record("hours-imported", by=by, subject=stored, changes=changes, now=now)
    return stored


def discard(found: HoursImport, *, by: User, now: datetime) -> None:
    """Throw a file away that was not taken over; raises RuleRefused after."""
    with one_transaction():
        stored = HoursImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
        refuse(reasons_of_settled(stored))
        record("hours-file-discarded", by=by, subject=stored, now=now)
        stored.delete()
