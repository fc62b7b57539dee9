from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.documents.rules import content_type_of
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused
from training.access import get_delivery
from training.exports import roster_csv, roster_file_name, roster_xlsx
from training.models import Delivery
from training.roster_page import roster_page
from training.services.roster import hand_in_roster, zone_of
from training.views.answers import refused

ROSTER = "training:delivery-roster"


@require_GET
def delivery_roster(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    context = roster_page(request, delivery, now=clock.now())
    return render(request, "training/roster/delivery_roster.html", context)


@require_GET
def roster_export(request: SignedInRequest, pk: int, extension: str) -> HttpResponse:
    delivery = get_delivery(request, pk)
    name = roster_file_name(delivery, extension)
    response = HttpResponse(
        exported(delivery, extension), content_type=content_type_of(name)
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def exported(delivery: Delivery, extension: str) -> str | bytes:
    zone = zone_of(delivery)
    if extension == "csv":
        return roster_csv(delivery, zone=zone)
    if extension == "xlsx":
        return roster_xlsx(delivery, zone=zone)
    raise Http404(_("There is no such file."))


@require_POST
def roster_hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        done = hand_in_roster(delivery, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, f"{delivery.get_absolute_url()}roster/")
    words = _("The roster is with finance, as a document of the engagement.")
    if done.is_last:
        words = _("The roster is with finance. All classes have theirs in now.")
    messages.success(request, words)
    return redirect(ROSTER, delivery.pk)
