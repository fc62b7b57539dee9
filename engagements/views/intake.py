from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement, rights_of
from engagements.forms.intake import IntakeForms
from engagements.models import Engagement
from engagements.services.intake import edit_engagement, register_engagement
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Customer

SHOW_CONTACTS = "show_contacts"


def intake_page(
    request: SignedInRequest, forms: IntakeForms, engagement: Engagement | None
) -> HttpResponse:
    context = {
        "forms": forms,
        "form": forms.what,
        "paper_form": forms.paper,
        "people_form": forms.people,
        "engagement": engagement,
        "has_customers": Customer.objects.exists(),
        "has_errors": any(form.is_bound and form.errors for form in forms.all),
    }
    status = status_of(*forms.all)
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
    engagement = None
    if posted(request) is not None and forms.is_valid():
        engagement = written(
            forms.what,
            lambda: register_engagement(forms.intake(), by=user, now=clock.now()),
        )
    if engagement is None:
        return intake_page(request, forms, None)
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
    saved = None
    if posted(request) is not None and forms.is_valid():
        saved = written(
            forms.what,
            lambda: edit_engagement(
                engagement, forms.changes(), by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        return intake_page(request, forms, engagement)
    messages.success(request, _("The changes are saved."))
    return redirect(engagement)
