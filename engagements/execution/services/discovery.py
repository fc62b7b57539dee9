"""Add, date and remove discovery sessions; each is an anchor (domain.md, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements.execution.discovery import (
    KIND,
    anchor_of,
    state_of,
    step_of,
    steps_of,
    texts_of_session,
)
from engagements.execution.models import DiscoverySession, QuestionSet
from engagements.execution.rules.discovery import (
    ANCHOR,
    DATED,
    SENT,
    reasons_against_removing,
    reasons_against_writing,
)
from engagements.execution.services.assumptions import take_over_assumptions
from engagements.execution.services.discovery_questions import take_sets
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.evidence_steps import tick_if_ready
from engagements.services.facts import checklist_facts
from engagements.services.gate import lock_engagement
from psdelivery.history.services import Changes, record
from psdelivery.livetext.services import open_sheet
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.models import Anchor, Checklist, Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_redating,
)
from psdelivery.playbooks.services.anchors import day_of, nearest_anchor
from psdelivery.playbooks.services.checklists import (
    TITLE_LENGTH,
    ChecklistDraft,
    cancel_steps,
    set_anchor,
    start_checklist,
)
from psdelivery.playbooks.words import anchor_words
from psdelivery.registry import Reason, refuse

PLAYBOOK = "discovery-session"
ADDED = "discovery_added"


@dataclass(frozen=True, kw_only=True)
class SessionDraft:
    """A session to be added: its day where it is known, and where its questions come
    from."""

    title: str
    day: date | None = None
    sets: Sequence[QuestionSet] = ()


@transaction.atomic
def add_session(
    engagement: Engagement, draft: SessionDraft, *, by: User, now: datetime
) -> DiscoverySession:
    """Add a session with its sheet, steps and questions. Raises RuleRefused.

    The first one serves the steps that the engagement's checklist has, and dates its
    anchor; each further one gets a checklist of its own. What the assessment assumes
    is taken over.
    """
    # Two people who add the first at once wait for each other here.
    lock_engagement(engagement)
    refuse(reasons_against_writing(engagement))
    serves = serves_own_steps(engagement)
    session = DiscoverySession(
        engagement=engagement,
        title=draft.title,
        sheet=open_sheet(KIND, {}, now=now),
        created_at=now,
    )
    session.save()
    if not serves:
        session.checklist = start_session_checklist(session, by=by, now=now)
        session.save(update_fields=["checklist"])
    tell("discovery-added", session, by=by, now=now)
    put_day(session, draft.day or known_day(session), by=by, now=now)
    take_sets(session, draft.sets, by=by, now=now)
    take_over_assumptions(engagement, by=by, now=now)
    return session


def serves_own_steps(engagement: Engagement) -> bool:
    """Tell whether the next session serves the steps of the engagement's checklist.

    They are there, and no session that stands serves them.
    """
    taken = DiscoverySession.objects.filter(engagement=engagement, checklist=None)
    steps = Step.objects.filter(checklist=engagement.checklist_id, key=SENT, again=0)
    waits = steps.exclude(state=StepState.CANCELLED)
    return engagement.checklist_id is not None and waits.exists() and not taken.exists()


def start_session_checklist(
    session: DiscoverySession, *, by: User | None, now: datetime
) -> Checklist:
    """Make the short checklist of one session, on the customer's calendar."""
    engagement = session.engagement
    customer = engagement.customer
    draft = ChecklistDraft(
        playbook_key=PLAYBOOK,
        title=checklist_title(session),
        owners=owners_of(engagement),
        zone=customer.zone,
        country=customer.country,
        subdivision=customer.subdivision,
        engagement_id=engagement.pk,
        customer=customer,
        parent=engagement.checklist,
        subject_url=session.get_absolute_url(),
        facts=checklist_facts(engagement),
        anchors={ANCHOR: None, ADDED: now},
    )
    return start_checklist(draft, by=by, now=now)


def checklist_title(session: DiscoverySession) -> str:
    """Return what the checklist of a session is called: the work and the session."""
    title = f"{session.engagement.title} · {session.title}"
    return Truncator(title).chars(TITLE_LENGTH)


