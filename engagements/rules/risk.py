"""Work at risk: who may go around the gate, how far, and until when (R-3)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import Blocks, Booking, Condition, RiskState
from engagements.models import TeamMember, WorkAtRisk
from engagements.rules.gate import SPECS, Gate
from psdelivery.people.moments import day_text
from psdelivery.registry import Reason

# only what blocks something can be waived; advice never stands in the way.
WAIVABLE = tuple(spec.code.value for spec in SPECS if spec.blocks != Blocks.NOTHING)


@dataclass(frozen=True)
class RiskTerms:
    """What is asked for: which conditions, why, up to how many hours, until when."""

    codes: tuple[str, ...]
    reason: str
    hours_cap: Decimal
    expires_on: date


def newest_waivers(waivers: Iterable[WorkAtRisk]) -> Mapping[str, WorkAtRisk]:
    """R-3: return the waiver that counts for each condition: the newest naming it.

    `waivers` are those granted and not released, the newest first.
    """
    found: dict[str, WorkAtRisk] = {}
    for waiver in waivers:
        for code in waiver.codes:
            found.setdefault(code, waiver)
    return found


def reasons_against_asking(
    terms: RiskTerms, gate: Gate, *, today: date
) -> list[Reason]:
    """R-3: work at risk names missing conditions, with reason, cap and expiry date.

    `today` is the customer's day; the last day may be today.
    """
    return [
        *reasons_of_conditions(terms.codes, gate),
        *([] if terms.reason.strip() else [Reason("reason-missing", _("Say why."))]),
        *reasons_of_limits(terms.hours_cap, terms.expires_on, today=today),
    ]


def reasons_of_conditions(codes: Collection[str], gate: Gate) -> list[Reason]:
    """R-3: only named conditions that block something and are missing are waived."""
    if not codes:
        return [Reason("nothing-named", _("Name the conditions that are waived."))]
    missing = {state.code for state in gate.conditions if not state.is_met}
    if set(codes) - set(WAIVABLE):
        return [Reason("not-waivable", _("Only what blocks something can be waived."))]
    return [
        Reason(
            "met-already",
            _("%(condition)s is on file: it needs no waiver.")
            % {"condition": Condition(code).label},
        )
        for code in codes
        if code not in missing
    ]


def reasons_of_limits(
    hours_cap: Decimal, expires_on: date, *, today: date
) -> list[Reason]:
    """R-3: the cap is more than nothing, and the last day is not over."""
    reasons = []
    if hours_cap <= 0:
        reasons.append(Reason("no-hours", _("Hours are more than zero.")))
    if expires_on < today:
        reasons.append(Reason("expired", _("The last day lies in the past.")))
    return reasons


def reasons_against_deciding(
    risk: WorkAtRisk, *, is_granted: bool, note: str, today: date
) -> list[Reason]:
    """R-3: what was asked for is decided once; a refusal says why."""
    if risk.state != RiskState.REQUESTED:
        sentence = _("This was decided meanwhile: %(state)s.")
        return [Reason("decided", sentence % {"state": risk.get_state_display()})]
    if is_granted and risk.expires_on < today:
        sentence = _("Its last day, %(day)s, is over. Ask for it anew.")
        return [Reason("expired", sentence % {"day": day_text(risk.expires_on)})]
    if not is_granted and not note.strip():
        return [Reason("note-missing", _("Say why it is refused."))]
    return []


def reasons_against_ending(risk: WorkAtRisk, reason: str) -> list[Reason]:
    """R-3: what runs can be ended early, with a reason."""
    if risk.state != RiskState.GRANTED:
        sentence = _("This is not granted: %(state)s.")
        return [Reason("not-granted", sentence % {"state": risk.get_state_display()})]
    return [] if reason.strip() else [Reason("reason-missing", _("Say why."))]


@dataclass(frozen=True)
class BookedHours:
    """Hours of a hard booking, beside those booked hard on the engagement already."""

    wanted: Decimal | None
    others: Decimal = Decimal()

    @property
    def total(self) -> Decimal:
        return self.others + (self.wanted or Decimal())


def reasons_against_risky_booking(gate: Gate, hours: BookedHours) -> list[Reason]:
    """R-3: after expiry or beyond the cap new hard bookings are refused.

    Existing ones stay. All hours booked hard on the engagement count against the cap;
    a booking without hours cannot be held against it and is refused too.
    """
    return [
        *[reason_of_lapse(waiver) for waiver in gate.lapsed],
        *[
            reason
            for waiver in gate.running
            for reason in reasons_beyond_cap(waiver, hours)
        ],
    ]


def reason_of_lapse(waiver: WorkAtRisk) -> Reason:
    """Say that the work at risk is over, and where to ask for more time."""
    sentence = _("Work at risk for %(conditions)s ended on %(day)s.") % {
        "conditions": waiver.names,
        "day": day_text(waiver.last_day),
    }
    url = f"{waiver.engagement.get_absolute_url()}gate/"
    return Reason("risk-ended", sentence, url, _("Open the gate"))


def reasons_beyond_cap(waiver: WorkAtRisk, hours: BookedHours) -> list[Reason]:
    """R-3: the hours booked hard stay within the cap of the work at risk."""
    url = waiver.get_absolute_url()
    if hours.wanted is None:
        sentence = _("Work at risk is capped: say how many hours are booked.")
        return [Reason("risk-hours-missing", sentence, url, _("Open it"))]
    if waiver.allows(hours.total):
        return []
    sentence = _(
        "Work at risk covers %(cap)s hours; with this booking it would be %(total)s."
    ) % {"cap": plain_hours(waiver.hours_cap), "total": plain_hours(hours.total)}
    return [Reason("risk-cap", sentence, url, _("Open it"))]


def plain_hours(hours: Decimal) -> str:
    """Say a number of hours without what follows a whole number: 40, 12.5."""
    return f"{hours.normalize():f}"


def enlarges(member: TeamMember, stored: TeamMember | None) -> bool:
    """R-3: tell whether saving the member books anything hard that was not before.

    Another person, or more hours than before, is a new booking.
    """
    if member.booking != Booking.HARD:
        return False
    if stored is None or stored.booking != Booking.HARD:
        return True
    more = (member.hours or Decimal()) > (stored.hours or Decimal())
    return more or stored.person_id != member.person_id


def is_billable(waivers: Iterable[WorkAtRisk], day: date) -> bool:
    """R-3: hours worked at risk are not billable until they are released.

    `waivers` are those granted and not released; `day` is the customer's day. Work
    after the end of one that was never released is at risk as well.
    """
    starts = [waiver.decided_on for waiver in waivers]
    return not any(start is not None and start <= day for start in starts)
