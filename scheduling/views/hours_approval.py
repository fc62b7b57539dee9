"""Hours to approve: the list with what is as planned, and one of them with its days."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.registry import Reason, RuleRefused
from scheduling.choices import HoursState
from scheduling.forms.hours_approval import (
    EVERYTHING,
    ApprovalFilterForm,
    ApproveForm,
    CorrectionForm,
    SendBackForm,
    seen_in,
)
from scheduling.hours_access import deciding_of, get_part, get_part_to_decide
from scheduling.models import HoursPart
from scheduling.queries.hours import days_of
from scheduling.queries.hours_approval import (
    approval_rows,
    part_days,
    waiting_parts,
)
from scheduling.rules.hours import STALE
from scheduling.rules.hours_approval import DECIDED, may_decide
from scheduling.services.hours.approving import (
    Decided,
    Deciding,
    approve,
    approve_many,
    send_back,
)
from scheduling.services.hours.correcting import Correction, correct
from scheduling.services.hours.weeks import (
    current_settings,
    reasons_while_imported,
)
from scheduling.views.answers import see_version

LIST = "scheduling:hours-approval-list"
# Somebody was faster, or it is not for this person: the form cannot mend it.
BY_RULE = frozenset({STALE, DECIDED, "imported", "own", "not-yours", "not-approved"})
REFUSED_BY_RULE, REFUSED_FORM = 409, 422


@require_http_methods(["GET", "POST"])
def approval_list(request: SignedInRequest) -> HttpResponse:
    """Show what waits, and approve what was chosen of it."""
    if request.method == "GET":
        return list_page(request)
    sent = request.POST.getlist("only") or request.POST.getlist("part")
    seen = seen_in(sent)
    if not seen:
        nothing = [Reason("none", _("Choose the hours that you approve."))]
        return list_page(request, nothing, sent, status=REFUSED_FORM)
    decided = approve_many(seen, deciding_of(request.user, clock.now()))
    tell(request, decided)
    if decided.refused:
        return list_page(request, decided.refused, sent, status=REFUSED_BY_RULE)
    return redirect(request.get_full_path())


def tell(request: SignedInRequest, decided: Decided) -> None:
    """Say how many were approved."""
    count = len(decided.approved)
    if count:
        words = ngettext("%(n)d approved.", "%(n)d approved.", count) % {"n": count}
        messages.success(request, words)


def list_page(
    request: SignedInRequest,
    reasons: Sequence[Reason] = (),
    chosen: Collection[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show what waits; `chosen` keeps the ticks of what was refused."""
    form = ApprovalFilterForm(request.GET)
    wanted = form.chosen
    everything = wanted.get("show") == EVERYTHING
    parts = waiting_parts(request.user, clock.now(), everything=everything)
    if wanted.get("week"):
        parts = parts.filter(week__ends_on=wanted["week"])
    page = page_of(parts, request)
    rows = approval_rows(page.object_list)
    planned = {row.key for row in rows if row.is_as_planned}
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "chosen": planned if chosen is None else set(chosen),
        "as_planned": len(planned),
        "reasons": reasons,
        "imported": reasons_while_imported(current_settings()),
    }
    template = "scheduling/hours/approval_list.html"
    return render(request, template, context, status=status)


@require_GET
def part_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return part_page(request, get_part(request, pk))


def part_page(
    request: SignedInRequest,
    part: HoursPart,
    reasons: Sequence[Reason] = (),
    *,
    given: Mapping[str, BaseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show hours day by day, with what the reader may do about them."""
    deciding = deciding_of(request.user, clock.now())
    may_approve = may_decide(part.engagement.kind, deciding.right(part))
    days = days_of(part.week)
    (row,) = approval_rows([part])
    initial = {"version": part.version}
    context = {
        "part": part,
        "row": row,
        "days": part_days(part, days),
        "reasons": reasons,
        "is_own": part.week.person_id == request.user.pk,
        "may_decide": may_approve and part.state == HoursState.SUBMITTED,
        "may_correct": may_correct(part, request, may_approve),
        "for_whom": deciding.on_behalf_of(part),
        "approve_form": ApproveForm(initial=initial),
        "return_form": SendBackForm(initial=initial),
        "correct_form": CorrectionForm(days, initial=initial),
        "imported": reasons_while_imported(current_settings()),
        **(given or {}),
    }
    template = "scheduling/hours/part_detail.html"
    return render(request, template, context, status=status)


def may_correct(part: HoursPart, request: SignedInRequest, may_approve: bool) -> bool:
    """Tell whether the page offers a counter-entry."""
    is_theirs = may_approve or part.week.person_id == request.user.pk
    was_approved = part.state == HoursState.APPROVED or part.is_correction
    return is_theirs and was_approved and part.source == "portal"


@require_POST
def part_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    part = get_part_to_decide(request, pk)
    form = ApproveForm(request.POST)

    def write(deciding: Deciding) -> HoursPart:
        return approve(part, form.cleaned_data["version"], deciding)

    words = _("Approved: %(hours)s hours of %(person)s.")
    return treat(request, part, form, write, words, name="approve_form")


@require_POST
def part_return(request: SignedInRequest, pk: int) -> HttpResponse:
    part = get_part_to_decide(request, pk)
    form = SendBackForm(request.POST)

    def write(deciding: Deciding) -> HoursPart:
        given = form.cleaned_data
        return send_back(part, given["reason"], given["version"], deciding)

    words = _("Sent back: %(hours)s hours of %(person)s.")
    return treat(request, part, form, write, words, name="return_form")


def treat(
    request: SignedInRequest,
    part: HoursPart,
    form: BaseForm,
    write: Callable[[Deciding], HoursPart],
    words: str,
    *,
    name: str,
    leads_to: str = LIST,
) -> HttpResponse:
    """Do what a form of the page asks for; 409 where somebody was faster."""
    if not form.is_valid():
        return part_page(request, part, given={name: form}, status=REFUSED_FORM)
    try:
        done = write(deciding_of(request.user, clock.now()))
    except RuleRefused as refusal:
        return refused_page(request, part, form, refusal.reasons, name)
    told = {"hours": f"{done.hours.normalize():f}", "person": done.week.person}
    messages.success(request, words % told)
    return redirect(leads_to)


def refused_page(
    request: SignedInRequest,
    part: HoursPart,
    form: BaseForm,
    reasons: Sequence[Reason],
    name: str,
) -> HttpResponse:
    """Show the hours as they stand by now, with what was typed and why not."""
    fresh = get_part(request, part.pk)
    if any(reason.code in BY_RULE for reason in reasons):
        status, above = REFUSED_BY_RULE, list(reasons)
    else:
        status, above = REFUSED_FORM, []
        for reason in reasons:
            field = reason.code if reason.code in form.fields else None
            form.add_error(field, reason.sentence)
    see_version(form, fresh.version)
    return part_page(request, fresh, above, given={name: form}, status=status)


@require_POST
def part_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter a counter-entry; the person's own waits for approval."""
    part = get_part_to_decide(request, pk)
    form = CorrectionForm(days_of(part.week), request.POST)

    def write(deciding: Deciding) -> HoursPart:
        given: dict[str, Any] = form.cleaned_data
        correction = Correction(
            given["day"], given["hours"], given["reason"], given["version"]
        )
        return correct(part, correction, deciding)

    return treat(
        request,
        part,
        form,
        write,
        _("Corrected: %(hours)s hours of %(person)s by now."),
        name="correct_form",
        leads_to=reverse("scheduling:hours-part", args=[part.pk]),
    )
