from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement
from engagements.forms.assessment import AssessmentForm, NeededSkills
from engagements.models import Assessment
from engagements.services.assessment import assessment_of, save_assessment
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest


@require_http_methods(["GET", "POST"])
def assessment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    assessment = assessment_of(engagement) or Assessment(engagement=engagement)
    rows = assessment.skills.values("skill", "level", "people") if assessment.pk else []
    form = AssessmentForm(posted(request), instance=assessment)
    skills: Any = NeededSkills(posted(request), initial=list(rows), prefix="skills")
    saved = None
    if form.is_bound and form.is_valid() and skills.is_valid():
        saved = written(
            form,
            lambda: save_assessment(
                engagement,
                form.changed_values,
                skills.rows,
                by=request.user,
                now=clock.now(),
            ),
        )
    if saved is None:
        context = {"engagement": engagement, "form": form, "skills": skills}
        status = 422 if skills.is_bound and not skills.is_valid() else status_of(form)
        template = "engagements/assessment_form.html"
        return render(request, template, context, status=status)
    messages.success(request, _("The assessment is saved."))
    return redirect("engagements:engagement-tab", engagement.pk, "assessment")
