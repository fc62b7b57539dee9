"""Take registration and attendee reports into the roster of a class.

The same file, or a newer one of the same session, never counts anything twice: people
are found again, and minutes are counted anew from all joins that were ever told.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from psdelivery.documents.services import add_file
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse
from training.choices import ReportKind, RowFate, StepKey
from training.imports import Report
from training.models import AttendeeReport, Delivery, ReportRow, Session
from training.roster_queries import known_people, memory_of
from training.rules.classes import day_of
from training.rules.matching import Person, Verdict, people_of, verdicts_on
from training.rules.roster import reasons_against_roster
from training.services.attendance import recount
from training.services.attendees import find_or_add, learn_about
from training.services.checklists import record_delivery
from training.services.roster import count_registered, follow_roster
from training.services.sessions import lock
from training.services.ticking import tick_open

# So many people are written at once; a job says after each part how far it is.
PART = 200
FILE_NAME_LENGTH = 200


@dataclass(frozen=True)
class Upload:
    """A report that was chosen: its bytes, and what they tell."""

    name: str
    data: bytes
    report: Report
    session: Session | None = None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def silent(done: int, total: int) -> None:
    """Tell nobody how far it is."""


@transaction.atomic
def import_report(
    delivery: Delivery, upload: Upload, *, by: User, now: datetime
) -> AttendeeReport:
    """Keep a report and take its people into the roster, in one go.

    The same file of the same session is found again and changes nothing. Raises
    RuleRefused for a class that was called off.
    """
    report, is_new = file_report(delivery, upload, by=by, now=now)
    if is_new:
        take_in(report, upload.report, by=by, now=now)
    return report


@transaction.atomic
def file_report(
    delivery: Delivery, upload: Upload, *, by: User, now: datetime
) -> tuple[AttendeeReport, bool]:
    """Keep a report with its file, its people still to be taken in.

    Returns the one that is there, and False, where the same file came before.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    same = delivery.reports.filter(
        fingerprint=upload.fingerprint, session=upload.session
    ).first()
    if same is not None:
        return same, False
    document = add_file(
        ContentFile(upload.data, name=csv_name(upload.name)),
        title=title_of(delivery, upload),
        engagement=delivery.engagement,
        by=by,
        now=now,
    )
    report = AttendeeReport.objects.create(
        delivery=delivery,
        kind=upload.report.kind,
        session=upload.session,
        document=document,
        file_name=upload.name[:FILE_NAME_LENGTH],
        fingerprint=upload.fingerprint,
        imported_at=now,
        imported_by=by,
    )
    return report, True


def csv_name(name: str) -> str:
    """Return the name under which the file is offered again: it is a CSV file."""
    return name if name.casefold().endswith((".csv", ".txt")) else f"{name}.csv"


def title_of(delivery: Delivery, upload: Upload) -> str:
    """Return what the file is called; nobody who is in it."""
    kind = ReportKind(upload.report.kind).label.capitalize()
    if upload.session is None:
        return f"{kind} · {delivery.title}"
    return f"{kind} · {delivery.title} · {day_of(upload.session).isoformat()}"


def take_in(
    report: AttendeeReport,
    told: Report,
    *,
    by: User,
    now: datetime,
    tell: Callable[[int, int], None] = silent,
) -> None:
    """Take the people of a report into the roster, part by part.

    Taken up again after a kill it goes on with those that are not there yet. `tell`
    is called last in the transaction of each part.
    """
    people = people_of(told.entries)
    there = set(report.rows.values_list("number", flat=True))
    missing = [person for person in people if person.number not in there]
    delivery = report.delivery
    memory = memory_of(delivery, (person.email for person in missing))
    verdicts = verdicts_on(missing, known_people(delivery), memory)
    done = len(people) - len(missing)
    for start in range(0, len(missing), PART):
        part = missing[start : start + PART]
        with transaction.atomic():
            lock(delivery)
            write_part(report, part, verdicts, now=now)
            done += len(part)
            tell(done, len(people))
    finish(report, people, by=by, now=now)


