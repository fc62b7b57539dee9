"""The sheet of a handoff, and what is read of the handoff as a whole."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import reached_engagement, rights_of
from engagements.models import (
    Acknowledgement,
    Attendance,
    Engagement,
    Handoff,
    HandoffQuestion,
    TeamMember,
)
from engagements.queries import step_of
from engagements.registry import facts
from engagements.rules.handoff import (
    HandoffState,
    Outcome,
    Reader,
    missing_parts,
    readers_of,
    tells_growth,
)
from engagements.rules.moves import lead_role
from engagements.settings import HANDOFF_FIRST_DAYS
from psdelivery.access import Action
from psdelivery.calendars import add_business_days
from psdelivery.livetext.models import LiveSheet
from psdelivery.livetext.queries import cards_of, texts_of
from psdelivery.livetext.registry import (
    CardGroup,
    Field,
    Owner,
    SheetKind,
    register_sheet,
)
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings

KIND = "handoff"
OUTCOMES = CardGroup(
    key="outcomes",
    title=gettext_lazy("Desired outcomes"),
    help=gettext_lazy("What is better for their business afterwards; each measurable."),
    add_label=gettext_lazy("Add an outcome"),
    parts=(
        Field("outcome", gettext_lazy("Outcome"), rows=2),
        Field("measure", gettext_lazy("How it is measured"), rows=2),
    ),
)
FIELDS = (
    Field(
        "goals",
        gettext_lazy("Goals"),
        gettext_lazy("What the customer wants to reach with this, in their own words."),
    ),
    Field(
        "current_state",
        gettext_lazy("Current state"),
        gettext_lazy("Where they stand today: tools, teams, what hurts."),
    ),
    OUTCOMES,
    Field("scope_in", gettext_lazy("In scope")),
    Field("scope_out", gettext_lazy("Out of scope")),
    Field("risks", gettext_lazy("Risks and assumptions")),
    Field(
        "growth",
        gettext_lazy("Growth potential"),
        gettext_lazy("Internal: how far this customer can grow."),
    ),
    Field(
        "growth_plan",
        gettext_lazy("Plan to drive the growth"),
        gettext_lazy("Internal: what the account team means to do for it."),
        rows=3,
    ),
    Field(
        "definition",
        gettext_lazy("Where the project definition is kept"),
        gettext_lazy("The link, usually to the customer's folder."),
        rows=2,
    ),
    Field("notes", gettext_lazy("What else delivery should know")),
)


def load_handoff_sheet(request: HttpRequest, sheet: LiveSheet) -> Owner:
    """Return the record of the sheet; raises Http404 for who may not see it."""
    handoff = Handoff.objects.filter(sheet=sheet).first()
    if handoff is None:
        raise Http404(_("There is no such handoff."))
    user = cast(User, request.user)  # the middleware lets nobody else through
    engagement = reached_engagement(user, handoff.engagement_id, Action.ENGAGEMENT_SEE)
    handoff.engagement = engagement
    return owner_of(handoff, rights_of(user, engagement).may(Action.HANDOFF_EDIT))


def owner_of(handoff: Handoff, may_edit: bool) -> Owner:
    """Return the handoff as the owner of its sheet."""
    return Owner(
        subject=handoff,
        title=_("Handoff: %(engagement)s") % {"engagement": handoff.engagement},
        url=handoff.get_absolute_url(),
        may_edit=may_edit,
        engagement=handoff.engagement,
    )


HANDOFF_SHEET = SheetKind(key=KIND, contents=FIELDS, loader=load_handoff_sheet)


@dataclass(frozen=True)
class HandoffOutcomes:
    """What was agreed at the handoff, to be used again until the end.

    Outcomes: recap and success plan. Scope: discovery and sign-off. The texts are
    Markdown as they were typed; `definition` is where the project definition is kept.
    """

    goals: str
    current_state: str
    outcomes: tuple[Outcome, ...]
    scope_in: str
    scope_out: str
    risks: str
    definition: str


def handoff_of(engagement: Engagement) -> Handoff | None:
    """Return the engagement's handoff, None before it was begun."""
    found = Handoff.objects.filter(engagement=engagement)
    handoff = found.select_related("sheet", "invitation", "early_by").first()
    if handoff is not None:
        handoff.engagement = engagement
    return handoff


