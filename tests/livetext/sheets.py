"""A kind of sheet for the tests: two fields and a group of cards."""

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404

from psdelivery.livetext.models import LiveText
from psdelivery.livetext.registry import (
    CardGroup,
    Field,
    Owner,
    SheetKind,
    register_sheet,
)
from psdelivery.livetext.services import Pen, open_sheet

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
KIND = "notes-of-a-test"
CLOSED, READ_ONLY = "closed", "reader"


def owner_of(sheet, *, may_edit=True):
    return Owner(subject=sheet, title="Notes", url="/people/me/", may_edit=may_edit)


def load(request, sheet):
    """Who is called "closed" sees nothing, "reader" only reads."""
    if request.user.username == CLOSED:
        raise Http404
    if request.user.username == "forbidden":
        raise PermissionDenied
    return owner_of(sheet, may_edit=request.user.username != READ_ONLY)


NOTES = SheetKind(
    key=KIND,
    contents=(
        Field("goals", "Goals", help="What they want."),
        CardGroup(
            "outcome",
            "Outcomes",
            (Field("what", "Outcome"), Field("measure", "Measure", rows=2)),
        ),
        Field("scope", "Scope"),
    ),
    loader=load,
)


def new_sheet(**texts):
    register_sheet(NOTES)
    return open_sheet(KIND, texts, now=NOW)


def pen(sheet, by, now=NOW, page=""):
    return Pen(owner=owner_of(sheet), by=by, now=now, page=page)


def row(sheet, key="goals"):
    return LiveText.objects.select_related("sheet").get(sheet=sheet, key=key)
