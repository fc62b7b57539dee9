"""When an invitation code to the labs is generated so that it lasts for a class (R-12).

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.calendars import end_of_day
from psdelivery.people.moments import city_of, clock_text, day_text, zone_label
from psdelivery.registry import Reason
from training.choices import CodeState
from training.rules.times import SessionTimes

ONE_DAY = timedelta(days=1)
# Farther off is a slip of the keyboard.
LONGEST_EXTENSION = 366 * ONE_DAY


@dataclass(frozen=True)
class LabTerms:
    """How long a code lives, and what a certification adds; from the settings.

    `code_days` and `review_days` are times 24 hours, `submission_days` are days of the
    calendar, met until their end.
    """

    code_days: int = 7
    submission_days: int = 14
    review_days: int = 7

    @property
    def lifetime(self) -> timedelta:
        """How long a code can be redeemed, and accounts made from it live."""
        return self.code_days * ONE_DAY


@dataclass(frozen=True)
class CodeWindow:
    """R-12: when the code of a class may be generated; all moments in UTC.

    `opens` and `closes` are None where no single code lasts for the sessions. `zone`
    is the clock of the sessions. `extension_due`: the labs are needed until
    `needed_until`, longer than any code lives that has no extension as long.
    """

    first_start: datetime
    last_end: datetime
    needed_until: datetime
    zone: str
    lifetime: timedelta
    granted_until: datetime | None
    opens: datetime | None
    closes: datetime | None
    extension_due: bool

    @property
    def covers_sessions(self) -> bool:
        """Whether one code lasts from the first session to the last."""
        return self.opens is not None

    def holds(self, generated_at: datetime) -> bool:
        """Tell whether a code generated at this moment lasts for the sessions."""
        if self.opens is None or self.closes is None:
            return False
        return self.opens <= generated_at <= self.closes

    def expiry_of(self, generated_at: datetime) -> datetime:
        """Return until when a code generated at this moment lives."""
        standard = generated_at + self.lifetime
        return max(standard, self.granted_until or standard)


def code_window(
    sessions: Sequence[SessionTimes],
    *,
    with_certification: bool,
    terms: LabTerms,
    granted_until: datetime | None = None,
) -> CodeWindow:
    """R-12: return in which window the code of a class may be generated.

    It has to live from the start of the first to the end of the last session; with a
    certification until what is handed in last is reviewed, else an extension is due.
    An extension keeps a code alive that lives, so a code for a class with one has to
    reach its first session by itself. At least one session is given.
    """
    first = min(times.starts_at for times in sessions)
    last = max(sessions, key=lambda times: times.ends_at)
    needed = needed_until(last, with_certification=with_certification, terms=terms)
    granted = granted_until or first
    outlasts = granted >= needed or needed - terms.lifetime <= first
    opens = opening_of(first, last.ends_at, needed, granted, terms.lifetime)
    return CodeWindow(
        first_start=first,
        last_end=last.ends_at,
        needed_until=needed,
        zone=last.zone,
        lifetime=terms.lifetime,
        granted_until=granted_until,
        opens=opens,
        closes=first if opens else None,
        extension_due=not outlasts,
    )


def opening_of(
    first: datetime,
    last_end: datetime,
    needed: datetime,
    granted: datetime,
    lifetime: timedelta,
) -> datetime | None:
    """Return the earliest moment for a code that lasts; None where none does.

    What the extension does not carry, the code has to reach by its own life.
    """
    own_reach = [
        (granted >= needed, first),
        (needed - lifetime <= first, needed),
        (granted >= last_end, first),
        (last_end - lifetime <= first, last_end),
    ]
    return next((reach - lifetime for fits, reach in own_reach if fits), None)


def needed_until(
    last: SessionTimes, *, with_certification: bool, terms: LabTerms
) -> datetime:
    """R-12: return until when the labs of a class are needed (UTC).

    Without a certification to the end of the last session. With one until the end of
    the last day to hand in, on the session's clock, and the time for a review.
    """
    if not with_certification:
        return last.ends_at
    ended_on = last.ends_at.astimezone(ZoneInfo(last.zone)).date()
    handed_in = end_of_day(ended_on + terms.submission_days * ONE_DAY, last.zone)
    return handed_in + terms.review_days * ONE_DAY


def lab_warnings(window: CodeWindow) -> list[Reason]:
    """R-12: say why an extension is due; empty where one code is enough."""
    if not window.extension_due:
        return []
    if window.granted_until is not None:
        return [Reason("extension-short", short_words(window))]
    if not window.covers_sessions:
        return [Reason("no-single-code", span_words(window))]
    return [Reason("labs-needed-longer", certification_words(window))]


def span_words(window: CodeWindow) -> str:
    """Say that the sessions are further apart than a code lives."""
    return _(
        "No single code covers this class: it lasts from %(first)s to %(last)s, and a "
        "code lives %(days)s. An extension until %(until)s is needed."
    ) % {
        "first": at_words(window.first_start, window.zone),
        "last": at_words(window.last_end, window.zone),
        "days": days_words(window.lifetime),
        "until": at_words(window.needed_until, window.zone),
    }


def certification_words(window: CodeWindow) -> str:
    """Say that work for the certification is reviewed after the code has died."""
    return _(
        "With the certification, the labs are needed until %(until)s: until the last "
        "work is handed in and reviewed. A code dies by %(dies)s at the latest, so an "
        "extension is needed."
    ) % {
        "until": at_words(window.needed_until, window.zone),
        "dies": at_words(window.first_start + window.lifetime, window.zone),
    }


def short_words(window: CodeWindow) -> str:
    """Say that what was granted is not long enough."""
    granted = window.granted_until or window.last_end
    return _(
        "The extension was granted until %(granted)s, but the labs are needed until "
        "%(until)s."
    ) % {
        "granted": at_words(granted, window.zone),
        "until": at_words(window.needed_until, window.zone),
    }


def window_words(window: CodeWindow) -> str:
    """Say when the code may be generated, on the session's clock."""
    if window.opens is None or window.closes is None:
        return _("No single code covers this class.")
    return _("Generate the code from %(opens)s to %(closes)s.") % {
        "opens": at_words(window.opens, window.zone),
        "closes": at_words(window.closes, window.zone),
    }


