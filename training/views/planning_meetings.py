"""Book the planning meeting, change it, call it off, answer it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import get_engagement
from engagements.models import Engagement
from engagements.services.handoff_call import sequence_of
from psdelivery import clock
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.services.moves import preview_moves
from psdelivery.playbooks.views.previewing import Look, look_at
from psdelivery.registry import Reason, RuleRefused
from training.access import get_meeting
from training.forms.planning_meetings import (
    AnswerForm,
    CallOffForm,
    HeldForm,
    MeetingForm,
)
from training.models import PlanningMeeting
from training.planning_page import (
    classes_to_plan,
    contacts_to_invite,
    meeting_context,
    people_to_invite,
    values_of,
    values_of_new,
)
from training.rules.planning_meetings import reasons_against_changing_meeting
from training.services.meeting_answers import answer_meeting
from training.services.meeting_steps import Moved, anchor_changes
from training.services.planning_meetings import (
    book_meeting,
    call_off,
    change_meeting,
    note_held,
    standing_invitation,
)
from training.views.answers import (
    REFUSED_BY_RULE,
    posted,
    refused,
    status_of,
    write_form,
)


def form_for(
    request: SignedInRequest,
    engagement: Engagement,
    meeting: PlanningMeeting | None = None,
) -> MeetingForm:
    classes = classes_to_plan(engagement, meeting)
    initial = (
        values_of(request, meeting)
        if meeting is not None
        else values_of_new(request, engagement, classes)
    )
    return MeetingForm(
        posted(request),
        deliveries=classes,
        people=people_to_invite(engagement, meeting, request.user),
        contacts=contacts_to_invite(engagement, meeting),
        is_new=meeting is None,
        initial=initial,
    )


def form_page(
    request: SignedInRequest, engagement: Engagement, form: MeetingForm, **more: Any
) -> HttpResponse:
    context = {"engagement": engagement, "form": form, **more}
    status = REFUSED_BY_RULE if more.get("was_changed") else status_of(form)
    template = "training/planning/meeting_form.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def meeting_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    if not classes_to_plan(engagement, None).exists():
        url = f"{engagement.get_absolute_url()}training/"
        sentence = _("There is no class to plan: enter one, or confirm its dates.")
        return refused(request, [Reason("no-class", sentence, url)], url)
    form = form_for(request, engagement)
    meeting = write_form(
        form,
        lambda: book_meeting(engagement, form.draft, by=request.user, now=clock.now()),
    )
    if meeting is None:
        return form_page(request, engagement, form)
    messages.success(request, _("The invitations are on their way."))
    return redirect(meeting)


@require_GET
def meeting_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    context = meeting_context(request, meeting)
    context["held_form"] = HeldForm(
        initial={"held_on": meeting.held_on or clock.today(meeting.zone)}
    )
    return render(request, "training/planning/meeting_detail.html", context)


@require_http_methods(["GET", "POST"])
def meeting_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    against = reasons_against_changing_meeting(meeting)
    if against:
        return refused(request, against, meeting.get_absolute_url())
    form = form_for(request, meeting.engagement, meeting)
    look = what_moves(request, form) if form.is_valid() else None
    if look is None or not look.is_confirmed:
        return edit_page(request, meeting, form, look)
    moved = Moved(
        reason=form.cleaned_data["reason"],
        cause=form.cleaned_data["cause"] or MoveCause.OTHER,
        exempt=look.exempt,
    )
    try:
        change_meeting(
            meeting,
            form.draft,
            moved,
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as refusal:
        return change_refused(request, meeting, form, refusal)
    messages.success(request, _("The changed invitations are on their way."))
    return redirect(meeting)


def what_moves(request: SignedInRequest, form: MeetingForm) -> Look:
    """R-20: return the steps that move with the meeting."""
    changes = anchor_changes(form.cleaned_data["deliveries"], form.starts_at)
    now = clock.now()
    return look_at(
        request, lambda exempt: preview_moves(changes, exempt=exempt, now=now)
    )


def edit_page(
    request: SignedInRequest,
    meeting: PlanningMeeting,
    form: MeetingForm,
    look: Look | None = None,
    **more: Any,
) -> HttpResponse:
    return form_page(
        request, meeting.engagement, form, meeting=meeting, look=look, **more
    )


def change_refused(
    request: SignedInRequest,
    meeting: PlanningMeeting,
    form: MeetingForm,
    refusal: RuleRefused,
) -> HttpResponse:
    for reason in refusal.reasons:
        form.add_error(None, reason.sentence)
    if not any(reason.code == "changed" for reason in refusal.reasons):
        return edit_page(request, meeting, form)
    stored = get_meeting(request, meeting.pk)
    invitation = standing_invitation(stored)
    form.show_again(sequence_of(invitation))
    invited = attendees_of(invitation) if invitation else []
    return edit_page(request, stored, form, was_changed=True, invited=invited)


@require_http_methods(["GET", "POST"])
def meeting_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    against = reasons_against_changing_meeting(meeting)
    if against:
        return refused(request, against, meeting.get_absolute_url())
    form = CallOffForm(posted(request))
    gone = write_form(
        form,
        lambda: call_off(
            meeting,
            form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if gone is not None:
        messages.success(request, _("The meeting is off; everybody is told."))
        return redirect(meeting)
    context = {"meeting": meeting, "form": form}
    template = "training/planning/meeting_cancel.html"
    return render(request, template, context, status=status_of(form))


@require_POST
def meeting_held(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    form = HeldForm(posted(request))
    held = write_form(
        form,
        lambda: note_held(
            meeting, form.cleaned_data["held_on"], by=request.user, now=clock.now()
        ),
    )
    if held is not None:
        messages.success(request, _("The day of the meeting is kept."))
        return redirect(meeting)
    context = meeting_context(request, meeting) | {"held_form": form}
    template = "training/planning/meeting_detail.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def meeting_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    against = reasons_against_changing_meeting(meeting)
    asked = meeting.answers.filter(person=request.user).first()
    if asked is None and not against:
        sentence = _("Trainers who are invited answer here; you are not one of them.")
        against = [Reason("not-asked", sentence, meeting.get_absolute_url())]
    if asked is None or against:
        return refused(request, against, meeting.get_absolute_url())
    asked.meeting = meeting
    form = AnswerForm(posted(request), initial=answer_in(request))
    answered = write_form(
        form,
        lambda: answer_meeting(
            asked,
            form.cleaned_data["answer"],
            form.cleaned_data["words"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if answered is not None:
        messages.success(request, _("Thank you: the coordinator sees your answer."))
        return redirect(meeting)
    context = {**meeting_context(request, meeting), "form": form}
    template = "training/planning/meeting_answer.html"
    return render(request, template, context, status=status_of(form))


def answer_in(request: SignedInRequest) -> dict[str, str]:
    """Return the answer that the address proposes."""
    return {"answer": request.GET.get("answer", "")}
