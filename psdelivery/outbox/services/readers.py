"""Who gets a draft: as its kind says, or as somebody chose by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from psdelivery.history import services as history
from psdelivery.outbox.letters import Letter
from psdelivery.outbox.models import Message, Recipient
from psdelivery.outbox.rules.messages import normal_address
from psdelivery.outbox.rules.readers import Readers, reasons_against_readers
from psdelivery.people.models import Contact, User
from psdelivery.registry import refuse

if TYPE_CHECKING:
    from django.db.models import Model

# In the source of a draft: whom somebody chose by hand.
BY_HAND = "readers"


def usual_readers(letter: Letter) -> Readers:
    """Return to whom a mail of this kind goes by itself."""
    return Readers.of(letter.addressing.to, letter.addressing.cc)


def readers_by_hand(draft: Message) -> Readers | None:
    """Return whom somebody chose; None where it goes to whom it usually goes."""
    chosen = draft.source.get(BY_HAND)
    return Readers.of(chosen["to"], chosen["cc"]) if chosen else None


def present_readers(draft: Message) -> Readers:
    """Return who gets the draft as it stands."""
    return Readers.of(draft.to, draft.cc)


def choose_readers(
    draft: Message, letter: Letter, readers: Readers, *, by: User, now: datetime
) -> None:
    """Let a draft go to these people instead (not saved). Raises RuleRefused.

    Chosen as it usually goes, it follows again whoever that is. The history tells of
    people by number, and of an address that is nobody's that there was one.
    """
    before = present_readers(draft)
    if readers == before:
        return
    refuse(reasons_against_readers(readers, are_fixed=letter.kind.has_fixed_readers))
    others = {key: value for key, value in draft.source.items() if key != BY_HAND}
    if readers == usual_readers(letter):
        draft.source = others
    else:
        draft.source = others | {
            BY_HAND: {"to": list(readers.to), "cc": list(readers.cc)}
        }
    people = people_at([*before.to, *before.cc, *readers.to, *readers.cc])
    changes = {
        "to": [told(before.to, people), told(readers.to, people)],
        "cc": [told(before.cc, people), told(readers.cc, people)],
    }
    history.record(
        "recipients-changed",
        by=by,
        subject=draft,
        engagement=draft.engagement,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
        now=now,
    )


def people_at(addresses: Iterable[str]) -> dict[str, Model]:
    """Return whose addresses these are, by address in small letters; two queries."""
    wanted = {address.lower() for address in addresses}
    found: dict[str, Model] = {}
    for model in (User, Contact):
        rows = model._default_manager.annotate(small=Lower("email"))
        found |= {row.email.lower(): row for row in rows.filter(small__in=wanted)}
    return found


def told(addresses: Iterable[str], people: dict[str, Model]) -> list[object]:
    """Return addresses as the history keeps them: people, or that it is another one."""
    return [people.get(one.lower()) or _("another address") for one in addresses]


def save_readers(draft: Message, letter: Letter) -> Message:
    """Address a draft as chosen, else as usual, and save it."""
    readers = readers_by_hand(draft) or usual_readers(letter)
    draft.to, draft.cc = list(readers.to), list(readers.cc)
    draft.reply_to = normal_address(letter.addressing.reply_to)
    draft.save()
    index_readers(draft)
    return draft


def index_readers(draft: Message) -> None:
    """Keep the addresses of a mail where "mail to me" is looked up."""
    Recipient.objects.filter(message=draft).delete()
    addresses = sorted({address.lower() for address in draft.recipients})
    Recipient.objects.bulk_create(
        Recipient(message=draft, address=address) for address in addresses
    )


def swap_reader(draft: Message, old: str, new: str) -> None:
    """Let one address take the place of another in a draft: copies, and answers."""
    chosen = readers_by_hand(draft)
    if chosen is not None:
        to, cc = _swapped(chosen.to, old, new), _swapped(chosen.cc, old, new)
        draft.source = {**draft.source, BY_HAND: {"to": to, "cc": cc}}
    draft.to = _swapped(draft.to, old, new)
    draft.cc = _swapped(draft.cc, old, new)
    if draft.reply_to.lower() == old.lower():
        draft.reply_to = normal_address(new)
    draft.save(update_fields=["source", "to", "cc", "reply_to"])
    index_readers(draft)


def _swapped(addresses: Iterable[str], old: str, new: str) -> list[str]:
    found = [new if one.lower() == old.lower() else one for one in addresses]
    return list(Readers.of(found).to)
