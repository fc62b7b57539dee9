"""R-12: say that no single code is enough when the dates of a class are entered."""

from typing import Any

from django.contrib import messages

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason
from training.forms.sessions import SessionRows
from training.labs_queries import lab_situation, warnings_of_plan
from training.models import Delivery


def typed_warnings(request: SignedInRequest, zone: str) -> list[Reason]:
    """Return the warnings about sessions as they were typed; none while none is."""
    if request.method != "POST":
        return []
    zone = request.POST.get("zone") or zone
    rows: Any = SessionRows(
        request.POST,
        prefix="sessions",
        form_kwargs={"zone": zone, "today": clock.today(request.user.zone)},
    )
    times = [
        form.times.moments
        for form in rows.forms
        if form.has_changed() and not form.errors and form.times
    ]
    return warnings_of_plan(
        times,
        with_labs="with_labs" in request.POST,
        with_certification="with_certification" in request.POST,
    )


def say_warnings(request: SignedInRequest, delivery: Delivery) -> None:
    """Say on the next page that an extension is needed, unless it is asked for."""
    situation = lab_situation(delivery)
    if situation.asked is None:
        for warning in situation.warnings:
            messages.warning(request, warning.sentence)
