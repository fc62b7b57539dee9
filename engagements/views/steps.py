from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement
from engagements.forms.steps import AddStepForm
from engagements.owners import owners_of
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.services.adhoc import add_step


@require_http_methods(["GET", "POST"])
def step_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    checklist = engagement.checklist
    if checklist is None:
        raise Http404(_("Internal work has no checklist."))
    owners = owners_of(engagement)
    form = AddStepForm(engagement, owners, posted(request))
    step = None
    if form.is_bound and form.is_valid():
        asked = form.asked(request.user.zone)
        step = written(
            form,
            lambda: add_step(
                checklist, asked, owners=owners, by=request.user, now=clock.now()
            ),
        )
    if step is None:
        context = {"engagement": engagement, "form": form}
        template = "engagements/step_form.html"
        return render(request, template, context, status=status_of(form))
    messages.success(request, _("The step is added: %(step)s") % {"step": step})
    return redirect("engagements:engagement-tab", engagement.pk, "checklist")
