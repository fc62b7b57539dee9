from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.choices import Theme
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)


@require_POST
def theme(request: SignedInRequest) -> HttpResponse:
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=422)
    person = User.objects.get(pk=request.user.pk)
    services.edit_person(person, form.cleaned_data, by=request.user, now=clock.now())
    return redirect(_page_before(request))


def _page_before(request: SignedInRequest) -> str:
    # Only back into the portal: the address came with the form.
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return address
    return "people:profile"
