"""Registration links: which are told together, and who registers where (R-11).

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# domain.md, section 5 (5): links due within three days are offered as one mail.
TOGETHER = timedelta(days=3)


@dataclass(frozen=True)
class DueLink:
    """A registration link that is to be mailed: of which class, to whom, by when."""

    delivery_id: int
    customer_id: int
    contact_id: int | None
    due_at: datetime


def told_together(link: DueLink, others: Iterable[DueLink]) -> list[DueLink]:
    """R-11: return the links that go into one mail with this one, itself included.

    Those of the same main contact that are due at most three days before or after it.
    """
    return sorted(
        (
            other
            for other in {link, *others}
            if (other.customer_id, other.contact_id)
            == (link.customer_id, link.contact_id)
            and abs(other.due_at - link.due_at) <= TOGETHER
        ),
        key=lambda one: (one.due_at, one.delivery_id),
    )
