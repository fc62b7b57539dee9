"""The sheet of a training event plan, and what is read of the plan as a whole."""

from collections.abc import Mapping
from typing import cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery.access import Action
from psdelivery.livetext.models import LiveSheet
from psdelivery.livetext.queries import Part, SheetPage, sheet_page, words_of
from psdelivery.livetext.registry import Field, Owner, SheetKind, register_sheet
from psdelivery.people.models import User
from training.access import DELIVERY_NEEDS, visible_deliveries
from training.choices import Place, Platform
from training.mail_facts import session_line
from training.models import Delivery, EventPlan, Session
from training.rules.event_plan import (
    CHOICES,
    NO,
    ON_SITE_TEXT,
    YES,
    PlanState,
    reasons_against_writing,
    unsettled,
)

KIND = "event-plan"
FIELDS = (
    Field(
        "audience",
        gettext_lazy("Who attends"),
        gettext_lazy("Roles, teams and places; how many of each."),
    ),
    Field(
        "knowledge",
        gettext_lazy("What they know already"),
        gettext_lazy("Git, pipelines, the tools that they come from."),
    ),
    Field(
        "topics",
        gettext_lazy("Topics and goals"),
        gettext_lazy("What they want to do afterwards; what may be left out."),
    ),
    Field(
        "logistics_contact",
        gettext_lazy("Logistics contact"),
        gettext_lazy("Whom we ask on the day itself: name, address, telephone."),
        rows=2,
    ),
    Field(
        "hardware",
        gettext_lazy("Machines and network"),
        gettext_lazy(
            "What attendees work on; what has to be let through for the video "
            "conference and the labs, and who tries it beforehand."
        ),
    ),
    Field(
        "materials",
        gettext_lazy("Materials"),
        gettext_lazy("Slides, guides and notes: which, and how attendees get them."),
        rows=3,
    ),
    Field(
        ON_SITE_TEXT,
        gettext_lazy("On site"),
        gettext_lazy("Sign-in at the door, room, screen, travel and hotel."),
        rows=3,
    ),
    Field("notes", gettext_lazy("Notes of the planning meeting")),
    Field(
        "open_items",
        gettext_lazy("Open items"),
        gettext_lazy("One a line: what, who settles it, until when."),
        rows=3,
    ),
)
# What a version keeps of the class itself, above the texts.
FACT_LABELS = {
    "sessions": gettext_lazy("Sessions"),
    "trainer": gettext_lazy("Trainer"),
    "seats": gettext_lazy("Seats"),
    "language": gettext_lazy("Language"),
    "address": gettext_lazy("Address"),
    **CHOICES,
    "recording_for": gettext_lazy("Who gets the recording"),
    "materials_language": gettext_lazy("Language of the materials"),
}
STILL_OPEN = "still_open"
YES_NO = {YES: gettext_lazy("yes"), NO: gettext_lazy("no")}


