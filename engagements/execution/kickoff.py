"""The sheet of a kickoff, and what is read of the kickoff as a whole."""

from typing import cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import reached_engagement, rights_of
from engagements.execution.models import CollaborationProject, Kickoff
from engagements.execution.rules.kickoff import ConfirmedOutcome, KickoffState
from engagements.models import Engagement
from engagements.queries import step_of
from psdelivery.access import Action
from psdelivery.livetext.models import LiveSheet
from psdelivery.livetext.queries import cards_of, texts_of
from psdelivery.livetext.registry import (
    CardGroup,
    Field,
    Owner,
    SheetKind,
    register_sheet,
)
from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.models import Invitation
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step

KIND = "kickoff"
STEP = "kickoff-held"
OUTCOMES = CardGroup(
    key="outcomes",
    title=gettext_lazy("Outcomes, to be confirmed"),
    help=gettext_lazy("As the handoff has them; what the customer says to each."),
    add_label=gettext_lazy("Add an outcome"),
    parts=(
        Field("outcome", gettext_lazy("Outcome"), rows=2),
        Field("measure", gettext_lazy("How it is measured"), rows=2),
        Field("said", gettext_lazy("What the customer said to it"), rows=2),
    ),
)
FIELDS = (
    Field("agenda", gettext_lazy("Agenda"), rows=10),
    OUTCOMES,
    Field(
        "roles_ours",
        gettext_lazy("Our side: who does what"),
        gettext_lazy("From the team, as it was when this was begun."),
    ),
    Field(
        "roles_theirs",
        gettext_lazy("The customer's side: who does what"),
        gettext_lazy("Sponsor, project lead, administrators, technical contacts."),
    ),
    Field(
        "communication",
        gettext_lazy("How we communicate"),
        gettext_lazy("Weekly call, report, channel, who is asked when it is stuck."),
        rows=5,
    ),
    Field(
        "decisions",
        gettext_lazy("Decisions and next steps"),
        gettext_lazy("Each with who and until when; the discovery sessions too."),
        rows=6,
    ),
)


def load_kickoff_sheet(request: HttpRequest, sheet: LiveSheet) -> Owner:
    """Return the record of the sheet; raises Http404 for who may not see it."""
    kickoff = Kickoff.objects.filter(sheet=sheet).first()
    if kickoff is None:
        raise Http404(_("There is no such kickoff."))
    user = cast(User, request.user)  # the middleware lets nobody else through
    engagement = reached_engagement(user, kickoff.engagement_id, Action.WORK_SEE)
    kickoff.engagement = engagement
    return owner_of(kickoff, rights_of(user, engagement).may(Action.WORK_EDIT))


def owner_of(kickoff: Kickoff, may_edit: bool) -> Owner:
    """Return the kickoff as the owner of its sheet."""
    return Owner(
        subject=kickoff,
        title=_("Kickoff: %(engagement)s") % {"engagement": kickoff.engagement},
        url=kickoff.get_absolute_url(),
        may_edit=may_edit,
        engagement=kickoff.engagement,
    )


KICKOFF_SHEET = SheetKind(key=KIND, contents=FIELDS, loader=load_kickoff_sheet)


def kickoff_of(engagement: Engagement) -> Kickoff | None:
    """Return the engagement's kickoff, None before it was begun (one query)."""
    found = Kickoff.objects.filter(engagement=engagement)
    kickoff = found.select_related("sheet", "invitation").first()
    if kickoff is not None:
        kickoff.engagement = engagement
    return kickoff


def standing_call(kickoff: Kickoff) -> Invitation | None:
    """Return the invitation that stands, None where none does."""
    found = kickoff.invitation
    is_active = found is not None and found.state == InvitationState.ACTIVE
    return found if is_active else None


def held_step(engagement: Engagement) -> Step | None:
    """Return the step whose tick says that the kickoff was held, and on which day."""
    return step_of(engagement, STEP)


def project_of(engagement: Engagement) -> str:
    """Return the address of the collaboration project, empty where none is known."""
    found = CollaborationProject.objects.filter(engagement=engagement)
    return found.values_list("url", flat=True).first() or ""


def state_of(kickoff: Kickoff, *, is_held: bool, project_url: str) -> KickoffState:
    """Return what is told of a kickoff; one query, for its texts."""
    rows = list(texts_of(kickoff.sheet))
    texts = {row.key: row.text for row in rows if not row.group}
    outcomes = []
    for card in cards_of(OUTCOMES, rows):
        said = {part.spec.key: part.row.text for part in card.parts}
        outcomes.append(ConfirmedOutcome(said.get("outcome", ""), said.get("said", "")))
    return KickoffState(
        texts=texts,
        outcomes=outcomes,
        is_invited=standing_call(kickoff) is not None,
        deck_url=kickoff.deck_url,
        project_url=project_url,
        is_held=is_held,
    )


def register_kickoff_sheet() -> None:
    """Let texts of kickoffs be written."""
    register_sheet(KICKOFF_SHEET)
