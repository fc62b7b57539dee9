from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.execution.discovery import KIND, step_of
from engagements.execution.discovery_access import get_session
from engagements.execution.discovery_mails import QUESTIONS_MAIL, RECAP_MAIL
from engagements.execution.discovery_page import (
    move_url,
    print_context,
    session_context,
)
from engagements.execution.forms.discovery import SessionEditForm, SessionForm
from engagements.execution.models import DiscoverySession
from engagements.execution.plan_access import get_planned
from engagements.execution.rules.discovery import (
    CONFIRMED,
    SENT,
    reasons_against_writing,
)
from engagements.execution.services.discovery import (
    SessionDraft,
    add_session,
    edit_session,
    remove_session,
    title_of_next,
    usual_day,
)
from engagements.execution.services.discovery_questions import sets_for
from engagements.execution.tabs import tab_url
from psdelivery import clock
from psdelivery.outbox.access import may_write
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, refused, status_of, write_form
from psdelivery.registry import RuleRefused

FOLDER = "execution/discovery"
# The kinds of mail about a session, each with the step that it belongs to.
STEP_OF_MAIL = {QUESTIONS_MAIL: SENT, RECAP_MAIL: CONFIRMED}


@require_http_methods(["GET", "POST"])
def discovery_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    back = tab_url(engagement, KIND)
    against = reasons_against_writing(engagement)
    if against:
        return refused(request, against, back)
    initial = {"title": title_of_next(engagement), "day": usual_day(engagement)}
    form = SessionForm(posted(request), fitting=sets_for(engagement), initial=initial)

    def write() -> DiscoverySession:
        typed = form.cleaned_data
        draft = SessionDraft(
            title=typed["title"], day=typed["day"], sets=list(typed["sets"])
        )
        return add_session(engagement, draft, by=request.user, now=clock.now())

    session = write_form(form, write)
    if session is not None:
        messages.success(request, _("The session is added."))
        return redirect(session)
    context = {"form": form, "engagement": engagement, "back_url": back}
    page = f"{FOLDER}/session_add.html"
    return render(request, page, context, status=status_of(form))


@require_GET
def discovery_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    context = session_context(session, request.user)
    return render(request, f"{FOLDER}/session_detail.html", context)


@require_http_methods(["GET", "POST"])
def discovery_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    against = reasons_against_writing(session.engagement)
    if against:
        return refused(request, against, session.get_absolute_url())
    form = SessionEditForm(
        posted(request),
        is_dated=session.held_on is not None,
        initial={"title": session.title},
    )

    def write() -> DiscoverySession:
        typed = form.cleaned_data
        return edit_session(
            session, typed["title"], typed.get("day"), by=request.user, now=clock.now()
        )

    if write_form(form, write) is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(session)
    context = {
        "form": form,
        "session": session,
        "engagement": session.engagement,
        "move_url": move_url(session),
    }
    page = f"{FOLDER}/session_edit.html"
    return render(request, page, context, status=status_of(form))


@require_POST
def discovery_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    try:
        remove_session(session, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, session.get_absolute_url())
    messages.success(request, _("The session is taken away."))
    return redirect(tab_url(session.engagement, KIND))


@require_GET
def discovery_print(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    context = print_context(session) | {"now": clock.now()}
    return render(request, f"{FOLDER}/session_print.html", context)


@require_POST
def discovery_mail(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    session = get_session(request, pk)
    known = mail_kind(kind)
    if known is None or kind not in STEP_OF_MAIL:
        raise Http404(_("There is no such mail."))
    if not may_write(request.user, known, session):
        raise PermissionDenied(_("Your role does not send this mail."))
    try:
        draft = prepare_draft(
            kind,
            session,
            step=step_of(session, STEP_OF_MAIL[kind]),
            engagement=session.engagement,
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as error:
        return refused(request, error.reasons, session.get_absolute_url())
    return redirect(draft)
