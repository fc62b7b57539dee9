"""Draft, read back, file and confirm the recap of a discovery session."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.discovery import (
    SessionTexts,
    owner_of,
    step_of,
    texts_of_session,
)
from engagements.execution.models import DiscoverySession
from engagements.execution.rules.discovery import (
    CONFIRMED,
    NOTES,
    READ_BACK,
    reasons_against_writing,
)
from engagements.execution.rules.recap import (
    Told,
    reasons_against_draft,
    reasons_without_recap,
    recap_text,
)
from engagements.execution.services.assumptions import assumptions_of
from engagements.execution.services.discovery import lock_session, tell
from engagements.execution.services.discovery_steps import tick
from psdelivery.documents.services import add_link
from psdelivery.history.services import Changes
from psdelivery.livetext.services import Pen, lock_sheet, save_text
from psdelivery.people.models import Contact, User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse

RECAP = "recap"


@transaction.atomic
def draft_recap(
    session: DiscoverySession, seen: int, *, by: User, now: datetime
) -> None:
    """Write the recap from answers and assumptions; the earlier text is kept.

    `seen` is the version of the recap that the person saw. Raises RuleRefused where
    somebody else has written since.
    """
    refuse(reasons_against_writing(session.engagement))
    lock_sheet(session.sheet_id)
    texts = texts_of_session(session)
    row = texts.rows[RECAP]
    refuse(reasons_against_draft(seen, row.version))
    text = recap_text(told_in(texts), assumptions_of(session.engagement))
    pen = Pen(owner_of(session, True), by, now)
    save_text(row, text, row.version, pen=pen)


def told_in(texts: SessionTexts) -> list[Told]:
    """Return the questions of a session with their answers."""
    return [
        Told(one.section, one.text, texts.answer_to(one)) for one in texts.questions
    ]


@transaction.atomic
def read_back(session: DiscoverySession, *, by: User, now: datetime) -> None:
    """Note who read the recap back to the customer; its step is done.

    Raises RuleRefused without a recap.
    """
    session = lock_for_recap(session)
    session.read_back_at, session.read_back_by = now, by
    session.save(update_fields=["read_back_at", "read_back_by"])
    tell("discovery-read-back", session, by=by, now=now)
    tick(session, READ_BACK, Completion(), by=by, now=now)


def lock_for_recap(session: DiscoverySession) -> DiscoverySession:
    """Lock a session whose recap is written; raises RuleRefused for any other."""
    refuse(reasons_against_writing(session.engagement))
    session = lock_session(session)
    recap = texts_of_session(session).text(RECAP)
    refuse(reasons_without_recap(recap, session.get_absolute_url()))
    return session


@transaction.atomic
def file_notes(session: DiscoverySession, *, by: User, now: datetime) -> None:
    """Do the step that asks for the notes: with the session as its evidence."""
    refuse(reasons_against_writing(session.engagement))
    step = step_of(session, NOTES)
    if step is None:
        return
    document = add_link(
        f"{settings.SITE_URL}{session.get_absolute_url()}",
        title=_("Notes: %(session)s") % {"session": session.title},
        engagement=session.engagement,
        by=by,
        now=now,
    )
    tick(session, NOTES, Completion(evidence=document), by=by, now=now)


@transaction.atomic
def confirm_recap(
    session: DiscoverySession, contact: Contact, how: str, *, by: User, now: datetime
) -> None:
    """Note who of the customer confirmed the recap, and how; the steps are done.

    What was confirmed needs not be read back any more, and its notes are filed.
    Raises RuleRefused without a recap.
    """
    session = lock_for_recap(session)
    before = session.confirmed_by
    session.confirmed_at, session.confirmed_by = now, contact
    session.confirmation = how
    session.save(update_fields=["confirmed_at", "confirmed_by", "confirmation"])
    changes: Changes = {"confirmed_by": [before, contact]}
    tell("discovery-confirmed", session, changes, by=by, reason=how, now=now)
    note = _("%(contact)s: %(how)s") % {"contact": contact, "how": how}
    tick(session, READ_BACK, Completion(), by=by, now=now)
    file_notes(session, by=by, now=now)
    tick(session, CONFIRMED, Completion(note=note), by=by, now=now)
