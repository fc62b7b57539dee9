"""The tabs of the engagement page that the engagement itself fills."""

from typing import Any, cast

from django.db.models import Case, F, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import Rights, rights_of
from engagements.copies import sales_text
from engagements.dates import date_rows
from engagements.forms.documents import DocumentForm
from engagements.gate_page import gate_rows, gate_tab
from engagements.mails import ENGAGEMENT
from engagements.models import Engagement
from engagements.moves import next_move
from engagements.paper_panels import paper_panels
from engagements.queries import gate_for, team_of
from engagements.registry import Panel, panels
from engagements.rules.moves import lead_role
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.documents.access import documents_within
from psdelivery.documents.models import Document
from psdelivery.documents.queries import with_older_versions
from psdelivery.history.models import Event
from psdelivery.history.queries import events_for
from psdelivery.outbox.access import kinds_to_write, visible_messages
from psdelivery.outbox.queries import rows_of_list
from psdelivery.people.listing import page_of
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Checklist, StepQuerySet
from psdelivery.playbooks.queries import step_rows_of_one

NEXT_STEPS = 5
SHOWN = ("open", "late", "all")


def reader(request: HttpRequest) -> User:
    return cast(User, request.user)  # the middleware lets nobody else through


def steps_of(engagement: Engagement) -> StepQuerySet:
    """Return the engagement's steps, each knowing the engagement at hand."""
    return engagement.steps.all()


def rows(request: HttpRequest, rights: Rights, steps: StepQuerySet) -> StepQuerySet:
    """Return steps of the engagement as rows for the reader."""
    return step_rows_of_one(reader(request), steps, may_tick_all=rights.may_tick_all)


def in_order(steps: StepQuerySet) -> StepQuerySet:
    """Soonest first; what has no date yet comes last."""
    return steps.order_by(F("due_at").asc(nulls_last=True), "order", "pk")


