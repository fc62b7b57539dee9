"""Whom an extra day is told to: who decides, who consents, and who asked."""

from datetime import datetime

from django.utils.translation import gettext as _

from engagements.services.approvals import News, tell
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.people.queries.time_off import approvers_now
from scheduling.choices import ExtraDayState
from scheduling.models import ExtraDay


def ask_both(extra: ExtraDay, *, by: User, now: datetime) -> None:
    """Ask the manager to grant it and the person to agree; whoever asked is not."""
    asked = approvers_now(extra.person, now)
    if by != extra.person:
        asked = [*asked, extra.person]
    title = _("Extra day: %(person)s, %(day)s") % words_of(extra)
    lines = (
        _("%(asker)s asks for %(hours)s extra hours: %(reason)s") % words_of(extra),
        _("It counts once the manager grants it and the person agrees."),
    )
    tell(news_of(extra, "asked", title, lines), asked, by=by, now=now)


def tell_answer(extra: ExtraDay, *, by: User, now: datetime) -> None:
    """Tell asker and person how it ended; a first yes of two is no news yet."""
    if extra.state == ExtraDayState.ASKED:
        return
    title = _("Extra day %(state)s: %(person)s, %(day)s") % words_of(extra)
    news = news_of(extra, extra.state, title, (extra.declined_reason,))
    tell(news, dict.fromkeys([extra.asked_by, extra.person]), by=by, now=now)


def words_of(extra: ExtraDay) -> dict[str, str]:
    """Return the words that the mails are made of."""
    return {
        "person": extra.person.display_name,
        "day": day_text(extra.day),
        "hours": f"{extra.hours.normalize():f}",
        "asker": extra.asked_by.display_name,
        "reason": extra.reason,
        "state": extra.get_state_display(),
    }


def news_of(extra: ExtraDay, event: str, title: str, lines: tuple[str, ...]) -> News:
    """Return the mail about an extra day."""
    return News(
        subject=extra,
        event=event,
        engagement=extra.engagement,
        title=title,
        lines=lines,
        url=extra.get_absolute_url(),
        why=_("An extra day needs the manager and the person."),
    )