@transaction.atomic
def finish(
    report: AttendeeReport, people: Sequence[Person], *, by: User, now: datetime
) -> None:
    """Say what was taken in, count registrations, and settle what is decided."""
    delivery = lock(report.delivery)
    changes = {"people": [None, len(people)]}
    verb = f"{report.kind}-report-imported"
    record_delivery(verb, delivery, changes, by=by, now=now)
    if report.kind == ReportKind.REGISTRATION:
        registered = sum(not (one.is_off or one.is_staff) for one in people)
        count_registered(delivery, registered, by=by, now=now)
    settle_report(report, by=by, now=now)


def write_part(
    report: AttendeeReport,
    people: Sequence[Person],
    verdicts: Mapping[int, Verdict],
    *,
    now: datetime,
) -> None:
    """Write rows for these people, with who they are on the roster."""
    new = [one for one in people if verdicts[one.number].fate == RowFate.NEW]
    added = find_or_add(report, new, now=now)
    owners = {
        one.number: added.get(one.number, verdicts[one.number].attendee)
        for one in people
    }
    ReportRow.objects.bulk_create(
        row_of(report, person, verdicts[person.number], owners[person.number])
        for person in people
    )
    told = {pk: one for one in people if (pk := owners[one.number]) is not None}
    learn_about(told, now=now)
    if report.session is not None:
        recount(report.session, told.keys())


def row_of(
    report: AttendeeReport, person: Person, verdict: Verdict, attendee: int | None
) -> ReportRow:
    """Return the row of a person (not saved)."""
    return ReportRow(
        report=report,
        number=person.number,
        name=person.name[:200] if person.names else "",
        email=person.email,
        joins=joins_as_kept(person),
        minutes=person.minutes,
        registered_at=person.registered_at,
        fate=verdict.fate,
        attendee_id=attendee,
        note=verdict.note[:300],
    )


def joins_as_kept(person: Person) -> list[list[Any]]:
    """Return the joins as the row keeps them: from, until, minutes, name."""
    return [
        [
            join.joined.isoformat(),
            join.left.isoformat(),
            round((join.left - join.joined).total_seconds() / 60),
            name,
        ]
        for join, name in person.joins
    ]


def settle_report(report: AttendeeReport, *, by: User, now: datetime) -> None:
    """Settle a report of which every row is decided; its step is ticked with it.

    domain.md, section 5 (9): the attendee report is imported. The caller holds the
    class.
    """
    waits = report.rows.filter(fate=RowFate.DOUBTFUL).exists()
    if waits or report.settled_at is not None:
        return
    report.settled_at = now
    report.save(update_fields=["settled_at"])
    if report.session is not None:
        tick_open(
            report.session.checklist_id,
            StepKey.ATTENDEE_REPORT,
            Completion(evidence=report.document, note=words_of(report)),
            by=by,
            now=now,
        )
    follow_roster(report.delivery, by=by, now=now)


def words_of(report: AttendeeReport) -> str:
    """Say in numbers what a report brought; nobody is named."""
    counts = fates_of([report]).get(report.pk, {})
    sentence = _(
        "%(known)s known, %(new)s new, %(doubtful)s to decide, %(out)s left out"
    )
    return sentence % {
        "known": counts.get(RowFate.MATCHED, 0),
        "new": counts.get(RowFate.NEW, 0),
        "doubtful": counts.get(RowFate.DOUBTFUL, 0),
        "out": counts.get(RowFate.IGNORED, 0),
    }


def fates_of(reports: Iterable[AttendeeReport]) -> dict[int, dict[str, int]]:
    """Return how many rows of each report have which fate (one query)."""
    rows = ReportRow.objects.filter(report__in=list(reports)).order_by()
    counts: dict[int, dict[str, int]] = {}
    for row in rows.values("report", "fate").annotate(n=Count("pk")):
        counts.setdefault(row["report"], {})[row["fate"]] = row["n"]
    return counts
