from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.forms.people import ProfileForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.views.answers import posted, status_of, write_form


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    # A copy of its own: a refused form must not change the name in the header.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(posted(request), instance=person)
    saved = write_form(
        form,
        lambda: services.edit_person(
            person, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("Your profile is saved."))
        return redirect("people:profile")
    context = {"form": form}
    return render(request, "people/profile.html", context, status=status_of(form))
