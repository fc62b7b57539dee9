"""R-12: the Labs page of a class, its card, and what is said before a class moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.moments import (
    Deadline,
    ago_words,
    moment_text,
    relative_words,
)
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import step_rows
from training.choices import CodeState, DeliveryState, ExtensionState, StepKey
from training.class_tabs import (
    ClassCard,
    ClassTab,
    register_card,
    register_tab,
)
from training.lab_mails import register_lab_mails
from training.lab_texts import access_texts, reminders_text, request_text
from training.labs_queries import (
    LabSituation,
    code_read_with,
    lab_situation,
    labs_url,
    situation_with,
    with_code,
)
from training.models import Delivery, LabCode, LabExtension
from training.move_notes import Note, register_move_notes
from training.pages import class_tabs, sessions_with_class, step_list
from training.rules.labs import at_words, window_words
from training.services.lab_mails import attendees_to_tell
from training.services.moves import SessionPlan

# The steps of the labs, as the page shows them.
LAB_STEPS = (
    StepKey.CODE_COVERS,
    StepKey.FRIENDLY_REMINDERS,
    StepKey.LAB_CODE,
    StepKey.LAB_ACCESS,
)
TONES = {
    CodeState.LIVING: "good",
    CodeState.SHORT: "bad",
    CodeState.DEAD: "bad",
    CodeState.DUE: "warn",
    CodeState.COMING: "neutral",
    CodeState.UNCOVERED: "bad",
}
EXTENSION_TONES = {
    ExtensionState.ASKED: "warn",
    ExtensionState.GRANTED: "good",
    ExtensionState.REFUSED: "bad",
}


@dataclass(frozen=True)
class Standing:
    """How it stands with a code, in words, with the tone of its badge."""

    words: str
    tone: str


@dataclass(frozen=True)
class ExtensionRow:
    """A request for a longer life, its moments on the clock of the class."""

    extension: LabExtension
    until: str
    granted_until: str
    tone: str
    is_open: bool


def standing_of(state: CodeState) -> Standing:
    """Return how it stands with a code."""
    return Standing(str(state.label), TONES[state])


def clock_words(at: datetime | None, zone: str, reader: User) -> str:
    """Say a moment on the clock of the class, with the reader's beside it."""
    return str(moment_text(at, reader.zone, zone)) if at else ""


def dies_words(at: datetime, reader: User, *, now: datetime) -> str:
    """Say how soon a code dies, or how long ago it did."""
    if at <= now:
        return ago_words(at, now=now)
    day = at.astimezone(ZoneInfo(reader.zone)).date()
    due = Deadline(at, False, day, reader.zone)
    return relative_words(due, reader.zone, now=now).words


def labs_page(
    request: SignedInRequest, delivery: Delivery, *, now: datetime
) -> dict[str, Any]:
    """Return what the Labs page of a class shows.

    The code, and the texts that hold it, are for who works with the class.
    """
    sessions = sessions_with_class(delivery)
    situation = lab_situation(delivery)
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    is_on = delivery.state != DeliveryState.CANCELLED
    against = situation.against_giving(now) if situation.code else []
    steps = lab_steps(request, delivery)
    return {
        "delivery": delivery,
        "class_tabs": class_tabs(request, delivery),
        "situation": situation,
        "may_edit": may_edit and is_on and situation.window is not None,
        "shows_code": may_edit,
        "against_giving": against,
        "texts": access_texts(situation) if may_edit and not against else [],
        "attendees": attendees_to_tell(delivery).count() if may_edit else 0,
        "reminders": reminders_text(delivery, sessions, situation),
        "request_text": request_text(situation),
        "extensions": [extension_row(one, situation) for one in situation.extensions],
        "retired": retired_codes(delivery),
        "steps": step_list(steps),
        "access_step": access_step(steps) if may_edit and not against else None,
        **window_facts(situation, request.user, now),
    }


