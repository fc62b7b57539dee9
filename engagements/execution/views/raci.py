from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.forms.raci import (
    RaciFormSet,
    RaciSightForm,
    raci_rows,
    raci_sight,
)
from engagements.execution.plan_access import get_planned
from engagements.execution.rules.raci import sight_of_raci
from engagements.execution.services.plan_templates import take_template
from engagements.execution.services.raci import agree_raci, rows_of, save_raci
from engagements.execution.tabs import tab_url
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_FORM, posted, refused
from psdelivery.registry import RuleRefused


def table_url(engagement: Engagement) -> str:
    return tab_url(engagement, "plan", "raci")


@require_http_methods(["GET", "POST"])
def raci_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    stored = rows_of(engagement)
    form = raci_sight(posted(request), stored)
    rows = raci_rows(posted(request), stored)
    if request.method == "POST" and saved(request, engagement, form, rows):
        messages.success(request, _("The table is saved."))
        return redirect(table_url(engagement))
    context = {
        "engagement": engagement,
        "plan_url": table_url(engagement),
        "form": form,
        "rows": rows,
        # Shown beside what was typed, where somebody else was faster.
        "stored": rows_of(engagement) if form.is_bound and form.errors else [],
    }
    status = REFUSED_FORM if request.method == "POST" else 200
    return render(request, "execution/plan/raci_form.html", context, status=status)


def saved(
    request: SignedInRequest,
    engagement: Engagement,
    form: RaciSightForm,
    rows: RaciFormSet,
) -> bool:
    """Write a valid table; False, with what is wrong at its place."""
    if not (form.is_valid() and rows.is_valid()):
        return False
    seen = form.cleaned_data["seen"] or None
    try:
        save_raci(engagement, rows.lines, seen=seen, by=request.user, now=clock.now())
    except RuleRefused as error:
        for reason in error.reasons:
            form.add_error(None, reason.sentence)
        show_as_seen(form, engagement)
        return False
    return True


def show_as_seen(form: RaciSightForm, engagement: Engagement) -> None:
    """Let the next try count as made by somebody who knows of the other's change."""
    data = cast(QueryDict, form.data).copy()
    data["seen"] = sight_of_raci(rows_of(engagement))
    form.data = data


@require_POST
def template_take(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    added = take_template(engagement, by=request.user, now=clock.now())
    words = ngettext(
        "%(n)d row of the template is added.",
        "%(n)d rows of the template are added.",
        added,
    )
    nothing = _("All that the template has stands there already.")
    messages.success(request, words % {"n": added} if added else nothing)
    return redirect(table_url(engagement))


@require_POST
def raci_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    try:
        agree_raci(engagement, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, table_url(engagement))
    messages.success(request, _("That both sides agreed is noted."))
    return redirect(table_url(engagement))
