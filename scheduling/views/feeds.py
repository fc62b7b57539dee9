from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import status_of, write_form
from scheduling.feed_files import calendar_file
from scheduling.feed_queries import content_of
from scheduling.forms.feeds import FeedForm
from scheduling.models import CalendarFeed
from scheduling.services.feeds import (
    Reader,
    feed_of,
    make_feed,
    note_reading,
    revoke_feed,
)

SHOWN_ONCE = "new_feed"


@require_GET
def feed_list(request: SignedInRequest) -> HttpResponse:
    return feed_page(request, form_for(request, initial=request.GET.dict()))


def form_for(request: SignedInRequest, *args: Any, **kwargs: Any) -> FeedForm:
    seen = visible_engagements(request.user).filter(status__in=OPEN_STATUSES)
    engagements = seen.select_related("customer").order_by("customer__name", "pk")
    return FeedForm(*args, engagements=engagements, **kwargs)


def feed_page(request: SignedInRequest, form: FeedForm) -> HttpResponse:
    path = request.session.pop(SHOWN_ONCE, "")
    feeds = request.user.feeds.filter(revoked_at=None).select_related(
        "engagement__customer"
    )
    context = {
        "form": form,
        "feeds": feeds,
        "new_address": request.build_absolute_uri(path) if path else "",
    }
    status = status_of(form)
    return never_cached(
        render(request, "scheduling/feed_list.html", context, status=status)
    )


def never_cached(response: HttpResponse) -> HttpResponse:
    """The address stands on the page once: no cache may show it again."""
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def feed_add(request: SignedInRequest) -> HttpResponse:
    form = form_for(request, request.POST)
    made = write_form(
        form,
        lambda: make_feed(
            request.user,
            form.cleaned_data["kind"],
            form.cleaned_data["engagement"],
            now=clock.now(),
        ),
    )
    if made is None:
        return feed_page(request, form)
    request.session[SHOWN_ONCE] = made.path
    messages.success(request, _("The feed is made. Copy its address now."))
    return redirect("scheduling:feed-list")


@require_POST
def feed_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed, pk=pk, owner=request.user)
    revoke_feed(feed, by=request.user, now=clock.now())
    messages.success(request, _("The feed is revoked: its address answers no more."))
    return redirect("scheduling:feed-list")


@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The file itself, for whoever has the address: calendars cannot log in."""
    found, now = feed_of(secret), clock.now()
    content = content_of(found, now) if found else None
    if found is None or content is None:
        raise Http404(_("There is no such calendar."))
    program = request.headers.get("User-Agent", "")
    note_reading(found, Reader(request.META.get("REMOTE_ADDR"), program), now=now)
    name = _("PS Delivery: %(what)s") % {
        "what": found.engagement or found.get_kind_display()
    }
    file = calendar_file(
        name,
        content.days,
        content.times,
        zone=found.owner.zone,
        now=now,
        with_names=found.kind != "personal",
    )
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="psdelivery.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