def texts_and_outcomes(sheet: LiveSheet) -> tuple[dict[str, str], list[Outcome]]:
    """Return the texts by key and the outcomes with their measures; one query."""
    rows = list(texts_of(sheet))
    texts = {row.key: row.text for row in rows if not row.group}
    outcomes = []
    for card in cards_of(OUTCOMES, rows):
        said = {part.spec.key: part.row.text for part in card.parts}
        outcomes.append(Outcome(said.get("outcome", ""), said.get("measure", "")))
    return texts, outcomes


def handoff_outcomes(engagement: Engagement) -> HandoffOutcomes | None:
    """Return what was agreed at the handoff; None before it was begun."""
    handoff = handoff_of(engagement)
    if handoff is None:
        return None
    texts, outcomes = texts_and_outcomes(handoff.sheet)
    return HandoffOutcomes(
        goals=texts.get("goals", ""),
        current_state=texts.get("current_state", ""),
        outcomes=tuple(one for one in outcomes if one.outcome.strip()),
        scope_in=texts.get("scope_in", ""),
        scope_out=texts.get("scope_out", ""),
        risks=texts.get("risks", ""),
        definition=texts.get("definition", "") or engagement.definition_url,
    )


def acknowledged_ids(handoff: Handoff) -> set[int]:
    """Return who has acknowledged; who was in the call has."""
    done = Acknowledgement.objects.filter(handoff=handoff, done_at__isnull=False)
    there = Attendance.objects.filter(handoff=handoff)
    people = done.order_by().values_list("person", flat=True)
    return set(people.union(there.order_by().values_list("person", flat=True)))


def all_readers(handoff: Handoff) -> list[Reader]:
    """Return who must read the handoff, with who has (three queries)."""
    members = TeamMember.objects.filter(engagement=handoff.engagement)
    return readers_of(
        handoff.engagement,
        members.select_related("person"),
        acknowledged=acknowledged_ids(handoff),
        first_days=portal_settings()[HANDOFF_FIRST_DAYS],
    )


def open_questions(handoff: Handoff) -> QuerySet[HandoffQuestion]:
    """Return the questions without an answer and without a step."""
    questions = HandoffQuestion.objects.filter(
        handoff=handoff, answer="", step__isnull=True
    )
    return questions.select_related("owner", "asker")


def state_of(handoff: Handoff) -> HandoffState:
    """Return what R-5 is decided by; a constant number of queries."""
    texts, outcomes = texts_and_outcomes(handoff.sheet)
    engagement = handoff.engagement
    role = lead_role(engagement.kind)
    return HandoffState(
        url=handoff.get_absolute_url(),
        missing=missing_parts(texts, outcomes),
        tells_growth=tells_growth(texts),
        is_written=handoff.is_written,
        held_on=handoff.held_on,
        open_questions=list(open_questions(handoff)),
        readers=all_readers(handoff),
        team_url=f"{engagement.get_absolute_url()}team/add/?role={role}",
    )


def state_without_record(engagement: Engagement) -> HandoffState:
    """Return the state of a handoff that nobody has begun: nothing is there."""
    role = lead_role(engagement.kind)
    members = TeamMember.objects.filter(engagement=engagement)
    return HandoffState(
        url=f"{engagement.get_absolute_url()}handoff/",
        missing=missing_parts({}, []),
        readers=readers_of(
            engagement,
            members.select_related("person"),
            acknowledged=(),
            first_days=portal_settings()[HANDOFF_FIRST_DAYS],
        ),
        team_url=f"{engagement.get_absolute_url()}team/add/?role={role}",
    )


def is_lead(engagement: Engagement, user: User | None) -> bool:
    """Tell whether the person leads the engagement."""
    return TeamMember.objects.filter(
        engagement=engagement, role=lead_role(engagement.kind), person=user
    ).exists()


def due_day_of(engagement: Engagement, now: datetime) -> date:
    """Return by which day the handoff is due: its step's, else in five working days."""
    step = step_of(engagement, "handoff-acknowledged")
    if step is not None and step.due_day is not None:
        return step.due_day
    calendar = engagement.customer.calendar
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    return add_business_days(today, 5, calendar)


def register_handoff_sheet() -> None:
    """Let texts of handoffs be written, and used again."""
    register_sheet(HANDOFF_SHEET)
    facts.register(HandoffOutcomes, handoff_outcomes)
