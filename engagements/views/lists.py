from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from engagements.access import visible_engagements, with_value_right
from engagements.exports import engagement_lines
from engagements.filters import filtered
from engagements.queries import list_rows, only_listed
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of


def may_somewhere(request: SignedInRequest, action: Action) -> bool:
    return scope_for(request.user.role_set, action) is not Scope.NONE


def is_filtered(request: SignedInRequest) -> bool:
    return any(
        value for name, value in request.GET.items() if name not in {"sort", "page"}
    )


@require_GET
def engagement_list(request: SignedInRequest) -> HttpResponse:
    seen = with_value_right(visible_engagements(request.user), request.user)
    filterset = filtered(seen, request, clock.now())
    page = page_of(only_listed(filterset.qs), request)
    context = {
        "form": filterset.form,
        "page": page,
        "rows": list_rows(page.object_list),
        "query": request.GET.urlencode(),
        "is_filtered": is_filtered(request),
        "with_value": may_somewhere(request, Action.VALUE_SEE),
        "may_add": may_somewhere(request, Action.ENGAGEMENT_CREATE),
    }
    status = 422 if filterset.form.errors else 200
    return render(request, "engagements/engagement_list.html", context, status=status)


@require_GET
def engagement_export(request: SignedInRequest) -> StreamingHttpResponse:
    seen = with_value_right(visible_engagements(request.user), request.user)
    lines = engagement_lines(
        filtered(seen, request, clock.now()).qs,
        zone=request.user.zone,
        with_value=may_somewhere(request, Action.VALUE_SEE),
    )
    # The sign at the start tells spreadsheets that this is UTF-8.
    response = StreamingHttpResponse(
        ("\ufeff" + line if n == 0 else line for n, line in enumerate(lines)),
        content_type="text/csv; charset=utf-8",
    )
    day = clock.today(request.user.zone).isoformat()
    name = f"engagements-{day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
