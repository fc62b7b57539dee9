"""All lab codes on one screen: which classes, in which state, dying when (R-12)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from psdelivery.playbooks.models import Anchor
from psdelivery.registry import Reason
from training.choices import LAB_WINDOW, CodeState, DeliveryState
from training.labs_queries import lab_terms, situation_of
from training.models import Delivery, LabCode, LabExtension, Session
from training.queries import by_class, sessions_of, with_dates
from training.rules.labs import LabTerms, code_state
from training.rules.times import SessionTimes

PAST_CODES = "all"


@dataclass(frozen=True)
class CodeFilter:
    """What the list is asked for; empty words ask for everything."""

    text: str = ""
    state: str = ""
    extension: str = ""
    with_past: bool = False


@dataclass(frozen=True)
class CodeRow:
    """A class with labs as the list shows it; `code` is None for who may not know it.

    `opens` is when its code may be generated, None where no single code covers it.
    """

    delivery: Delivery
    state: CodeState
    expires_at: datetime | None
    opens: datetime | None
    first_start: datetime
    zone: str
    code: LabCode | None
    extension: LabExtension | None
    warnings: Sequence[Reason]


def with_codes(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    """Annotate dates, the code's `expires_at`, its `opens_at`, and `extension_state`.

    Classes without labs, without sessions, and those called off are left out.
    """
    codes = LabCode.objects.filter(delivery=OuterRef("pk"), retired_at=None).order_by()
    window = Anchor.objects.filter(checklist=OuterRef("checklist"), key=LAB_WINDOW)
    asked = LabExtension.objects.filter(delivery=OuterRef("pk"))
    newest = asked.order_by("-asked_at", "-pk")
    classes = deliveries.filter(with_labs=True).exclude(state=DeliveryState.CANCELLED)
    found: QuerySet[Any] = with_dates(classes).annotate(
        expires_at=Subquery(codes.values("expires_at")[:1]),
        opens_at=Subquery(window.order_by().values("moment")[:1]),
        extension_state=Subquery(newest.values("state")[:1]),
    )
    return found


def codes_matching(
    deliveries: QuerySet[Delivery], wanted: CodeFilter, *, now: datetime
) -> QuerySet[Any]:
    """Narrow classes to what the list was asked for."""
    found = with_codes(deliveries).filter(first_start__isnull=False)
    for word in wanted.text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(engagement__customer__name__icontains=word)
        )
    if wanted.state:
        found = found.filter(in_state(wanted.state, now))
    if wanted.extension:
        found = found.filter(extension_state=wanted.extension)
    return found if wanted.with_past else found.filter(of_interest(now))


def of_interest(now: datetime) -> Q:
    """Return the condition for classes that are not over, or whose code lives on."""
    to_come = Session.objects.filter(ends_at__gte=now).order_by()
    living = LabCode.objects.filter(retired_at=None, expires_at__gt=now).order_by()
    coming = Q(pk__in=to_come.values("delivery"))
    return coming | Q(pk__in=living.values("delivery"))


def in_state(state: str, now: datetime) -> Q:
    """R-12: return the condition for `rules.labs.code_state`, for many classes."""
    lives = Q(expires_at__gt=now)
    without = Q(expires_at__isnull=True)
    conditions = {
        CodeState.LIVING: lives & Q(expires_at__gte=F("last_end")),
        CodeState.SHORT: lives & Q(expires_at__lt=F("last_end")),
        CodeState.DEAD: Q(expires_at__lte=now),
        CodeState.DUE: without & Q(opens_at__lte=now),
        CodeState.COMING: without & Q(opens_at__gt=now),
        CodeState.UNCOVERED: without & Q(opens_at__isnull=True),
    }
    return conditions[CodeState(state)]


def code_rows(
    deliveries: Sequence[Any], *, readable: Collection[int], now: datetime
) -> list[CodeRow]:
    """Return rows for these classes; four queries however many there are.

    `readable` are the classes whose code the reader may know.
    """
    sessions = sessions_of(deliveries)
    codes = {code.delivery_id: code for code in codes_of(deliveries)}
    extensions = extensions_of(deliveries)
    terms = lab_terms()
    return [
        code_row(
            delivery,
            sessions.get(delivery.pk, []),
            codes.get(delivery.pk),
            extensions.get(delivery.pk, []),
            terms,
            is_readable=delivery.pk in readable,
            now=now,
        )
        for delivery in deliveries
    ]


def codes_of(deliveries: Iterable[Delivery]) -> QuerySet[LabCode]:
    """Return the codes in use of these classes (one query)."""
    codes = LabCode.objects.filter(delivery__in=list(deliveries), retired_at=None)
    return codes.select_related("generated_by")


def extensions_of(deliveries: Iterable[Delivery]) -> dict[int, list[LabExtension]]:
    """Return the extensions by class, the newest first (one query)."""
    return by_class(LabExtension.objects.filter(delivery__in=list(deliveries)))


def code_row(
    delivery: Any,
    sessions: Sequence[Session],
    code: LabCode | None,
    extensions: Sequence[LabExtension],
    terms: LabTerms,
    *,
    is_readable: bool,
    now: datetime,
) -> CodeRow:
    """Put together what is known of the labs of one class."""
    times = [SessionTimes(one.starts_at, one.ends_at, one.zone) for one in sessions]
    state = code_state(
        delivery.expires_at,
        opens=delivery.opens_at,
        last_end=delivery.last_end,
        now=now,
    )
    return CodeRow(
        delivery=delivery,
        state=state,
        expires_at=delivery.expires_at,
        opens=delivery.opens_at,
        first_start=delivery.first_start,
        zone=times[-1].zone,
        code=code if is_readable else None,
        extension=next(iter(extensions), None),
        warnings=situation_of(delivery, times, code, extensions, terms=terms).warnings,
    )