def known_day(session: DiscoverySession) -> date | None:
    """Return the day that the anchor of the session has already."""
    anchor = anchor_of(session)
    return day_of(anchor) if anchor else None


def usual_day(engagement: Engagement) -> date | None:
    """Return the day that was agreed for the next session before it was added."""
    if not serves_own_steps(engagement):
        return None
    anchor = nearest_anchor(engagement.checklist, ANCHOR)
    return day_of(anchor) if anchor else None


def put_day(
    session: DiscoverySession, day: date | None, *, by: User, now: datetime
) -> None:
    """Give a session its day; its steps are dated from it. Raises RuleRefused.

    A day that is there is moved on its own page, which shows what moves along (R-20).
    """
    if day is None:
        return
    anchor = anchor_of(session)
    if anchor is not None:
        refuse(reasons_against_day(anchor, day))
        told = Completion(happened_on=day)
        tick_if_ready(step_of(session, DATED), told, by=by, now=now)
        set_anchor(anchor.checklist, anchor.key, day, by=by, now=now)
    session.held_on = day
    session.save(update_fields=["held_on"])


def reasons_against_day(anchor: Anchor, day: date) -> list[Reason]:
    """R-20: refuse to give a session another day than it has, and lead to its move."""
    told = Completion(happened_on=day)
    words, url = anchor_words(anchor.key), date_pages.page_of(anchor)
    return reasons_against_redating(words, day_of(anchor), told, url)


@transaction.atomic
def edit_session(
    session: DiscoverySession,
    title: str,
    day: date | None,
    *,
    by: User,
    now: datetime,
) -> DiscoverySession:
    """Change the title, and give a day to a session without one. Raises RuleRefused."""
    refuse(reasons_against_writing(session.engagement))
    session = lock_session(session)
    if title != session.title:
        before, session.title = session.title, title
        session.save(update_fields=["title"])
        own = Checklist.objects.filter(discovery_session_owner=session)
        own.update(title=checklist_title(session))
        changes: Changes = {"title": [before, title]}
        tell("discovery-edited", session, changes, by=by, now=now)
    put_day(session, day, by=by, now=now)
    return session


@transaction.atomic
def remove_session(
    session: DiscoverySession, *, by: User, reason: str = "", now: datetime
) -> None:
    """Take a session away that nothing has happened in yet. Raises RuleRefused.

    Its own steps are cancelled. Those of the engagement stay: the next session that
    is added serves them.
    """
    refuse(reasons_against_writing(session.engagement))
    session = lock_session(session)
    refuse(reasons_against_removing(state_of(texts_of_session(session))))
    if session.checklist_id is not None:
        cancel_steps(steps_of(session), now=now)
    tell("discovery-removed", session, by=by, reason=reason, now=now)
    sheet = session.sheet
    session.questions.all().delete()
    session.delete()
    sheet.delete()


def lock_session(session: DiscoverySession) -> DiscoverySession:
    """Read the session anew and keep others from changing it meanwhile."""
    rows = DiscoverySession.objects.select_for_update(of=("self",), no_key=True)
    stored = rows.select_related("sheet", "checklist").get(pk=session.pk)
    stored.engagement = session.engagement
    return stored


def follow_anchor(checklist: Checklist, *, now: datetime) -> None:
    """Let the day of a session follow its anchor, which was dated or moved."""
    own = DiscoverySession.objects.filter(checklist=checklist)
    first = DiscoverySession.objects.filter(
        checklist=None, engagement__checklist=checklist
    )
    anchor = nearest_anchor(checklist, ANCHOR)
    day = day_of(anchor) if anchor else None
    for sessions in (own, first):
        sessions.update(held_on=day)


def tell(
    verb: str,
    session: DiscoverySession,
    changes: Changes | None = None,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a session into the engagement's history."""
    record(
        verb,
        by=by,
        subject=session,
        engagement=session.engagement,
        changes=changes or {},
        reason=reason,
        now=now,
    )


def title_of_next(engagement: Engagement) -> str:
    """Return what the next session is called unless somebody says otherwise."""
    count = DiscoverySession.objects.filter(engagement=engagement).count()
    return (
        _("Discovery %(number)d") % {"number": count + 1} if count else _("Discovery")
    )
