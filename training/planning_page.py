"""What the pages of planning meetings show, and what their form begins with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.access import may
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.handoff_call import contacts_of, sequence_of
from psdelivery.access import Action
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Contact, User
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.models import Anchor
from training.choices import DeliveryState, MeetingAnswer
from training.class_tabs import ClassCard, register_card
from training.forms.fields import DayField
from training.models import Delivery, PlanningAnswer, PlanningMeeting
from training.rules.planning_meetings import OVER
from training.services.meeting_steps import ANCHOR
from training.services.planning_meetings import standing_invitation

ANSWER_TONES = {
    MeetingAnswer.WAITING: "neutral",
    MeetingAnswer.ACCEPTED: "good",
    MeetingAnswer.MOVE: "warn",
}


@dataclass(frozen=True)
class AnswerRow:
    """What a trainer said, with the tone of its badge."""

    asked: PlanningAnswer
    tone: str


def classes_to_plan(
    engagement: Engagement, meeting: PlanningMeeting | None
) -> QuerySet[Delivery]:
    """Return the classes of the engagement that a meeting may plan."""
    rows = Delivery.objects.filter(engagement=engagement).exclude(
        state__in=sorted(OVER)
    )
    if meeting is not None:
        rows = rows | Delivery.objects.filter(planning_meetings=meeting)
    return rows.select_related("trainer", "checklist").distinct().order_by("pk")


def people_to_invite(
    engagement: Engagement, meeting: PlanningMeeting | None, by: User
) -> QuerySet[User]:
    """Return whom of us one can invite: team, trainers of the classes, who books it."""
    team = engagement.team.filter(person__isnull=False).values("person")
    trainers = Delivery.objects.filter(
        engagement=engagement, trainer__isnull=False
    ).values("trainer")
    invited = [one.person for one in invited_to(meeting) if one.person]
    here = Q(pk__in=team) | Q(pk__in=trainers) | Q(pk=by.pk)
    active = User.objects.active().filter(here)
    return (active | User.objects.filter(pk__in=invited)).distinct().order_by("pk")


def contacts_to_invite(
    engagement: Engagement, meeting: PlanningMeeting | None
) -> QuerySet[Contact]:
    """Return whom of the customer one can invite; who was invited can be taken off."""
    return contacts_of(engagement, invited=invited_to(meeting))


def invited_to(meeting: PlanningMeeting | None) -> list[Any]:
    """Return who is invited, nobody where no invitation stands."""
    invitation = standing_invitation(meeting) if meeting else None
    return attendees_of(invitation) if invitation else []


def values_of_new(
    request: SignedInRequest, engagement: Engagement, classes: QuerySet[Delivery]
) -> dict[str, Any]:
    """Return what a new meeting begins with: main contact, trainers, coordinator."""
    free = classes.exclude(
        planning_meetings__in=PlanningMeeting.objects.filter(
            cancelled_at=None, held_on=None
        )
    )
    named = request.GET.get("class", "")
    chosen = [one for one in free if str(one.pk) == named] or list(free)
    coordinator = owners_of(engagement).coordinator or request.user
    trainers = [one.trainer for one in chosen if one.trainer is not None]
    contact = engagement.main_contact
    return {
        "deliveries": [one.pk for one in chosen],
        "zone": engagement.customer.zone,
        "minutes": 30,
        "description": agenda(),
        "attendees": [one.pk for one in dict.fromkeys([coordinator, *trainers])],
        "contacts": [contact.pk] if contact else [],
        "seen": -1,
    }


def agenda() -> str:
    """Return what is talked about, where nobody says otherwise."""
    return _(
        "Who attends and what they know already; dates and times with the zone; video "
        "conferencing; what attendees need on their machines; labs and certification; "
        "whom we ask on the day."
    )


def values_of(request: SignedInRequest, meeting: PlanningMeeting) -> dict[str, Any]:
    """Return the meeting as its form begins with it; `?day=` proposes another day."""
    there = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    length = meeting.ends_at - meeting.starts_at
    invited = invited_to(meeting)
    invitation = standing_invitation(meeting)
    return {
        "deliveries": list(meeting.deliveries.values_list("pk", flat=True)),
        "day": day_in(request) or there.date(),
        "clock": there.time(),
        "zone": meeting.zone,
        "minutes": int(length.total_seconds() // 60),
        "location": meeting.location,
        "description": invitation.description if invitation else agenda(),
        "attendees": [one.person for one in invited if one.person],
        "contacts": [one.contact for one in invited if one.contact],
        "seen": sequence_of(invitation),
    }


def day_in(request: SignedInRequest) -> Any:
    """Return the day that the address proposes, None for anything else."""
    field = DayField(required=False)
    try:
        return field.clean(request.GET.get("day", ""))
    except Exception:  # noqa: BLE001 (whatever was typed there, the form begins)
        return None


def meeting_context(
    request: SignedInRequest, meeting: PlanningMeeting
) -> dict[str, Any]:
    """Return what the page of a meeting shows to this reader."""
    classes = list(meeting.deliveries.select_related("trainer").order_by("pk"))
    answers = list(meeting.answers.select_related("person"))
    invited = invited_to(meeting)
    known = {one.person for one in invited}
    trainers = dict.fromkeys(one.trainer for one in classes if one.trainer)
    may_edit = may(request.user, Action.WORK_EDIT, meeting.engagement)
    is_over = bool(meeting.cancelled_at or meeting.held_on)
    return {
        "meeting": meeting,
        "engagement": meeting.engagement,
        "classes": classes,
        "answers": [AnswerRow(one, tone_of(one)) for one in answers],
        "colleagues": [one.name for one in invited if one.is_staff],
        "guests": [one.name for one in invited if not one.is_staff],
        "not_invited": [one for one in trainers if not is_over and one.pk not in known],
        "my_answer": next((a for a in answers if a.person == request.user), None),
        "may_change": may_edit and not is_over,
        "may_note_held": may_edit and meeting.cancelled_at is None,
        "is_over": is_over,
    }


def tone_of(asked: PlanningAnswer) -> str:
    """Return the tone of the badge of an answer."""
    return ANSWER_TONES[MeetingAnswer(asked.answer)]


def meetings_of(engagement: Engagement) -> list[PlanningMeeting]:
    """Return the meetings that stand or were held, the next first (two queries)."""
    rows = PlanningMeeting.objects.filter(engagement=engagement, cancelled_at=None)
    return list(rows.prefetch_related("answers__person").order_by("-starts_at", "pk"))


def meeting_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return the card of the planning meeting on the page of a class (two queries)."""
    if delivery.state == DeliveryState.CANCELLED:
        return None
    rows = PlanningMeeting.objects.filter(deliveries=delivery, cancelled_at=None)
    meeting = rows.order_by("-starts_at", "-pk").first()
    answers = list(meeting.answers.select_related("person")) if meeting else []
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    may_book = may_edit and delivery.state not in OVER and meeting is None
    add_url = reverse("training:meeting-add", args=[delivery.engagement_id])
    return {
        "meeting": meeting,
        "answers": [AnswerRow(one, tone_of(one)) for one in answers],
        "my_answer": next((a for a in answers if a.person == request.user), None),
        "book_url": f"{add_url}?class={delivery.pk}" if may_book else "",
    }


def page_of(anchor: Anchor) -> str:
    """Return where the date of a booked meeting moves: with its invitations."""
    if anchor.key != ANCHOR:
        return ""
    meeting = PlanningMeeting.objects.filter(
        deliveries__checklist=anchor.checklist_id, cancelled_at=None, held_on=None
    ).first()
    return reverse("training:meeting-edit", args=[meeting.pk]) if meeting else ""


def register_meetings() -> None:
    """Show the meeting on the class, and lead to it from the dates that it gives."""
    template = "training/planning/_card.html"
    register_card(ClassCard("planning-meeting", template, 30, meeting_card))
    date_pages.register("planning-meetings", page_of)
