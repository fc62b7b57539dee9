"""To whom a mail goes where somebody chose it by hand: pure, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from psdelivery.outbox.rules.messages import (
    MAX_RECIPIENTS,
    is_address,
    normal_address,
)
from psdelivery.registry import Reason

_between = re.compile(r"[,;]")


@dataclass(frozen=True)
class Readers:
    """The addresses that a mail is written to, and those in copy."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()

    @classmethod
    def of(cls, to: Iterable[str], cc: Iterable[str] = ()) -> Readers:
        """Return addresses as they travel, each once, and none in both."""
        written = _each_once(to, [])
        return cls(tuple(written), tuple(_each_once(cc, written)))


def _each_once(addresses: Iterable[str], known: Iterable[str]) -> list[str]:
    seen = {address.lower() for address in known}
    found = []
    for address in map(normal_address, addresses):
        if address.lower() not in seen:
            seen.add(address.lower())
            found.append(address)
    return found


def addresses_in(typed: str) -> list[str]:
    """Return the addresses of a line, with commas or semicolons between them."""
    return [one.strip() for one in _between.split(typed) if one.strip()]


def reasons_against_readers(
    readers: Readers, *, are_fixed: bool = False
) -> list[Reason]:
    """Refuse a mail to nobody, to too many, or to what is no address.

    The code names the field. `are_fixed`: such a mail is nobody else's.
    """
    if are_fixed:
        sentence = _("This mail goes to nobody but the one whom it is about.")
        return [Reason("fixed", sentence)]
    reasons = [
        *_reasons_of_wrong("to", readers.to),
        *_reasons_of_wrong("cc", readers.cc),
    ]
    if not readers.to:
        reasons.append(Reason("to", _("A mail needs at least one recipient.")))
    if len(readers.to) + len(readers.cc) > MAX_RECIPIENTS:
        sentence = _("A mail goes to at most %(most)d addresses.")
        reasons.append(Reason("to", sentence % {"most": MAX_RECIPIENTS}))
    return reasons


def _reasons_of_wrong(field: str, addresses: Iterable[str]) -> list[Reason]:
    wrong = [address for address in addresses if not is_address(address)]
    if not wrong:
        return []
    sentence = _("Not an e-mail address: %(addresses)s.")
    return [Reason(field, sentence % {"addresses": ", ".join(wrong)})]
