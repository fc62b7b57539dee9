from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.access import get_checklist
from psdelivery.playbooks.forms.editing import AdoptForm
from psdelivery.playbooks.models import Checklist
from psdelivery.playbooks.services.adoption import adopt, adoption_of
from psdelivery.registry import RuleRefused


@require_http_methods(["GET", "POST"])
def checklist_adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    checklist = get_checklist(request, pk)
    adoption = adoption_of(checklist)
    if adoption is None:
        return adoption_page(request, checklist)
    if request.method != "POST":
        return adoption_page(request, checklist, adoption=adoption)
    form = AdoptForm(adoption, request.POST)
    shown = {"adoption": adoption, "form": form, "chosen": request.POST.getlist("keys")}
    if not form.is_valid():
        return adoption_page(request, checklist, status=422, **shown)
    keys, version = form.cleaned_data["keys"], form.cleaned_data["version"]
    try:
        adopt(checklist, keys, version=version, by=request.user, now=clock.now())
    except RuleRefused as refused:
        shown["reasons"] = refused.reasons
        return adoption_page(request, checklist, status=409, **shown)
    messages.success(request, _("The checklist follows the new version now."))
    return redirect(checklist.subject_url or "dashboards:my-day")


def adoption_page(
    request: SignedInRequest, checklist: Checklist, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {"checklist": checklist, "chosen": None, "reasons": [], **shown}
    template = "playbooks/checklist_adopt.html"
    return render(request, template, context, status=status)
