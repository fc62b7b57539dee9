"""Load sheets and texts for views, with the right checked by their owner."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.livetext.models import LiveSheet, LiveText
from psdelivery.livetext.registry import CardGroup, Owner, sheet_kind


def get_sheet(request: HttpRequest, pk: int) -> tuple[LiveSheet, Owner]:
    """Return the sheet and its record; raises Http404 for who may not read it."""
    sheet = get_object_or_404(LiveSheet, pk=pk)
    try:
        kind = sheet_kind(sheet.kind)
    except KeyError:
        raise Http404(_("There is no such sheet.")) from None
    return sheet, kind.loader(request, sheet)


def get_writable_sheet(request: HttpRequest, pk: int) -> tuple[LiveSheet, Owner]:
    """Return the sheet and its record; raises PermissionDenied for who only reads."""
    sheet, owner = get_sheet(request, pk)
    if not owner.may_edit:
        raise PermissionDenied(_("You may read this, but not write in it."))
    return sheet, owner


def get_text(sheet: LiveSheet, key: str) -> LiveText:
    """Return a text of the sheet, also one that was taken away."""
    texts = LiveText.objects.select_related("sheet", "changed_by")
    return get_object_or_404(texts, sheet=sheet, key=key)


def get_group(sheet: LiveSheet, key: str) -> CardGroup:
    """Return a group of cards of the sheet's kind."""
    group = sheet_kind(sheet.kind).group(key)
    if group is None:
        raise Http404(_("There are no such cards."))
    return group
