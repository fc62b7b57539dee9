from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.forms.notifications import NotificationsForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.queries.notifications import choices_of
from psdelivery.people.views.answers import posted, status_of, write_form


@require_http_methods(["GET", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    person = request.user
    form = NotificationsForm(posted(request), chosen=choices_of(person))
    saved = write_form(
        form,
        lambda: services.choose_notifications(
            person, form.cleaned_data, by=person, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("Your choices are saved."))
        return redirect("people:notifications")
    context = {"form": form}
    return render(request, "people/notifications.html", context, status=status_of(form))
