"""For administrators: what the portal holds on somebody, and erasing who has left."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.access import get_person
from psdelivery.people.erasure_forms import EraseForm, FindPersonForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Contact, User
from psdelivery.people.queries import contacts_named, people_named
from psdelivery.people.rules import reasons_against_erasing
from psdelivery.people.views.answers import posted, status_of, write_form

S = TypeVar("S", User, Contact)
MOST_FOUND = 50


@require_GET
def personal_data(request: SignedInRequest) -> HttpResponse:
    form = FindPersonForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "text": text,
        "people": people_named(text)[:MOST_FOUND],
        "contacts": contacts_named(text)[:MOST_FOUND],
        "most": MOST_FOUND,
    }
    return render(request, "people/personal_data.html", context, status=status_of(form))


def get_contact(pk: int) -> Contact:
    contacts = Contact.objects.select_related("customer")
    return get_object_or_404(contacts, pk=pk)


@require_http_methods(["GET", "POST"])
def person_erase(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    return erase(request, person, services.erase_person, person.get_absolute_url())


@require_http_methods(["GET", "POST"])
def contact_erase(request: SignedInRequest, pk: int) -> HttpResponse:
    back_url = reverse("people:personal-data")
    return erase(request, get_contact(pk), services.erase_contact, back_url)


def erase(
    request: SignedInRequest, subject: S, service: Callable[..., S], back_url: str
) -> HttpResponse:
    reasons = reasons_against_erasing(subject)
    if reasons:
        refusal = {"reasons": reasons, "back_url": back_url}
        return render(request, "409.html", refusal, status=409)
    form = EraseForm(posted(request))
    erased = write_form(form, lambda: write_erasure(request, form, subject, service))
    if erased is not None:
        messages.success(request, _("Erased. It is now called “%s”.") % erased)
        return redirect(back_url)
    context = {"form": form, "subject": subject, "back_url": back_url}
    return render(request, "people/erase.html", context, status=status_of(form))


def write_erasure(
    request: SignedInRequest, form: EraseForm, subject: S, service: Callable[..., S]
) -> S:
    reason = form.cleaned_data["reason"]
    return service(subject, by=request.user, reason=reason, now=clock.now())


@require_POST
def person_export(request: SignedInRequest, pk: int) -> HttpResponse:
    return export(request, get_person(pk))


@require_POST
def contact_export(request: SignedInRequest, pk: int) -> HttpResponse:
    return export(request, get_contact(pk))


def export(request: SignedInRequest, subject: User | Contact) -> HttpResponse:
    data = services.export_personal_data(subject, by=request.user, now=clock.now())
    response = JsonResponse(
        data,
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    # By number: the name of a file travels further than the file.
    name = f"personal-data-{subject._meta.model_name}-{subject.pk}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
