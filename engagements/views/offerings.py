from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import get_offering
from engagements.forms.offerings import OfferingForm
from engagements.queries import offerings_by_category
from engagements.services.offerings import add_offering, edit_offering
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest


@require_GET
def offering_list(request: SignedInRequest) -> HttpResponse:
    scope = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    context = {
        "offerings": offerings_by_category(),
        "may_edit": scope is not Scope.NONE,
    }
    return render(request, "engagements/offering_list.html", context)


@require_http_methods(["GET", "POST"])
def offering_add(request: SignedInRequest) -> HttpResponse:
    form = OfferingForm(posted(request))
    offering = None
    if form.is_bound and form.is_valid():
        offering = written(
            form,
            lambda: add_offering(form.changed_values, by=request.user, now=clock.now()),
        )
    if offering is None:
        return offering_page(request, form)
    messages.success(request, _("The offering is added."))
    return redirect("engagements:offering-list")


@require_http_methods(["GET", "POST"])
def offering_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    offering = get_offering(pk)
    form = OfferingForm(posted(request), instance=get_offering(pk))
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: edit_offering(
                offering, form.changed_values, by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        return offering_page(request, form)
    messages.success(request, _("The changes are saved."))
    return redirect("engagements:offering-list")


def offering_page(request: SignedInRequest, form: OfferingForm) -> HttpResponse:
    context = {"form": form, "offering": form.instance}
    status = status_of(form)
    return render(request, "engagements/offering_form.html", context, status=status)
