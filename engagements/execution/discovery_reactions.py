"""What discovery does when something happens to its steps, dates, mails and team."""

from django.utils.translation import gettext as _

from engagements.access import may
from engagements.events import ContactChanged, TeamChanged
from engagements.execution.discovery import KIND, session_of_checklist
from engagements.execution.discovery_mails import QUESTIONS_MAIL, session_of_mail
from engagements.execution.models import DiscoverySession
from engagements.execution.rules.discovery import (
    ANCHOR,
    CONFIRMED,
    READ_BACK,
    SENT,
)
from engagements.execution.services.discovery import follow_anchor
from engagements.execution.services.discovery_steps import (
    follow_owners,
    note_reopened,
    note_sent,
    note_tick,
)
from engagements.execution.tabs import tab_url
from engagements.owners import owners_of
from engagements.services.facts import checklist_facts
from psdelivery.access import Action
from psdelivery.outbox.events import MessageBounced, MessageSent
from psdelivery.people.models import User
from psdelivery.playbooks.events import AnchorMoved, StepCompleted, StepReopened
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.step_links import StepLink, step_links
from psdelivery.registry import reactions

NOTED = frozenset({SENT, READ_BACK, CONFIRMED})


def follow_day(event: AnchorMoved) -> None:
    """Let the day of a session follow its anchor."""
    if event.key == ANCHOR:
        follow_anchor(event.checklist, now=event.now)


def keep_tick(event: StepCompleted) -> None:
    """Keep in the session what a tick by hand says."""
    if event.step.key in NOTED:
        note_tick(event.step, by=event.by, now=event.now)


def take_back(event: StepReopened) -> None:
    """Follow an untick, also that of a mail that came back."""
    if event.step.key in NOTED:
        note_reopened(event.step)


def note_questions_sent(event: MessageSent) -> None:
    """Note when the questions went out."""
    if event.message.kind == QUESTIONS_MAIL:
        session = session_of_mail(event.message)
        if session is not None:
            note_sent(session, event.sent_at)


def note_questions_back(event: MessageBounced) -> None:
    """Take back that the questions went out, where no step says so."""
    if event.message.kind == QUESTIONS_MAIL and event.message.step_id is None:
        session = session_of_mail(event.message)
        if session is not None:
            note_sent(session, None)


def follow_team(event: TeamChanged | ContactChanged) -> None:
    """Give the open steps of all sessions to the present holders of their roles."""
    follow_owners(event.engagement, by=event.by, now=event.now)


def keeping_of(checklist: Checklist) -> Keeping | None:
    """Return facts and owners where the checklist is a discovery session's."""
    found = DiscoverySession.objects.filter(checklist=checklist)
    session = found.select_related(
        "engagement__paper", "engagement__region", "engagement__practice__manager"
    ).first()
    if session is None:
        return None
    engagement = session.engagement
    return Keeping(checklist_facts(engagement), owners_of(engagement))


def links_of(step: Step, reader: User) -> list[StepLink]:
    """Return the session that a step of discovery is about, or where it is added."""
    engagement = step.engagement
    if engagement is None or not step.key.startswith(f"{ANCHOR}-"):
        return []
    if not may(reader, Action.WORK_SEE, engagement):
        return []
    session = session_of_checklist(step.checklist_id)
    if session is None:
        return [StepLink(_("The tab Discovery"), tab_url(engagement, KIND))]
    # A checklist of its own says itself what it is about.
    is_own = session.checklist_id is not None
    return [] if is_own else [StepLink(str(session), session.get_absolute_url())]


def register_discovery_reactions() -> None:
    """Listen to dates, steps, mails and the team."""
    reactions.register(AnchorMoved, follow_day)
    reactions.register(StepCompleted, keep_tick)
    reactions.register(StepReopened, take_back)
    reactions.register(MessageSent, note_questions_sent)
    reactions.register(MessageBounced, note_questions_back)
    reactions.register(TeamChanged, follow_team)
    reactions.register(ContactChanged, follow_team)
    keepers.register("discovery", keeping_of)
    step_links.register("discovery", links_of)
