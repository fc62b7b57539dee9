from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.choices import Theme
from psdelivery.people.http import SignedInRequest, page_before
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
    return redirect(page_before(request, otherwise=reverse("people:profile")))