def at_words(moment: datetime, zone: str) -> str:
    """Say a moment on a zone's clock: "Wed 5 May 2027, 13:00 (Berlin, CEST)"."""
    local = moment.astimezone(ZoneInfo(zone))
    where = f"{city_of(zone)}, {zone_label(local)}"
    return f"{day_text(local.date())}, {clock_text(local)} ({where})"


def days_words(span: timedelta) -> str:
    """Say how long a code lives: "7 days"."""
    return ngettext("%(n)d day", "%(n)d days", span.days) % {"n": span.days}


def reasons_against_code(
    generated_at: datetime, window: CodeWindow, *, is_asked: bool, now: datetime
) -> list[Reason]:
    """R-12: refuse a code that does not last for the class; say which one would.

    One that is generated after the first session began is a fact and taken: it covers
    what is left. Where no code covers the class, one is taken once an extension was
    asked for (`is_asked`).
    """
    if generated_at > now:
        return [Reason("generated-ahead", _("This moment is still to come."))]
    if window.expiry_of(generated_at) <= now:
        return [Reason("dead", dead_words(generated_at, window))]
    if window.opens is None:
        return reasons_without_extension(generated_at, window, is_asked=is_asked)
    if generated_at < window.opens:
        return [Reason("generated-early", early_words(generated_at, window))]
    return []


def reasons_without_extension(
    generated_at: datetime, window: CodeWindow, *, is_asked: bool
) -> list[Reason]:
    """R-12: refuse the code of a class that no code covers, while nobody asked."""
    if generated_at + window.lifetime < window.first_start:
        return [Reason("generated-early", early_words(generated_at, window))]
    if is_asked or generated_at + window.lifetime >= window.last_end:
        return []
    sentence = _("%(why)s Ask for it first.") % {"why": span_words(window)}
    return [Reason("no-single-code", sentence)]


def dead_words(generated_at: datetime, window: CodeWindow) -> str:
    """Say that a code that was generated long ago is dead."""
    return _("This code died on %(dies)s. %(window)s") % {
        "dies": at_words(window.expiry_of(generated_at), window.zone),
        "window": window_words(window),
    }


