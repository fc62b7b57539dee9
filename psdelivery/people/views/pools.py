"""The pools: who is in them and who stands behind them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.context_processors import may_open
from psdelivery.people.forms.pools import PoolForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Pool
from psdelivery.people.queries.pools import pool_rows
from psdelivery.people.views.answers import posted, status_of, write_form


@require_GET
def pool_list(request: SignedInRequest) -> HttpResponse:
    may_edit = may_open(request.user, "people:pool-edit")
    context = {"rows": pool_rows(), "may_edit": may_edit}
    return render(request, "people/pool_list.html", context)


@require_http_methods(["GET", "POST"])
def pool_add(request: SignedInRequest) -> HttpResponse:
    form = PoolForm(posted(request))
    saved = write_form(
        form,
        lambda: services.add_pool(
            form.changed_values, by=request.user, now=clock.now()
        ),
    )
    return _answer(request, form, saved)


@require_http_methods(["GET", "POST"])
def pool_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    pool = get_object_or_404(Pool, pk=pk)
    # Another copy: a refused form must not change the name in the heading.
    form = PoolForm(posted(request), instance=get_object_or_404(Pool, pk=pk))
    saved = write_form(
        form,
        lambda: services.edit_pool(
            pool, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    return _answer(request, form, saved, pool)


def _answer(
    request: SignedInRequest,
    form: PoolForm,
    saved: Pool | None,
    pool: Pool | None = None,
) -> HttpResponse:
    if saved is not None:
        messages.success(request, _("The pool is saved."))
        return redirect("people:pool-list")
    context = {"form": form, "pool": pool}
    return render(request, "people/pool_form.html", context, status=status_of(form))