def overview(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What is to be done next, what the gate lacks, and the facts."""
    steps = steps_of(engagement).open()
    rights, now = rights_of(reader(request), engagement), clock.now()
    coming = list(in_order(rows(request, rights, steps))[:NEXT_STEPS])
    return {
        "next_move": next_move(engagement, rights, now),
        "steps": coming,
        "sales_text": sales_text(engagement, coming),
        "gate_rows": gate_rows(engagement, gate_for(engagement, now), rights),
        "offerings": engagement.offerings.all(),
        "dates": date_rows(engagement, rights),
        "may_edit": rights.may(Action.ENGAGEMENT_EDIT),
        "sees_value": rights.may(Action.VALUE_SEE),
    }


def checklist(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Steps by phase, open ones first, page by page; the address says which."""
    wanted = request.GET.get("show", "")
    show = wanted if wanted in SHOWN else SHOWN[0]
    steps = shown_steps(show, steps_of(engagement))
    phase = shown_phase(request.GET.get("phase", ""))
    if phase is not None:
        steps = steps.filter(phase=phase)
    rights = rights_of(reader(request), engagement)
    return {
        "show": show,
        "phase": phase,
        "page": page_of(by_phase(rows(request, rights, steps)), request),
        "dates": [one for one in date_rows(engagement, rights) if one.url],
        "older_checklists": older_checklists_of(engagement, rights),
        "may_add": rights.may(Action.STEP_TICK),
    }


def shown_phase(wanted: str) -> Phase | None:
    """Return the phase that the address names; None means all of them."""
    return next((phase for phase in Phase if str(phase.value) == wanted), None)


def by_phase(steps: StepQuerySet) -> StepQuerySet:
    """Phase by phase: what is open before what is settled, soonest first."""
    is_settled = Case(When(state=StepState.OPEN, then=Value(0)), default=Value(1))
    due = F("due_at").asc(nulls_last=True)
    return steps.order_by("phase", is_settled, due, "order", "pk")


def older_checklists_of(engagement: Engagement, rights: Rights) -> list[Checklist]:
    """Return the engagement's checklists whose playbook has a newer version.

    Only to who may take it over (domain.md, section 8).
    """
    if not rights.may(Action.ENGAGEMENT_EDIT):
        return []
    older = Checklist.objects.filter(engagement=engagement, playbook__is_current=False)
    return list(older.order_by("pk"))


def shown_steps(show: str, steps: StepQuerySet) -> StepQuerySet:
    """Return the steps that the filter of the checklist asks for."""
    if show == "late":
        return steps.late(clock.now())
    return steps.open() if show == "open" else steps.exclude(state=StepState.CANCELLED)


def team(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Who is on the engagement, and whether the lead is named."""
    members = team_of(engagement)
    lead = lead_role(engagement.kind)
    return {
        "members": members,
        "lead_role": lead,
        "lacks_lead": not any(one.role == lead and one.person_id for one in members),
        "gate": gate_for(engagement, clock.now()),
    }


def money(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The paper with its value, and what was changed about it."""
    told = Event.objects.filter(engagement=engagement, is_money=True).with_people()
    return {"paper": engagement.paper, "events": told[:50]}


def mail(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The engagement's messages that the reader may see."""
    messages = visible_messages(reader(request), Action.OUTBOX_READ)
    rows = rows_of_list(messages.filter(engagement=engagement))
    kinds = kinds_to_write(reader(request), ENGAGEMENT, engagement)
    return {"page": page_of(rows, request), "mail_kinds": kinds}


def documents(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Files and links of the engagement that the reader may open, and adding more."""
    found = Document.objects.of_engagement(engagement.pk).current()
    within = found.filter(documents_within(reader(request)))
    rows = within.select_related("uploaded_by").order_by("-created_at", "-pk")
    page = page_of(rows, request)
    page.object_list = with_older_versions(list(page.object_list))
    rights = rights_of(reader(request), engagement)
    may_add = rights.may(Action.WORK_EDIT)
    sees_value = rights.may(Action.VALUE_SEE)
    return {
        "page": page,
        "form": DocumentForm(sees_value=sees_value) if may_add else None,
    }


def history(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What happened, newest first; money only for those who may see it."""
    rights = rights_of(reader(request), engagement)
    events = events_for(engagement.pk, money=rights.may(Action.VALUE_SEE))
    page = page_of(events, request)
    for event in page.object_list:
        # On its own page the engagement need not be named in each line.
        if event.subject_label == str(engagement):
            event.subject_label = ""
    return {"page": page}


def has_gate(engagement: Engagement) -> bool:
    """Tell whether there is a gate: not for internal work (R-2)."""
    return engagement.has_gate


def own_panels() -> list[Panel]:
    """Return the tabs in their order; other places add theirs between."""
    folder = "engagements/panels"
    return [
        Panel("overview", _("Overview"), f"{folder}/overview.html", 10, overview),
        Panel("checklist", _("Checklist"), f"{folder}/checklist.html", 20, checklist),
        Panel(
            key="gate",
            title=_("Gate"),
            template=f"{folder}/gate.html",
            order=15,
            context=gate_tab,
            is_shown=has_gate,
        ),
        Panel("team", _("Team"), f"{folder}/team.html", 30, team),
        Panel(
            key="money",
            title=_("Money"),
            template=f"{folder}/money.html",
            order=70,
            context=money,
            needs=Action.VALUE_SEE,
        ),
        Panel(
            key="mail",
            title=_("Mail"),
            template=f"{folder}/mail.html",
            order=80,
            context=mail,
            needs=Action.OUTBOX_READ,
        ),
        Panel("documents", _("Documents"), f"{folder}/documents.html", 85, documents),
        Panel("history", _("History"), f"{folder}/history.html", 90, history),
    ]


def register_panels() -> None:
    """Add the tabs to the engagement page."""
    for panel in [*own_panels(), *paper_panels()]:
        panels.register(panel)