def load_plan_sheet(request: HttpRequest, sheet: LiveSheet) -> Owner:
    """Return the record of the sheet; raises Http404 for who may not see it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    classes = visible_deliveries(user, Action.WORK_SEE)
    needed = classes.select_related("event_plan", *DELIVERY_NEEDS)
    delivery = needed.filter(event_plan__sheet=sheet).first()
    if delivery is None:
        raise Http404(_("There is no such event plan."))
    delivery.event_plan.delivery = delivery
    return owner_of(delivery.event_plan, user)


def owner_of(plan: EventPlan, user: User) -> Owner:
    """Return the plan as the owner of its sheet."""
    delivery = plan.delivery
    allowed = may(user, Action.WORK_EDIT, delivery.engagement)
    return Owner(
        subject=plan,
        title=_("Event plan: %(class)s") % {"class": delivery},
        url=plan.get_absolute_url(),
        may_edit=allowed and not reasons_against_writing(delivery),
        engagement=delivery.engagement,
    )


PLAN_SHEET = SheetKind(key=KIND, contents=FIELDS, loader=load_plan_sheet)


def plan_of(delivery: Delivery) -> EventPlan | None:
    """Return the plan of a class with its sheet, None before it was begun."""
    plan = EventPlan.objects.filter(delivery=delivery).select_related("sheet").first()
    if plan is not None:
        plan.delivery = delivery
    return plan


def state_of(plan: EventPlan) -> PlanState:
    """Return what is known of a plan (one query)."""
    delivery, chosen = plan.delivery, plan.choices
    return PlanState(
        texts=words_of(plan.sheet),
        labels={one.key: str(one.label) for one in FIELDS},
        decided=frozenset(chosen.get("decided", [])),
        recording=chosen.get("recording", ""),
        recording_for=chosen.get("recording_for", ""),
        materials_language=chosen.get("materials_language", ""),
        is_on_site=delivery.place == Place.ON_SITE,
        address=delivery.address,
    )


def page_of(plan: EventPlan, user: User) -> SheetPage:
    """Return the sheet as its page shows it; what is for on-site classes only there.

    A text that somebody wrote stays, wherever the class is.
    """
    page = sheet_page(plan.sheet, owner_of(plan, user))
    if plan.delivery.place != Place.ON_SITE:
        page.contents[:] = [one for one in page.contents if not is_empty_on_site(one)]
    return page


def is_empty_on_site(part: object) -> bool:
    """Tell whether a part of the page is the text about the place, and empty."""
    return (
        isinstance(part, Part)
        and part.spec.key == ON_SITE_TEXT
        and not part.row.text.strip()
    )


def platform_of(sessions: list[Session]) -> str:
    """Return the platform that all sessions have; empty where they differ."""
    found = {session.platform for session in sessions}
    return found.pop() if len(found) == 1 else ""


def present_choices(plan: EventPlan, sessions: list[Session]) -> dict[str, str]:
    """Return what each single choice is now, whether it was decided or not."""
    delivery = plan.delivery
    return {
        "place": delivery.place,
        "platform": platform_of(sessions),
        "labs": YES if delivery.with_labs else NO,
        "certification": YES if delivery.with_certification else NO,
        "recording": plan.choices.get("recording", ""),
    }


def words_of_choice(key: str, value: str) -> str:
    """Return a value of a single choice in words."""
    if not value:
        return ""
    if key == "place":
        return str(Place(value).label)
    if key == "platform":
        return str(Platform(value).label)
    return str(YES_NO[value])


def told_texts(plan: EventPlan, sessions: list[Session]) -> dict[str, str]:
    """Return everything that the plan says, in words, as a version keeps it."""
    delivery, chosen = plan.delivery, plan.choices
    present = present_choices(plan, sessions)
    decided = chosen.get("decided", [])
    items = unsettled(state_of(plan))
    facts = {
        "sessions": "\n".join(session_line(session) for session in sessions),
        "trainer": str(delivery.trainer) if delivery.trainer else "",
        "seats": str(delivery.seats),
        "language": delivery.language,
        "address": delivery.address,
        **{k: words_of_choice(k, v) for k, v in present.items() if k in decided},
        "recording_for": chosen.get("recording_for", ""),
        "materials_language": chosen.get("materials_language", ""),
        **words_of(plan.sheet),
        STILL_OPEN: "\n".join(item.sentence for item in items),
    }
    return {key: text for key, text in facts.items() if text}


def plan_labels() -> Mapping[str, str]:
    """Return what the parts of a plan are called, in the order of the page."""
    facts = {key: str(label) for key, label in FACT_LABELS.items()}
    texts = {one.key: str(one.label) for one in FIELDS}
    return facts | texts | {STILL_OPEN: _("Still open")}


def register_plan_sheet() -> None:
    """Let texts of event plans be written."""
    register_sheet(PLAN_SHEET)
