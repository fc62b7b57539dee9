"""Which session of a class a report tells of, and what is wrong where it is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from psdelivery.people.moments import clock_text, day_text
from psdelivery.playbooks.words import zone_words
from psdelivery.registry import Reason
from training.choices import ReportKind
from training.imports import Join, Reading, Report, UnreadableReport, read_report
from training.models import Session
from training.rules.classes import day_of, reasons_against_held
from training.rules.roster import session_told, tells_of


@dataclass(frozen=True)
class Told:
    """A report as it was read, and the session that it tells of (none: of all)."""

    report: Report
    session: Session | None = None
    reasons: Sequence[Reason] = ()


def read_for(
    data: bytes,
    sessions: Sequence[Session],
    wanted: Session | None,
    *,
    zone: str,
    now: datetime,
) -> Told:
    """Read a report of a class, and find the session that it tells of.

    Reasons have the code of the field that they belong to: "session" or "zone". Raises
    UnreadableReport.
    """
    near = wanted or latest(sessions, now)
    day = day_of(near) if near else None
    report = read_report(data, Reading(ZoneInfo(zone), day))
    if report.kind == ReportKind.REGISTRATION:
        return Told(report)
    session = wanted or found_in(report, sessions)
    if session is None or (report.joins and not tells_of(report.joins, session)):
        hint = fitting_zone(data, sessions, wanted, zone)
        return Told(report, None, [reason_of_no_session(report, wanted, zone, hint)])
    against = reasons_against_held(session, now=now)
    return Told(report, session, [Reason("session", one.sentence) for one in against])


def latest(sessions: Sequence[Session], now: datetime) -> Session | None:
    """Return the last session that has begun, else the first one."""
    begun = [one for one in sessions if one.starts_at <= now]
    return begun[-1] if begun else next(iter(sessions), None)


def found_in(report: Report, sessions: Sequence[Session]) -> Session | None:
    """Return the session of the times in a report; the only one where it has none."""
    if report.joins:
        return session_told(report.joins, sessions)
    return sessions[0] if len(sessions) == 1 else None


def fitting_zone(
    data: bytes, sessions: Sequence[Session], wanted: Session | None, zone: str
) -> str:
    """Return a zone in which the times would be of a session, for a hint."""
    among = [wanted] if wanted else list(sessions)
    for other in dict.fromkeys([*(one.zone for one in sessions), "UTC"]):
        if other == zone:
            continue
        try:
            report = read_report(data, Reading(ZoneInfo(other)))
        except UnreadableReport:
            continue
        if report.zone is None and session_told(report.joins, among):
            return other
    return ""


def reason_of_no_session(
    report: Report, wanted: Session | None, zone: str, hint: str
) -> Reason:
    """Say which times the report tells of, and what would help."""
    if not report.joins:
        sentence = _("The report has no times: choose the session that it is of.")
        return Reason("session", sentence)
    sentence = _("The report tells of %(span)s, and no session is then.")
    if wanted is not None:
        sentence = _("The report tells of %(span)s; this session is on %(day)s.")
    shown = {
        "span": span_of(report.joins, zone),
        "day": day_text(day_of(wanted)) if wanted else "",
    }
    if not hint:
        return Reason("session", sentence % shown)
    words = _("Read in %(zone)s time it would fit a session.")
    advice = words % {"zone": zone_words(hint)}
    return Reason("zone", f"{sentence % shown} {advice}")


def span_of(joins: Sequence[Join], zone: str) -> str:
    """Say from when until when a report tells: "Tue 6 Apr 2027, 08:45–13:07 (…)"."""
    first = min(one.joined for one in joins).astimezone(ZoneInfo(zone))
    last = max(one.left for one in joins).astimezone(ZoneInfo(zone))
    until = "" if first.date() == last.date() else f"{day_text(last.date())}, "
    clock = f"{clock_text(first)} – {until}{clock_text(last)}"
    return f"{day_text(first.date())}, {clock} ({zone_words(zone)})"
