"""R-13: results of a form are uploaded, looked at, and entered as submissions."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import DateOrder, Result
from training.imports.form_results import (
    EMAIL,
    SUBMITTED,
    Response,
    Sheet,
    guessed_columns,
    order_of,
    read_sheet,
    responses_in,
)
from training.imports.problems import UnreadableReport
from training.models import Attendee, AttendeeAlias, Delivery, FormImport, Submission
from training.reviewers import REVIEW_TIME, Bench
from training.rules.certification import reasons_against_import
from training.rules.form_rows import Fate, Judged, Standing, judge_all
from training.services.submissions import enter_submission

NAME_LENGTH = 200


def upload_results(
    delivery: Delivery,
    upload: "UploadedFile[bytes]",
    *,
    zone: str,
    by: User,
    now: datetime,
) -> FormImport:
    """Keep the results of a form until somebody has looked at them; nothing is entered.

    Raises RuleRefused, at "file", for what is no table of responses.
    """
    refuse(reasons_against_import(delivery))
    data = upload.read()
    try:
        sheet = read_sheet(data)
    except UnreadableReport as problem:
        raise RuleRefused([Reason("file", problem.sentence)]) from problem
    columns = guessed_columns(sheet)
    has_roster = Attendee.objects.filter(delivery=delivery).exists()
    with transaction.atomic():
        found = FormImport.objects.create(
            delivery=delivery,
            file_name=(upload.name or "")[-NAME_LENGTH:],
            fingerprint=hashlib.sha256(data).hexdigest(),
            header=list(sheet.header),
            rows=[[line, *cells] for line, cells in sheet.rows],
            columns=columns,
            zone=zone,
            date_order=order_of(sheet, columns),
            with_strangers=not has_roster,
            uploaded_at=now,
            uploaded_by=by,
        )
        record_import("form-results-uploaded", found, {}, by=by, now=now)
    return found


def record_import(
    verb: str,
    found: FormImport,
    changes: Mapping[str, Sequence[object]],
    *,
    by: User,
    now: datetime,
) -> None:
    """Write what happened to an import into the history: numbers, and nobody's name."""
    engagement = found.delivery.engagement
    record(verb, by=by, subject=found, engagement=engagement, changes=changes, now=now)


def sheet_of(found: FormImport) -> Sheet:
    """Return the columns and rows as they were read."""
    rows = tuple((row[0], tuple(row[1:])) for row in found.rows)
    return Sheet(tuple(found.header), rows)


def open_questions(found: FormImport) -> list[Reason]:
    """Return what must be said of the columns before the rows can be read."""
    reasons = [
        Reason(field, words)
        for field, words in (
            (EMAIL, _("Say which column holds the e-mail address.")),
            (SUBMITTED, _("Say which column holds the time of handing in.")),
        )
        if field not in found.columns
    ]
    if SUBMITTED in found.columns and not found.date_order:
        words = _("The days can be read in two ways: say which number is the month.")
        reasons.append(Reason("date_order", words))
    return reasons


def earlier_import(found: FormImport) -> FormImport | None:
    """Return when the very same file was entered for this class before."""
    same = FormImport.objects.filter(
        delivery=found.delivery_id,
        fingerprint=found.fingerprint,
        settled_at__isnull=False,
    )
    return same.defer("rows").exclude(pk=found.pk).first()


def responses_of(found: FormImport) -> list[Response]:
    """Return what the rows say, as the columns are understood."""
    order = found.date_order or DateOrder.MONTH_FIRST
    zone = ZoneInfo(found.zone)
    return responses_in(sheet_of(found), found.columns, order, zone)


def standing_of(found: FormImport) -> Standing:
    """Return what the class knows already (four queries)."""
    delivery = found.delivery
    there = Submission.objects.filter(delivery=delivery)
    rows = list(
        there.values_list("response_key", "attendee_email", "submitted_at", "result")
    )
    starts = [session.starts_at for session in delivery.sessions.all()]
    return Standing(
        began_at=min(starts, default=None),
        roster=None if found.with_strangers else roster_addresses(delivery),
        keys={key for key, _email, _at, _result in rows if key},
        handed_in={(email, at) for _key, email, at, _result in rows},
        passed=frozenset(
            email for _key, email, _at, result in rows if result == Result.PASSED
        ),
    )


