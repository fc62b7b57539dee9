"""The accounts that meetings are held with (R-22)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.people.context_processors import may_open
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of, write_form
from scheduling.forms.hosts import HostForm
from scheduling.models import HostAccount
from scheduling.services.hosts import add_host, edit_host


@require_GET
def host_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "hosts": HostAccount.objects.order_by("-is_active", "name"),
        "may_edit": may_open(request.user, "scheduling:host-add"),
    }
    return render(request, "scheduling/host_list.html", context)


@require_http_methods(["GET", "POST"])
def host_add(request: SignedInRequest) -> HttpResponse:
    form = HostForm(posted(request))
    saved = write_form(
        form,
        lambda: add_host(form.cleaned_data, by=request.user, now=clock.now()),
    )
    return answer(request, form, saved)


@require_http_methods(["GET", "POST"])
def host_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    host = get_object_or_404(HostAccount, pk=pk)
    # Another copy: a refused form must not change the name in the heading.
    form = HostForm(posted(request), instance=get_object_or_404(HostAccount, pk=pk))
    saved = write_form(
        form,
        lambda: edit_host(host, form.cleaned_data, by=request.user, now=clock.now()),
    )
    return answer(request, form, saved, host)


def answer(
    request: SignedInRequest,
    form: HostForm,
    saved: HostAccount | None,
    host: HostAccount | None = None,
) -> HttpResponse:
    if saved is not None:
        messages.success(request, _("The host account is saved."))
        return redirect("scheduling:host-list")
    context = {"form": form, "host": host}
    return render(request, "scheduling/host_form.html", context, status=status_of(form))
