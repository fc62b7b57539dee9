from collections.abc import Sequence
from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement, rights_of
from engagements.forms.intake import IntakeForms
from engagements.models import Engagement
from engagements.queries import homework_of
from engagements.rules.intake import DOUBLE
from engagements.services.intake import (
    IntakeChanges,
    edit_engagement,
    register_engagement,
)
from engagements.services.planned_dates import planned_changes
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Customer
from psdelivery.playbooks.forms.moves import WhyForm
from psdelivery.playbooks.queries import undoable_move
from psdelivery.playbooks.services.moves import preview_moves
from psdelivery.playbooks.views.moves import moved_notice
from psdelivery.playbooks.views.previewing import Look, look_at
from psdelivery.registry import Reason, RuleRefused

SHOW_CONTACTS = "show_contacts"
ANYWAY = "anyway"


def intake_page(
    request: SignedInRequest,
    forms: IntakeForms,
    engagement: Engagement | None,
    doubles: Sequence[Reason] = (),
    *,
    look: Look | None = None,
    why: WhyForm | None = None,
) -> HttpResponse:
    context = {
        "forms": forms,
        "form": forms.what,
        "paper_form": forms.paper,
        "people_form": forms.people,
        "engagement": engagement,
        "has_customers": Customer.objects.exists(),
        "has_errors": any(form.is_bound and form.errors for form in forms.all),
        "doubles": doubles,
        "has_file": bool(request.FILES),
        "look": look,
        "why": why,
    }
    status = 409 if doubles else status_of(*forms.all, *([why] if why else []))
    return render(request, "engagements/engagement_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def engagement_add(request: SignedInRequest) -> HttpResponse:
    user = request.user
    sees_value = scope_for(user.role_set, Action.VALUE_SEE) is not Scope.NONE
    if SHOW_CONTACTS in request.POST:
        # Without JavaScript: what is typed comes back, with the customer's contacts.
        typed = request.POST.dict()
        forms = IntakeForms(user, sees_value=sees_value, initial=typed)
        return intake_page(request, forms, None)
    forms = IntakeForms(
        user,
        posted(request),
        posted_files(request),
        sees_value=sees_value,
        initial=request.GET.dict(),
    )
    if posted(request) is None or not forms.is_valid():
        return intake_page(request, forms, None)
    return register(request, forms)


def register(request: SignedInRequest, forms: IntakeForms) -> HttpResponse:
    intake = forms.intake(refuses_double=ANYWAY not in request.POST)
    try:
        engagement = register_engagement(intake, by=request.user, now=clock.now())
    except RuleRefused as refused:
        doubles = [one for one in refused.reasons if one.code == DOUBLE]
        for reason in refused.reasons if not doubles else ():
            forms.what.add_error(None, reason.sentence)
        return intake_page(request, forms, None, doubles)
    messages.success(request, _("The engagement is registered."))
    return redirect(engagement)


@require_http_methods(["GET", "POST"])
def engagement_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    forms = IntakeForms(
        request.user,
        posted(request),
        posted_files(request),
        sees_value=rights_of(request.user, engagement).may(Action.VALUE_SEE),
        engagement=get_engagement(request, pk),
    )
    if posted(request) is None or not forms.is_valid():
        return intake_page(request, forms, engagement)
    now, changes = clock.now(), forms.changes()
    typed = as_typed(engagement, changes)
    look = look_at(
        request,
        lambda exempt: preview_moves(planned_changes(typed), exempt=exempt, now=now),
    )
    asks = look.preview.takes_something_along
    why = WhyForm(posted(request) if look.is_confirmed else None, prefix="why")
    if asks and not (look.is_confirmed and why.is_valid()):
        return intake_page(request, forms, engagement, look=look, why=why)
    given = {**why.cleaned_data, "exempt": look.exempt} if asks else None
    saved = written(
        forms.what,
        lambda: edit_engagement(
            engagement, changes, by=request.user, why=given, now=now
        ),
    )
    if saved is None:
        return intake_page(request, forms, engagement)
    messages.success(request, saved_words(engagement, saved))
    move = undoable_move([engagement.checklist_id], now) if asks else None
    if move is not None:
        moved_notice(request, move)
    return redirect(engagement)


def saved_words(before: Engagement, saved: Engagement) -> str:
    """Say that it is saved, and what a new main contact has to do now."""
    words, contact = _("The changes are saved."), saved.main_contact
    if contact is None or contact.pk == before.main_contact_id:
        return words
    open_steps = homework_of(saved).filter(contact=contact).count()
    told = ngettext(
        "%(n)d open step of the customer is with %(contact)s now.",
        "%(n)d open steps of the customer are with %(contact)s now.",
        open_steps,
    )
    told %= {"n": open_steps, "contact": contact}
    return f"{words} {told}" if open_steps else words


def as_typed(engagement: Engagement, changes: IntakeChanges) -> Engagement:
    """The engagement with what was typed, not saved: to see what moves with it."""
    typed = copy(engagement)
    for name, value in changes.engagement.items():
        setattr(typed, name, value)
    return typed
