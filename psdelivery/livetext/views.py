from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.livetext.access import (
    get_group,
    get_sheet,
    get_text,
    get_writable_sheet,
)
from psdelivery.livetext.forms import SeenForm, TextForm
from psdelivery.livetext.models import LiveSheet, LiveText
from psdelivery.livetext.queries import (
    Card,
    Part,
    cards_of,
    changes_since,
    versions_of,
    writers_at,
)
from psdelivery.livetext.registry import CardGroup, Owner, sheet_kind
from psdelivery.livetext.rules import merged_text
from psdelivery.livetext.services import (
    Pen,
    add_card,
    label_of,
    note_writing,
    remove_card,
    restore_card,
    save_text,
)
from psdelivery.people.http import SignedInRequest
from psdelivery.people.notices import undo_notice
from psdelivery.registry import Reason, RuleRefused

FRAGMENTS = "livetext/fragments"


def pen_of(request: SignedInRequest, owner: Owner, page: str = "") -> Pen:
    return Pen(owner=owner, by=request.user, now=clock.now(), page=page)


def part_of(row: LiveText) -> Part:
    spec = sheet_kind(row.sheet.kind).spec_of_row(row)
    if spec is None:
        # Written under an older declaration of the kind.
        raise Http404(_("There is no such text."))
    return Part(spec, row)


def since_of(request: SignedInRequest) -> int:
    # Whoever asks with nonsense is told everything.
    typed = request.GET.get("since", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@require_GET
def sheet_changes(request: SignedInRequest, pk: int) -> HttpResponse:
    sheet, owner = get_sheet(request, pk)
    since = since_of(request)
    if since == sheet.version:
        return HttpResponse(status=204)
    context = {
        "sheet": sheet,
        "owner": owner,
        "changes": changes_since(sheet, since),
        "writers": writers_at(sheet, clock.now()).exclude(person=request.user),
    }
    return render(request, f"{FRAGMENTS}/changes.html", context)


@require_GET
def text_detail(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    sheet, owner = get_sheet(request, pk)
    row = get_text(sheet, key)
    return text_page(request, owner, row)


def text_page(
    request: SignedInRequest, owner: Owner, row: LiveText, **options: Any
) -> HttpResponse:
    context = {
        "owner": owner,
        "part": part_of(row),
        "label": label_of(row),
        "versions": versions_of(row),
        "typed": options.get("typed", row.text),
        "reasons": options.get("reasons", []),
    }
    status = options.get("status", 200)
    return render(request, "livetext/text_detail.html", context, status=status)


@require_POST
def text_save(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    sheet, owner = get_writable_sheet(request, pk)
    row = get_text(sheet, key)
    form = TextForm(request.POST)
    if not form.is_valid():
        sentence = _("The text did not come whole.")
        return refused(request, owner, row, [Reason("broken", sentence)])
    given = form.cleaned_data
    try:
        saved = save_text(
            row,
            given["text"],
            given["version"],
            pen=pen_of(request, owner, given["page"]),
        )
    except RuleRefused as error:
        return refused(request, owner, row, error.reasons)
    if saved.mine is not None:
        return conflict(request, owner, saved.row, mine=saved.mine.text)
    if request.htmx:
        context = {"part": part_of(saved.row), "owner": owner}
        return render(request, f"{FRAGMENTS}/saved.html", context)
    messages.success(request, _("Saved: %(text)s.") % {"text": label_of(row)})
    return redirect(f"{owner.url}#live-{row.key}")


def refused(
    request: SignedInRequest, owner: Owner, row: LiveText, reasons: list[Reason]
) -> HttpResponse:
    if request.htmx:
        context = {"reasons": reasons}
        return render(request, f"{FRAGMENTS}/refused.html", context, status=422)
    typed = request.POST.get("text", "")
    return text_page(request, owner, row, typed=typed, reasons=reasons, status=422)


def conflict(
    request: SignedInRequest, owner: Owner, row: LiveText, *, mine: str
) -> HttpResponse:
    context = {
        "owner": owner,
        "part": part_of(row),
        "label": label_of(row),
        "mine": mine,
        "merged": merged_text(mine, row.text),
    }
    page = f"{FRAGMENTS}/conflict.html" if request.htmx else "livetext/conflict.html"
    return render(request, page, context, status=409)


@require_POST
def text_writing(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    sheet, owner = get_writable_sheet(request, pk)
    note_writing(get_text(sheet, key), by=request.user, now=clock.now())
    return HttpResponse(status=204) if request.htmx else redirect(owner.url)


def card_at(sheet: LiveSheet, group: CardGroup, number: int) -> Card | None:
    rows = LiveText.objects.filter(sheet=sheet, group=group.key, card=number)
    return next(iter(cards_of(group, rows.select_related("changed_by"))), None)


@require_POST
def card_add(request: SignedInRequest, pk: int, group: str) -> HttpResponse:
    sheet, owner = get_writable_sheet(request, pk)
    declared = get_group(sheet, group)
    try:
        rows = add_card(sheet, declared, pen=pen_of(request, owner))
    except RuleRefused as error:
        return not_now(request, owner, error)
    if request.htmx:
        card = card_at(sheet, declared, rows[0].card)
        context = {"card": card, "sheet": sheet, "owner": owner}
        return render(request, f"{FRAGMENTS}/card.html", context)
    return redirect(f"{owner.url}#live-{rows[0].key}")


def not_now(request: SignedInRequest, owner: Owner, error: RuleRefused) -> HttpResponse:
    context = {"reasons": error.reasons, "back_url": owner.url}
    page = "components/refused.html" if request.htmx else "409.html"
    return render(request, page, context, status=409)


@require_POST
def card_remove(
    request: SignedInRequest, pk: int, group: str, number: int
) -> HttpResponse:
    sheet, owner = get_writable_sheet(request, pk)
    declared = get_group(sheet, group)
    form = SeenForm(request.POST)
    # Without saying what was seen, nothing was: only an untouched card goes.
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    try:
        remove_card(sheet, declared, number, seen, pen=pen_of(request, owner))
    except RuleRefused as error:
        return not_now(request, owner, error)
    undo = reverse("livetext:card-restore", args=[pk, group, number])
    undo_notice(request, _("The card is taken away."), undo_url=undo)
    if request.htmx:
        return render(request, f"{FRAGMENTS}/removed.html", {"group": declared})
    return redirect(owner.url)


@require_POST
def card_restore(
    request: SignedInRequest, pk: int, group: str, number: int
) -> HttpResponse:
    sheet, owner = get_writable_sheet(request, pk)
    declared = get_group(sheet, group)
    restore_card(sheet, declared, number, pen=pen_of(request, owner))
    return redirect(owner.url)
