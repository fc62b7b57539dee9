from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of, write_form
from scheduling.forms.board import known_query
from scheduling.forms.board_views import BoardViewForm
from scheduling.queries.board import board_views
from scheduling.services.board_views import keep_view


@require_GET
def view_list(request: SignedInRequest) -> HttpResponse:
    context = {"views": board_views(request.user)}
    return render(request, "scheduling/board_view_list.html", context)


@require_http_methods(["GET", "POST"])
def view_save(request: SignedInRequest) -> HttpResponse:
    query = request.GET.urlencode()
    form = BoardViewForm(posted(request), owner=request.user, query=query)
    saved = write_form(form, lambda: keep_view(form.instance))
    if saved is not None:
        messages.success(request, _("The view %(name)s is kept.") % {"name": saved})
        return redirect(f"{reverse('scheduling:board')}?{saved.query}")
    context = {"form": form, "query": known_query(query, "first")}
    return render(
        request, "scheduling/board_view_form.html", context, status=status_of(form)
    )


@require_POST
def view_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(board_views(request.user), pk=pk)
    if view.owner_id != request.user.pk:
        raise PermissionDenied(_("Only who kept a view removes it."))
    view.delete()
    messages.success(request, _("The view %(name)s is removed.") % {"name": view})
    return redirect("scheduling:board-view-list")
