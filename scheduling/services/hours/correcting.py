"""What was approved is corrected by counter-entries, each with its reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.people.moments import day_text
from psdelivery.people.rules.hours import LONGEST_DAY
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import HoursSource, HoursState
from scheduling.models import HoursEntry, HoursPart, HoursWeek
from scheduling.queries.hours import days_of, hours_by_day
from scheduling.rules.hours import (
    NOTHING,
    plain,
    reasons_against_quarters,
)
from scheduling.rules.hours_approval import (
    may_decide,
    reasons_against_version,
    reasons_without_words,
)
from scheduling.services.hours import asking, budgets
from scheduling.services.hours.approving import Deciding, locked_part
from scheduling.services.hours.weeks import current_settings, reasons_while_imported


@dataclass(frozen=True)
class Correction:
    """Hours as they are to be on a day, why, and the version that was looked at."""

    day: date
    hours: Decimal
    reason: str
    seen: int | None = None


def correct(part: HoursPart, correction: Correction, deciding: Deciding) -> HoursPart:
    """Enter the difference as a counter-entry; the sums are right at once.

    domain.md, section 4. The person's own waits for approval like hours do; that of
    who approves counts as approved. Raises RuleRefused, at `day`, `hours` or `reason`.
    """
    with one_transaction():
        stored = locked_part(part.pk)
        refuse(reasons_against_correcting(stored, correction, deciding))
        told = hours_by_day(stored.entries.all())
        difference = correction.hours - told.get(correction.day, NOTHING)
        refuse(reasons_against_difference(stored, correction, difference))
        waits = deciding.by == stored.week.person
        enter(stored, correction, difference, deciding, waits=waits)
        settle(stored, deciding, waits=waits)
        told_changes = {"hours": [stored.hours - difference, stored.hours]}
        write_history(stored, correction, told_changes, deciding)
        return stored


def reasons_against_correcting(
    part: HoursPart, correction: Correction, deciding: Deciding
) -> list[Reason]:
    """Return why somebody may not correct these hours, or not like this."""
    return (
        reasons_while_imported(current_settings())
        or reasons_of_right(part, deciding)
        or reasons_of_state(part)
        or reasons_against_version(part, correction.seen)
        or [
            *reasons_of_day(part, correction.day),
            *[
                Reason("hours", one.sentence)
                for one in reasons_against_quarters(correction.hours)
            ],
            *reasons_without_words(correction.reason, _("Say why it is corrected.")),
        ]
    )


def reasons_of_right(part: HoursPart, deciding: Deciding) -> list[Reason]:
    """The person corrects the own hours, and who approves them those of others."""
    is_own = deciding.by == part.week.person
    if is_own or may_decide(part.engagement.kind, deciding.right(part)):
        return []
    sentence = _("Whose hours they are corrects them, or who approves them.")
    return [Reason("not-yours", sentence)]


def reasons_of_state(part: HoursPart) -> list[Reason]:
    """Before the approval hours are corrected in the week itself."""
    if part.source == HoursSource.IMPORTED:
        sentence = _("Imported hours are corrected in the PSA system.")
        return [Reason("imported-part", sentence)]
    if part.state == HoursState.APPROVED or part.is_correction:
        return []
    sentence = _("These hours are not approved yet: they are changed in the week.")
    url = part.week.get_absolute_url()
    return [Reason("not-approved", sentence, url, _("Open the week"))]


def reasons_of_day(part: HoursPart, day: date) -> list[Reason]:
    """A correction is about a day of the week."""
    if day in days_of(part.week):
        return []
    sentence = _("%(day)s is no day of this week.")
    return [Reason("day", sentence % {"day": day_text(day)})]


def reasons_against_difference(
    part: HoursPart, correction: Correction, difference: Decimal
) -> list[Reason]:
    """A correction changes something, and leaves the day with 24 hours at most."""
    words = {"day": day_text(correction.day), "hours": plain(correction.hours)}
    if not difference:
        sentence = _("%(day)s has %(hours)s hours already.")
        return [Reason("hours", sentence % words)]
    of_day = HoursEntry.objects.filter(part__week=part.week, day=correction.day)
    total = sum((entry.hours for entry in of_day), NOTHING) + difference
    if total <= LONGEST_DAY:
        return []
    words["hours"] = plain(total)
    sentence = _("%(day)s would have %(hours)s hours. A day has 24.")
    return [Reason("hours", sentence % words)]


def enter(
    part: HoursPart,
    correction: Correction,
    difference: Decimal,
    deciding: Deciding,
    *,
    waits: bool,
) -> None:
    """Write the counter-entry, and the sums of the part (not saved)."""
    HoursEntry.objects.create(
        part=part,
        day=correction.day,
        hours=difference,
        note=correction.reason,
        is_counter=True,
        waits=waits,
        by=deciding.by,
        at=deciding.now,
    )
    part.hours += difference
    if not waits:
        part.approved_hours += difference


def settle(part: HoursPart, deciding: Deciding, *, waits: bool) -> None:
    """Let what the person corrected wait; what the approver did is approved."""
    part.version += 1
    part.returned_reason = ""
    if waits:
        part.state, part.submitted_at = HoursState.SUBMITTED, deciding.now
        asking.name_approver(part)
    part.save()
    HoursWeek.objects.filter(pk=part.week_id).update(version=part.week.version + 1)
    if waits:
        asking.ask([part], by=deciding.by, now=deciding.now)
    budgets.follow_budget(part, by=deciding.by, now=deciding.now)


def write_history(
    part: HoursPart,
    correction: Correction,
    changes: dict[str, list[object]],
    deciding: Deciding,
) -> None:
    """Tell the history of the engagement what was corrected, and why."""
    record(
        "hours-corrected",
        by=deciding.by,
        on_behalf_of=deciding.on_behalf_of(part),
        subject=part,
        engagement=part.engagement,
        changes={**changes, "day": [None, correction.day]},
        reason=correction.reason,
        now=deciding.now,
    )
