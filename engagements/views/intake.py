from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement, rights_of
from engagements.forms.intake import IntakeForms
from engagements.models import Engagement
from engagements.rules.intake import DOUBLE
from engagements.services.intake import edit_engagement, register_engagement
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Customer
from psdelivery.registry import Reason, RuleRefused

SHOW_CONTACTS = "show_contacts"
ANYWAY = "anyway"


def intake_page(
    request: SignedInRequest,
    forms: IntakeForms,
    engagement: Engagement | None,
    doubles: Sequence[Reason] = (),
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
    }
    status = 409 if doubles else status_of(*forms.all)
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
