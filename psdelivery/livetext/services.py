"""Write texts together: nothing is overwritten unseen, and nothing is ever lost."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from psdelivery.history.services import record
from psdelivery.livetext.events import SheetChanged
from psdelivery.livetext.models import (
    LiveEditor,
    LiveSheet,
    LiveText,
    LiveTextVersion,
)
from psdelivery.livetext.registry import CardGroup, Owner, sheet_kind
from psdelivery.livetext.rules import (
    WRITING,
    clean_text,
    is_told_again,
    reasons_against_card,
    reasons_against_removing,
    reasons_against_text,
)
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused, reactions


@dataclass(frozen=True)
class Saved:
    """What became of a text: the row as it stands now.

    With `mine` the row stands against it: somebody was faster, and the text was kept
    aside. Without it the text is the row's.
    """

    row: LiveText
    mine: LiveTextVersion | None = None

    @property
    def is_conflict(self) -> bool:
        return self.mine is not None


@dataclass(frozen=True)
class Pen:
    """Who writes, in whose record, and when: what every write has in common.

    `page` is the open page that it is written on, "" where that is not known.
    """

    owner: Owner
    by: User | None
    now: datetime
    page: str = ""


@transaction.atomic
def open_sheet(kind: str, texts: dict[str, str], *, now: datetime) -> LiveSheet:
    """Make a sheet with an empty row for each field, filled where `texts` says so."""
    sheet = LiveSheet.objects.create(kind=kind, created_at=now)
    declared = sheet_kind(kind)
    LiveText.objects.bulk_create(
        LiveText(sheet=sheet, key=field.key, order=declared.order_of(field.key))
        for field in declared.fields
    )
    for row in LiveText.objects.filter(sheet=sheet, key__in=list(texts)):
        take(row, clean_text(texts[row.key]), 0, by=None, now=now)
    return sheet


def lock_sheet(pk: int) -> LiveSheet:
    """Lock the sheet: writers wait for each other, so its versions stay in order."""
    return LiveSheet.objects.select_for_update().get(pk=pk)


def save_text(row: LiveText, text: str, version: int, *, pen: Pen) -> Saved:
    """Write a text that was begun on this version of the row; raises RuleRefused.

    When somebody else was faster nothing is overwritten: the answer carries both
    texts, and the one that came late is kept aside.
    """
    text = clean_text(text)
    reasons = reasons_against_text(text)
    if reasons:
        raise RuleRefused(reasons)
    with transaction.atomic():
        sheet = lock_sheet(row.sheet_id)
        current = LiveText.objects.select_related("changed_by").get(pk=row.pk)
        current.sheet = sheet
        if is_there_already(current, text, version, pen.by):
            return Saved(current)
        if is_own_page(current, version, pen):
            # The answer to an earlier save was lost on its way; nobody else wrote.
            version = current.version
        taken = take(current, text, version, by=pen.by, now=pen.now, page=pen.page)
        if taken is None:
            return Saved(current, keep_aside(current, text, version, pen))
        LiveEditor.objects.filter(row=row, person=pen.by).delete()
        tell_history(taken, pen)
        announce(sheet, pen)
    current.refresh_from_db()
    return Saved(current)


def is_there_already(row: LiveText, text: str, version: int, by: User | None) -> bool:
    """Tell whether the text says nothing new, so that there is nothing to settle.

    It is what stands there; or what the writer began with, unchanged; or what the
    same writer saved before, in an answer that never arrived.
    """
    if row.text == text and row.removed_at is None:
        return True
    if row.version == version:
        return False
    known = row.versions.filter(is_aside=False, text=text)
    begun_with = known.filter(version=version)
    saved_since = known.filter(version__gt=version, by=by)
    return (version == 0 and not text) or (begun_with | saved_since).exists()


def is_own_page(row: LiveText, version: int, pen: Pen) -> bool:
    """Tell whether all that is newer was written on the very page that saves now."""
    newer = row.versions.filter(is_aside=False, version__gt=version)
    pages = set(newer.values_list("page", "by"))
    return bool(pen.page) and pages == {(pen.page, pen.by.pk if pen.by else None)}


def take(
    row: LiveText,
    text: str,
    version: int,
    *,
    by: User | None,
    now: datetime,
    page: str = "",
) -> LiveTextVersion | None:
    """Write the text if the row still has this version; None where it has not."""
    sheet = LiveSheet.objects.filter(pk=row.sheet_id)
    number = sheet.values_list("version", flat=True).get() + 1
    changed = LiveText.objects.filter(pk=row.pk, version=version).update(
        text=text,
        version=version + 1,
        changed_in=number,
        changed_at=now,
        changed_by=by,
        removed_at=None,
    )
    if not changed:
        return None
    sheet.update(version=number)
    return LiveTextVersion.objects.create(
        row=row, version=version + 1, text=text, page=page, by=by, at=now
    )


def keep_aside(row: LiveText, text: str, version: int, pen: Pen) -> LiveTextVersion:
    """Keep a text that came late: it can still be read when the page is gone."""
    known = row.versions.filter(is_aside=True, text=text, by=pen.by, version=version)
    return known.first() or LiveTextVersion.objects.create(
        row=row, version=version, text=text, is_aside=True, by=pen.by, at=pen.now
    )


def tell_history(taken: LiveTextVersion, pen: Pen) -> None:
    """Tell the history who changed which field, a quarter of an hour at most."""
    row = taken.row
    told = row.versions.filter(is_told=True, by=pen.by).aggregate(last=Max("at"))
    if not is_told_again(told["last"], pen.now):
        return
    LiveTextVersion.objects.filter(pk=taken.pk).update(is_told=True)
    record_part(label_of(row), pen)


def record_part(label: str, pen: Pen, verb: str = "text-changed") -> None:
    """Write into the history which part of the record somebody changed."""
    record(
        verb,
        by=pen.by,
        subject=pen.owner.subject,
        engagement=pen.owner.engagement,
        changes={"part": [None, label]},
        now=pen.now,
    )


def label_of(row: LiveText) -> str:
    """Return what the text is called on the page."""
    spec = sheet_kind(row.sheet.kind).spec_of_row(row)
    label = str(spec.label) if spec else row.key
    return f"{label} {row.card}" if row.card else label


def announce(sheet: LiveSheet, pen: Pen) -> None:
    """Tell the places below that something on the sheet has changed."""
    reactions.publish(SheetChanged(sheet=sheet, by=pen.by, now=pen.now))


@transaction.atomic
def add_card(sheet: LiveSheet, group: CardGroup, *, pen: Pen) -> list[LiveText]:
    """Add an empty card to a group; raises RuleRefused when there are too many."""
    rows = make_card(sheet, group)
    announce(rows[0].sheet, pen)
    return rows


def make_card(sheet: LiveSheet, group: CardGroup) -> list[LiveText]:
    """Make the rows of a card, which nobody has been told of yet; raises RuleRefused.

    Inside the caller's transaction.
    """
    sheet = lock_sheet(sheet.pk)
    cards = LiveText.objects.filter(sheet=sheet, group=group.key)
    standing = cards.standing().values("card").distinct().count()
    reasons = reasons_against_card(standing)
    if reasons:
        raise RuleRefused(reasons)
    number = (cards.aggregate(last=Max("card"))["last"] or 0) + 1
    sheet.version += 1
    sheet.save(update_fields=["version"])
    rows = [new_part(sheet, group, number, part.key) for part in group.parts]
    LiveText.objects.bulk_create(rows)
    return rows


def new_part(sheet: LiveSheet, group: CardGroup, number: int, part: str) -> LiveText:
    """Return the row of one part of a new card (not saved)."""
    return LiveText(
        sheet=sheet,
        key=f"{group.key}-{number}-{part}",
        group=group.key,
        card=number,
        part=part,
        order=sheet_kind(sheet.kind).order_of(group.key),
        changed_in=sheet.version,
    )


@transaction.atomic
def remove_card(
    sheet: LiveSheet, group: CardGroup, number: int, seen: int, *, pen: Pen
) -> None:
    """Take a card away unless it changed since it was seen; its texts are kept.

    `seen` is the sum of its versions. Raises RuleRefused.
    """
    sheet = lock_sheet(sheet.pk)
    cards = LiveText.objects.filter(sheet=sheet, group=group.key, card=number)
    rows = list(cards.standing().select_related("changed_by").order_by("changed_at"))
    reasons = reasons_against_removing(rows, seen) if rows else []
    if reasons:
        raise RuleRefused(reasons)
    change_cards(sheet, [row.pk for row in rows], pen.now, pen)
    if rows and any(row.text for row in rows):
        record_part(f"{group.title} {number}", pen, "text-removed")


@transaction.atomic
def restore_card(sheet: LiveSheet, group: CardGroup, number: int, *, pen: Pen) -> None:
    """Bring a card back that was taken away, with its texts."""
    sheet = lock_sheet(sheet.pk)
    cards = LiveText.objects.filter(sheet=sheet, group=group.key, card=number)
    gone = list(cards.filter(removed_at__isnull=False).values_list("pk", flat=True))
    change_cards(sheet, gone, None, pen)


def change_cards(
    sheet: LiveSheet, rows: list[int], removed_at: datetime | None, pen: Pen
) -> None:
    """Mark the rows as taken away, or as standing again, and let the pages know."""
    if not rows:
        return
    sheet.version += 1
    sheet.save(update_fields=["version"])
    LiveText.objects.filter(pk__in=rows).update(
        removed_at=removed_at, changed_in=sheet.version
    )
    announce(sheet, pen)


@transaction.atomic
def note_writing(row: LiveText, *, by: User, now: datetime) -> None:
    """Note that somebody has the text under the pen, so that others can see it."""
    recent = now - WRITING / 2
    if LiveEditor.objects.filter(row=row, person=by, seen_at__gt=recent).exists():
        return
    LiveEditor.objects.update_or_create(row=row, person=by, defaults={"seen_at": now})
    LiveSheet.objects.filter(pk=row.sheet_id).update(version=F("version") + 1)