def roster_addresses(delivery: Delivery) -> frozenset[str]:
    """Return the addresses of who is on the roster, those that they join with too."""
    own = Attendee.objects.filter(delivery=delivery).values_list("email", flat=True)
    others = AttendeeAlias.objects.filter(attendee__delivery=delivery)
    found = {*own.order_by(), *others.order_by().values_list("email", flat=True)}
    return frozenset(email.lower() for email in found if email)


def judged_rows(found: FormImport, now: datetime) -> list[Judged]:
    """R-13: return what becomes of each row as things are now (a dry run)."""
    return judge_all(responses_of(found), standing_of(found), now=now)


@transaction.atomic
def change_reading(
    found: FormImport, values: Mapping[str, object], *, by: User, now: datetime
) -> FormImport:
    """Say which column holds what, in which zone and order; raises RuleRefused.

    Nothing is entered by it.
    """
    found = lock_import(found)
    refuse(reasons_of_settled(found))
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    return found


def lock_import(found: FormImport) -> FormImport:
    """Read the import anew and keep others from entering it meanwhile."""
    rows = FormImport.objects.select_for_update(of=("self",))
    return rows.select_related(
        "delivery__engagement__customer", "delivery__course", "delivery__trainer"
    ).get(pk=found.pk)


def reasons_of_settled(found: FormImport) -> list[Reason]:
    """Return the reason against entering rows that were entered before."""
    if found.settled_at is None:
        return []
    url = f"{found.delivery.get_absolute_url()}certification/"
    return [Reason("settled", _("These results were entered before."), url)]


def new_rows(found: FormImport, now: datetime) -> list[Response]:
    """Return the responses that would be entered now; raises RuleRefused.

    An import that was entered before, whose columns are not known, or of a class that
    takes no submissions is refused.
    """
    refuse(reasons_of_settled(found))
    refuse(open_questions(found))
    refuse(reasons_against_import(found.delivery))
    return [one.response for one in judged_rows(found, now) if one.fate == Fate.NEW]


def bench_for(found: FormImport, responses: Sequence[Response], now: datetime) -> Bench:
    """Return who could review these, read once for all of them."""
    moments = [one.submitted_at for one in responses if one.submitted_at is not None]
    until = max(moments, default=now) + REVIEW_TIME
    return Bench([found.delivery], until, now)


def enter_response(
    found: FormImport, response: Response, bench: Bench, *, by: User, now: datetime
) -> Submission:
    """R-13: enter one response as a submission; raises RuleRefused as entering does."""
    submission = Submission(
        delivery=found.delivery,
        attendee_name=response.name,
        attendee_email=response.email,
        # Rows without a moment are told as wrong and never entered.
        submitted_at=cast(datetime, response.submitted_at),
        form_score=response.score,
        response_url=response.response_url,
        response_key=response.response_key,
    )
    return enter_submission(submission, bench=bench, by=by, now=now)


@transaction.atomic
def enter_results(found: FormImport, *, by: User, now: datetime) -> int:
    """R-13: enter all new responses; return how many. Raises RuleRefused.

    One transaction: a second click finds nothing to enter.
    """
    found = lock_import(found)
    responses = new_rows(found, now)
    bench = bench_for(found, responses, now)
    for response in responses:
        enter_response(found, response, bench, by=by, now=now)
    settle_import(found, len(responses), by=by, now=now)
    return len(responses)


def settle_import(found: FormImport, entered: int, *, by: User, now: datetime) -> None:
    """Note how many came of it, and let the cells of the file go."""
    found.settled_at, found.entered = now, found.entered + entered
    found.header, found.rows = [], []
    found.save(update_fields=["settled_at", "entered", "header", "rows"])
    changes = {"submissions": [None, found.entered]}
    record_import("form-results-entered", found, changes, by=by, now=now)


def discard_results(found: FormImport, *, by: User, now: datetime) -> None:
    """Throw uploaded results away before they are entered; raises RuleRefused after."""
    with transaction.atomic():
        found = lock_import(found)
        refuse(reasons_of_settled(found))
        record_import("form-results-discarded", found, {}, by=by, now=now)
        found.delete()


def entered_words(count: int) -> str:
    """Say how many submissions came of an import."""
    words = ngettext(
        "%(n)d submission is entered.", "%(n)d submissions are entered.", count
    )
    return words % {"n": count}
