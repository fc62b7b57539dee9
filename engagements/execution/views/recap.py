from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.discovery import texts_of_session
from engagements.execution.discovery_access import get_session
from engagements.execution.forms.recap import ConfirmForm
from engagements.execution.models import DiscoverySession
from engagements.execution.rules.discovery import reasons_against_writing
from engagements.execution.rules.recap import reasons_without_recap
from engagements.execution.services.recap import (
    confirm_recap,
    draft_recap,
    file_notes,
    read_back,
)
from engagements.execution.views.discovery import FOLDER
from psdelivery import clock
from psdelivery.livetext.forms import SeenForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, refused, status_of, write_form
from psdelivery.registry import RuleRefused


def done(
    request: SignedInRequest,
    session: DiscoverySession,
    write: Callable[[], None],
    words: str,
) -> HttpResponse:
    try:
        write()
    except RuleRefused as error:
        return refused(request, error.reasons, session.get_absolute_url())
    messages.success(request, words)
    return redirect(f"{session.get_absolute_url()}#recap-card")


@require_POST
def recap_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    form = SeenForm(request.POST)
    # Without saying what was seen, nothing was: only an untouched recap is written.
    seen = form.cleaned_data["seen"] if form.is_valid() else 0

    def write() -> None:
        draft_recap(session, seen, by=request.user, now=clock.now())

    return done(request, session, write, _("The recap is drafted: now make it yours."))


@require_POST
def recap_read_back(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)

    def write() -> None:
        read_back(session, by=request.user, now=clock.now())

    return done(request, session, write, _("Noted: the recap was read back."))


@require_POST
def notes_file(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)

    def write() -> None:
        file_notes(session, by=request.user, now=clock.now())

    return done(request, session, write, _("The notes are filed."))


@require_http_methods(["GET", "POST"])
def recap_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    recap = texts_of_session(session).text("recap")
    against = reasons_against_writing(session.engagement)
    against += reasons_without_recap(recap, session.get_absolute_url())
    if against:
        return refused(request, against, session.get_absolute_url())
    form = ConfirmForm(posted(request), session=session)

    def write() -> bool:
        typed = form.cleaned_data
        confirm_recap(
            session, typed["contact"], typed["how"], by=request.user, now=clock.now()
        )
        return True

    if write_form(form, write):
        messages.success(request, _("Noted: the customer confirmed the recap."))
        return redirect(f"{session.get_absolute_url()}#recap-card")
    context = {
        "form": form,
        "session": session,
        "engagement": session.engagement,
        "recap": recap,
    }
    page = f"{FOLDER}/recap_confirm.html"
    return render(request, page, context, status=status_of(form))
