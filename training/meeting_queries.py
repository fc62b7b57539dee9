"""Which meeting accounts are free at the times of a class (R-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from scheduling.models import HostAccount, OccupiedTime
from scheduling.rules.times import Blocked, Slot
from scheduling.services.times import near, rows_of, with_room
from training.models import Delivery, Session
from training.rules.times import SessionTimes, span_words
from training.services.times import source_of, takers_of


@dataclass(frozen=True)
class HostRow:
    """An account, and what it is taken by at the times of the class."""

    host: HostAccount
    taken: list[OccupiedTime]
    is_chosen: bool

    @property
    def is_free(self) -> bool:
        return not self.taken

    @property
    def words(self) -> str:
        """Whether it is free, in a word or two."""
        return _("free at these times") if self.is_free else _("taken")

    def taken_words(self, zone: str) -> str:
        """Say what takes the account, and when, on the clock of the class."""
        sentence = _("%(host)s is taken: %(what)s.")
        times = [(r, SessionTimes(r.starts_at, r.ends_at, zone)) for r in self.taken]
        told = [f"“{row.title}”, {span_words(when)}" for row, when in times]
        return sentence % {"host": self.host, "what": "; ".join(told)}


def host_rows(
    delivery: Delivery, sessions: Sequence[Session], *, now: datetime
) -> list[HostRow]:
    """R-22: return the accounts, those that are free first (two queries).

    Over what is over by now nobody has to decide any more.
    """
    present = Q(is_active=True) | Q(pk=delivery.host_id)
    hosts = list(HostAccount.objects.filter(present).order_by("name"))
    slots = [Slot(one.starts_at, one.ends_at) for one in sessions if one.ends_at > now]
    wanted = with_room(slots, takers_of(delivery))
    own = rows_of(source_of(delivery))
    others = OccupiedTime.objects.filter(host__in=hosts).exclude(
        pk__in=own.values("pk")
    )
    taken = list(near(others, wanted))
    rows = [
        HostRow(
            host,
            [row for row in taken if row.host_id == host.pk and overlaps(row, wanted)],
            host.pk == delivery.host_id,
        )
        for host in hosts
    ]
    return sorted(rows, key=lambda row: (not row.is_free, row.host.name))


def overlaps(row: OccupiedTime, wanted: Sequence[Blocked]) -> bool:
    """Tell whether what is taken lies in the way."""
    return any(one.overlaps(row.blocked_from, row.blocked_to) for one in wanted)