def early_words(generated_at: datetime, window: CodeWindow) -> str:
    """Say that a code dies before the class is over, and which one would last."""
    return _(
        "A code generated on %(generated)s dies on %(dies)s, before the class is over "
        "(%(end)s). %(window)s"
    ) % {
        "generated": at_words(generated_at, window.zone),
        "dies": at_words(generated_at + window.lifetime, window.zone),
        "end": at_words(window.last_end, window.zone),
        "window": window_words(window),
    }


def code_state(
    expires_at: datetime | None,
    *,
    opens: datetime | None,
    last_end: datetime,
    now: datetime,
) -> CodeState:
    """R-12: say how it stands with the code of a class.

    `expires_at` is None without a code, `opens` where no single code covers the class.
    """
    if expires_at is not None:
        if expires_at <= now:
            return CodeState.DEAD
        return CodeState.LIVING if expires_at >= last_end else CodeState.SHORT
    if opens is None:
        return CodeState.UNCOVERED
    return CodeState.DUE if opens <= now else CodeState.COMING


def is_enough(
    generated_at: datetime,
    expires_at: datetime,
    window: CodeWindow,
    *,
    is_asked: bool,
    now: datetime,
) -> bool:
    """R-12: tell whether a class needs no other code than the one it has.

    Where no code covers the class, one that lives when it begins is enough once an
    extension was asked for: that keeps it alive.
    """
    if expires_at >= window.last_end:
        return True
    if window.covers_sessions or not is_asked:
        return False
    return expires_at > now and generated_at + window.lifetime >= window.first_start


def reasons_against_giving(
    expires_at: datetime | None, window: CodeWindow, *, now: datetime
) -> list[Reason]:
    """R-12: refuse to hand out a code that is dead, or dies before the last session."""
    state = code_state(
        expires_at, opens=window.opens, last_end=window.last_end, now=now
    )
    if expires_at is None:
        return [Reason("no-code", _("No code is entered for this class yet."))]
    if state == CodeState.DEAD:
        sentence = _("The code of this class died on %(dies)s: another one is needed.")
    elif state == CodeState.SHORT:
        sentence = _(
            "The code of this class dies on %(dies)s, before the last session is over "
            "(%(end)s): another one, or an extension, is needed."
        )
    else:
        return []
    words = {
        "dies": at_words(expires_at, window.zone),
        "end": at_words(window.last_end, window.zone),
    }
    return [Reason(f"code-{state}", sentence % words)]


def reasons_against_asking(
    until: datetime, window: CodeWindow, *, now: datetime
) -> list[Reason]:
    """R-12: refuse to ask for a life that is of no use to the class."""
    if until < window.last_end:
        sentence = _("The class lasts longer: until %(end)s.")
        end = at_words(window.last_end, window.zone)
        return [Reason("until", sentence % {"end": end})]
    return reasons_of_slip("until", until, window, now)


def reasons_against_grant(
    until: datetime, window: CodeWindow, *, now: datetime
) -> list[Reason]:
    """R-12: refuse a grant that cannot be; one that is too short is a fact."""
    return reasons_of_slip("granted_until", until, window, now)


def reasons_of_slip(
    field: str, until: datetime, window: CodeWindow, now: datetime
) -> list[Reason]:
    """Return a reason for a moment that has passed, or is far off."""
    if until <= now:
        return [Reason(field, _("This moment has passed."))]
    if until > window.last_end + LONGEST_EXTENSION:
        return [Reason(field, _("This is more than a year after the class."))]
    return []


def reasons_without_code(url: str) -> list[Reason]:
    """R-12: refuse to tick the step of the code without a code that lasts."""
    sentence = _("Enter the code on the Labs page of the class: that ticks this step.")
    return [Reason("no-code", sentence, url, _("Open the labs"))]


def reasons_without_grant(url: str) -> list[Reason]:
    """R-12: refuse to tick the step of the extension before it was granted."""
    sentence = _(
        "Enter on the Labs page of the class until when it was granted: that ticks "
        "this step."
    )
    return [Reason("no-grant", sentence, url, _("Open the labs"))]


def newest_grant(grants: Iterable[tuple[datetime, datetime]]) -> datetime | None:
    """Return until when was granted last, of (decided at, granted until)."""
    in_order = sorted(grants)
    return in_order[-1][1] if in_order else None
