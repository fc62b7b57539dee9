"""Delivery kits of offerings, and what an engagement takes over from them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from engagements.execution.choices import KitItemKind
from engagements.execution.models import Deliverable, EngagementLink, KitItem
from engagements.execution.rules.kits import (
    KitLink,
    deliverables_to_take,
    links_to_take,
    reasons_without_kit,
)
from engagements.execution.services.plan import add_deliverable
from engagements.execution.services.plan_steps import PlanStep, tick
from engagements.models import Engagement, Offering
from engagements.services.gate import lock_engagement
from engagements.services.values import write_values
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse

DATA = Path(__file__).resolve().parents[1] / "data" / "kits.toml"


@dataclass(frozen=True)
class Taken:
    """What was taken over from a kit: how many deliverables, and how many links."""

    deliverables: int
    links: int


def kit_items_of(engagement: Engagement) -> list[KitItem]:
    """Return what the kits of the engagement's offerings contain (one query)."""
    found = KitItem.objects.filter(
        offering__in=engagement.offerings.all(), is_active=True
    )
    return list(found.order_by("offering", "order", "pk"))


def kit_links_of(engagement: Engagement, items: list[KitItem]) -> list[KitLink]:
    """Return the links of the kits: those of the catalogue, then those of items."""
    links = [
        KitLink(str(link["title"])[:160], link["url"])
        for offering in engagement.offerings.all()
        for link in offering.kit_links
    ]
    return links + [
        KitLink(item.title, item.url, item.kind, item.pk) for item in items if item.url
    ]


@transaction.atomic
def take_kit(engagement: Engagement, *, by: User, now: datetime) -> Taken:
    """Make deliverables and links of what the kits have; a second time adds nothing.

    Raises RuleRefused where there is no kit. "Open the delivery kit" is ticked.
    """
    lock_engagement(engagement)
    items = kit_items_of(engagement)
    offered = kit_links_of(engagement, items)
    refuse(reasons_without_kit(items, offered))
    known = Deliverable.objects.filter(engagement=engagement)
    new = deliverables_to_take(items, known)
    for item in new:
        values = {
            "title": item.title,
            "acceptance_criteria": item.acceptance_criteria,
            "kit_item": item,
        }
        add_deliverable(engagement, values, by=by, now=now)
    links = links_to_take(offered, EngagementLink.objects.filter(engagement=engagement))
    EngagementLink.objects.bulk_create(
        EngagementLink(
            engagement=engagement,
            kit_item_id=link.item,
            kind=link.kind,
            title=link.title,
            url=link.url,
            created_at=now,
        )
        for link in links
    )
    if new or links:
        record("kit-taken", by=by, subject=engagement, engagement=engagement, now=now)
    tick(engagement, PlanStep.KIT, Completion(), by=by, now=now)
    return Taken(len(new), len(links))


@transaction.atomic
def keep_link(
    engagement: Engagement, values: Mapping[str, Any], *, by: User, now: datetime
) -> EngagementLink:
    """Add a link to the engagement by hand."""
    link = EngagementLink.objects.create(
        engagement=engagement, created_at=now, **values
    )
    record("link-added", by=by, subject=link, engagement=engagement, now=now)
    return link


@transaction.atomic
def drop_link(link: EngagementLink, *, by: User, now: datetime) -> None:
    """Take a link off the engagement."""
    record("link-removed", by=by, subject=link, engagement=link.engagement, now=now)
    link.delete()


def add_item(
    offering: Offering, values: Mapping[str, Any], *, by: User, now: datetime
) -> KitItem:
    """Add something to the kit of an offering; RuleRefused for the same title."""
    with one_transaction():
        item = KitItem(offering=offering, edited_at=now, **values)
        item.save(force_insert=True)
        record("kit-item-added", by=by, subject=item, now=now)
        return item


def change_item(
    item: KitItem, values: Mapping[str, Any], *, by: User, now: datetime
) -> KitItem:
    """Change what the kit contains; from then on shipped data leaves it alone."""
    with one_transaction():
        rows = KitItem.objects.select_for_update(of=("self",))
        stored = rows.select_related("offering").get(pk=item.pk)
        changes = write_values(stored, values)
        if changes:
            stored.edited_at = now
            stored.save()
            record("kit-item-edited", by=by, subject=stored, changes=changes, now=now)
        return stored


@transaction.atomic
def load_kits() -> int:
    """Make or refresh the shipped kit items; return how many were written.

    Those that were edited in the portal are left alone, and so is a title that somebody
    has added there.
    """
    offerings = dict(Offering.objects.values_list("key", "pk"))
    present = {(one.offering_id, one.key): one for one in KitItem.objects.all()}
    titles = {(one.offering_id, one.title) for one in present.values()}
    written = 0
    for kit in tomllib.loads(DATA.read_text("utf-8"))["kit"]:
        wanted = [offerings[key] for key in kit["offerings"] if key in offerings]
        for offering in wanted:
            for order, entry in enumerate(kit["item"], 1):
                found = present.get((offering, entry["key"]))
                is_own = found is None and (offering, entry["title"]) in titles
                if is_own or (found is not None and found.edited_at is not None):
                    continue
                put_item(offering, entry, order)
                written += 1
    return written


def put_item(offering: int, entry: Mapping[str, Any], order: int) -> None:
    """Write a shipped item as the file has it."""
    KitItem.objects.update_or_create(
        offering_id=offering,
        key=entry["key"],
        defaults={
            "order": order,
            "kind": KitItemKind(entry["kind"]),
            "title": entry["title"],
            "url": entry.get("url", ""),
            "acceptance_criteria": entry.get("acceptance_criteria", "").strip(),
        },
    )
