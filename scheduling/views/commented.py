"""Make a comment a request."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused
from scheduling.choices import RequestKind
from scheduling.comment_requests import (
    asked_in,
    get_comment,
    is_whole,
    request_made_of,
    wish_of,
)
from scheduling.forms.requests import usual_role
from scheduling.services.requests import send_request


@require_POST
def comment_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send what the comment asks for; what is missing is asked in the form."""
    comment = get_comment(request, pk)
    made = request_made_of(comment)
    if made is not None:
        return redirect(made)
    now = clock.now()
    asked, wish = asked_in(comment, request.user, now)
    if is_whole(asked, wish):
        asked.role = usual_role(comment.by)
        try:
            sent = send_request(asked, wish_of(wish), by=request.user, now=now)
        except RuleRefused as refusal:
            # The form says where, and what was understood stands in it.
            for reason in refusal.reasons:
                messages.warning(request, reason.sentence)
        else:
            messages.success(request, _("The request is sent."))
            return redirect(sent)
    address = {"kind": asked.kind, "comment": comment.pk}
    if asked.kind == RequestKind.ENGAGEMENT:
        address["engagement"] = comment.engagement_id
    return redirect(f"{reverse('scheduling:request-add')}?{urlencode(address)}")
