from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people import services
from psdelivery.people.access import (
    customers_in,
    get_contact,
    get_customer,
    may_with_customer,
)
from psdelivery.people.forms.people import ContactForm, CustomerFilterForm, CustomerForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.models import Contact, Customer
from psdelivery.people.queries import customers_matching
from psdelivery.people.views.answers import posted, status_of, write_form

SORTS = {
    "name": ("name",),
    "country": ("country", "name"),
    "zone": ("zone", "name"),
}


def _may_add(request: SignedInRequest) -> bool:
    return scope_for(request.user.role_set, Action.CUSTOMER_CREATE) is not Scope.NONE


@require_GET
def customer_list(request: SignedInRequest) -> HttpResponse:
    within = customers_in(request.user, request.access.scope)
    countries = within.order_by().values_list("country", flat=True).distinct()
    form = CustomerFilterForm(request.GET, countries=list(countries))
    found = Customer.objects.none()
    if form.is_valid():
        chosen = form.cleaned_data
        found = customers_matching(within, text=chosen["q"], country=chosen["country"])
    rows = sorted_by(found, request, SORTS, default="name")
    context = {
        "form": form,
        "page": page_of(rows, request),
        "may_add": _may_add(request),
    }
    return render(request, "people/customer_list.html", context, status=status_of(form))


@require_GET
def customer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer(request, pk)
    context = {
        "customer": customer,
        "contacts": customer.contacts.order_by("-is_active", "name", "pk"),
        "may_edit": may_with_customer(request.user, customer, Action.CUSTOMER_EDIT),
        "now": clock.now(),
    }
    return render(request, "people/customer_detail.html", context)


@require_http_methods(["GET", "POST"])
def customer_add(request: SignedInRequest) -> HttpResponse:
    form = CustomerForm(posted(request))
    customer = write_form(
        form,
        lambda: services.add_customer(
            form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if customer is not None:
        messages.success(request, _("The customer is added. Now add a contact."))
        return redirect(customer)
    context = {"form": form}
    return render(request, "people/customer_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def customer_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer(request, pk)
    form = CustomerForm(posted(request), instance=get_customer(request, pk))
    saved = write_form(
        form,
        lambda: services.edit_customer(
            customer, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(customer)
    context = {"form": form, "customer": customer}
    return render(request, "people/customer_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def contact_add(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer(request, pk)
    form = ContactForm(posted(request), instance=Contact(customer=customer))
    contact = write_form(
        form,
        lambda: services.add_contact(
            customer, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if contact is not None:
        messages.success(request, _("%s is added.") % contact)
        return redirect(customer)
    context = {"form": form, "customer": customer}
    return render(request, "people/contact_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def contact_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    contact = get_contact(request, pk)
    customer = contact.customer
    # Another copy: a refused form must not change the name in the heading.
    form = ContactForm(posted(request), instance=get_contact(request, pk))
    saved = write_form(
        form,
        lambda: services.edit_contact(
            contact, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(customer)
    context = {"form": form, "customer": customer, "contact": contact}
    return render(request, "people/contact_form.html", context, status=status_of(form))