def window_facts(
    situation: LabSituation, reader: User, now: datetime
) -> dict[str, Any]:
    """Return the window in words: on the clock of the class, the reader's beside."""
    window, state = situation.window, situation.state(now)
    if window is None or state is None:
        return {}
    return {
        "window": window,
        "standing": standing_of(state),
        "opens": clock_words(window.opens, window.zone, reader),
        "closes": clock_words(window.closes, window.zone, reader),
        "needed": clock_words(window.needed_until, window.zone, reader),
        "generated": clock_words(generated_at(situation), window.zone, reader),
        "expires": clock_words(situation.expires_at, window.zone, reader),
        "is_early": window.opens is not None and now < window.opens,
        "is_over": now >= window.last_end,
    }


def generated_at(situation: LabSituation) -> datetime | None:
    """Return when the present code was generated."""
    return situation.code.generated_at if situation.code else None


def extension_row(extension: LabExtension, situation: LabSituation) -> ExtensionRow:
    """Return a request with its moments on the clock of the class."""
    zone = situation.window.zone if situation.window else "UTC"
    granted = extension.granted_until
    return ExtensionRow(
        extension=extension,
        until=at_words(extension.until, zone),
        granted_until=at_words(granted, zone) if granted else "",
        tone=EXTENSION_TONES[ExtensionState(extension.state)],
        is_open=extension.state == ExtensionState.ASKED,
    )


def retired_codes(delivery: Delivery) -> list[LabCode]:
    """Return the codes of a class that are out of use, the newest first."""
    retired = delivery.lab_codes.exclude(retired_at=None)
    return list(retired.select_related("retired_by").order_by("-retired_at"))


def lab_steps(request: SignedInRequest, delivery: Delivery) -> list[Step]:
    """Return the steps of the labs as rows, those that wait first."""
    steps = Step.objects.filter(checklist=delivery.checklist_id, key__in=LAB_STEPS)
    shown = steps.exclude(state=StepState.CANCELLED).order_by("order", "again", "pk")
    return list(step_rows(request.user, shown))


def access_step(steps: Sequence[Step]) -> Step | None:
    """Return the step whose mail brings the access to the main contact, while open."""
    waiting = (s for s in steps if s.key == StepKey.LAB_ACCESS and s.is_open)
    return next(waiting, None)


def labs_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return the card on the first page of a class; None without labs."""
    if not delivery.with_labs or delivery.state == DeliveryState.CANCELLED:
        return None
    situation = situation_with(code_read_with(delivery), delivery)
    if situation.window is None:
        return None
    facts = window_facts(situation, request.user, now)
    return {
        "url": labs_url(delivery),
        "situation": situation,
        "is_asked": situation.asked is not None,
        "tone": tone_of(situation),
        **facts,
    }


def tone_of(situation: LabSituation) -> str:
    """Return the tone of the card: what is needed and not asked for stands out."""
    if not situation.warnings:
        return ""
    return "warn" if situation.asked else "bad"


def lab_notes(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """R-12: say what the new dates of a class do to its code."""
    before = lab_situation(plan.delivery, plan.times_before)
    after = lab_situation(plan.delivery, plan.times)
    if after.window is None:
        return
    if after.code is not None and before.has_enough(now):
        if not after.has_enough(now):
            yield Note(lost_words(after), "bad")
        else:
            yield Note(_("The lab code of the class lasts for the new dates too."))
    elif after.code is None and after.window.opens is not None:
        yield Note(window_words(after.window))
    for warning in after.warnings:
        yield Note(warning.sentence, "warn")


def lost_words(situation: LabSituation) -> str:
    """Say that the present code does not last for the new dates."""
    if situation.code is None or situation.window is None:
        return ""
    return _(
        "The lab code of the class, generated on %(generated)s, dies on %(dies)s and "
        "does not cover the new dates: its step comes back. %(window)s"
    ) % {
        "generated": at_words(situation.code.generated_at, situation.window.zone),
        "dies": at_words(situation.code.expires_at, situation.window.zone),
        "window": window_words(situation.window),
    }


def has_labs(delivery: Delivery) -> bool:
    """Tell whether the class has a Labs page."""
    return delivery.with_labs


def register_labs() -> None:
    """Add the Labs page and its card to a class, and its words before a move."""
    register_tab(ClassTab("training:delivery-labs", gettext_lazy("Labs"), 40, has_labs))
    register_card(
        ClassCard("labs", "training/labs/_card.html", 20, labs_card, reads=with_code)
    )
    register_move_notes("labs", lab_notes, order=20)
    register_lab_mails()
