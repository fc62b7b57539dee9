"""What is known of the lab code of a class (R-12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from psdelivery.people.addresses import address_of
from psdelivery.people.register import portal_settings
from psdelivery.registry import Reason
from training.choices import CodeState, ExtensionState
from training.models import Delivery, LabCode, LabExtension
from training.rules.labs import (
    CodeWindow,
    LabTerms,
    code_state,
    code_window,
    is_enough,
    lab_warnings,
    newest_grant,
    reasons_against_giving,
)
from training.rules.times import SessionTimes

CODE_DAYS = "labs.code_days"
SUBMISSION_DAYS = "certification.submission_days"
REVIEW_DAYS = "labs.review_days"


@dataclass(frozen=True)
class LabSituation:
    """The labs of a class: its window, its code, and what was asked for it.

    `window` is None for a class without sessions, or without labs. `code` is the one
    that was not retired; `extensions` have the newest first.
    """

    delivery: Delivery
    window: CodeWindow | None
    code: LabCode | None
    extensions: Sequence[LabExtension]

    @property
    def asked(self) -> LabExtension | None:
        """The extension that waits for an answer."""
        waiting = (e for e in self.extensions if e.state == ExtensionState.ASKED)
        return next(waiting, None)

    @property
    def warnings(self) -> list[Reason]:
        """R-12: why an extension is due; empty where one code is enough."""
        return lab_warnings(self.window) if self.window else []

    @property
    def expires_at(self) -> datetime | None:
        return self.code.expires_at if self.code else None

    def state(self, now: datetime) -> CodeState | None:
        """R-12: say how it stands with the code; None without labs."""
        if self.window is None:
            return None
        window = self.window
        return code_state(
            self.expires_at, opens=window.opens, last_end=window.last_end, now=now
        )

    def has_enough(self, now: datetime) -> bool:
        """Tell whether nobody need generate another code for the class."""
        if self.window is None or self.code is None:
            return False
        return is_enough(
            self.code.generated_at,
            self.code.expires_at,
            self.window,
            is_asked=bool(self.extensions),
            now=now,
        )

    def against_giving(self, now: datetime) -> list[Reason]:
        """R-12: return what stands against handing the code out."""
        if self.window is None:
            return []
        return reasons_against_giving(self.expires_at, self.window, now=now)


def lab_terms() -> LabTerms:
    """Return how long codes live, as the settings say."""
    settings = portal_settings()
    return LabTerms(
        code_days=settings[CODE_DAYS],
        submission_days=settings[SUBMISSION_DAYS],
        review_days=settings[REVIEW_DAYS],
    )


def lab_situation(
    delivery: Delivery, times: Sequence[SessionTimes] | None = None
) -> LabSituation:
    """Return how it stands with the labs of a class: two queries.

    `times` are its sessions as they will be; those of the class where none are given.
    """
    code = delivery.lab_codes.filter(retired_at=None).select_related("generated_by")
    return situation_with(code.first(), delivery, times)


def situation_with(
    code: LabCode | None,
    delivery: Delivery,
    times: Sequence[SessionTimes] | None = None,
) -> LabSituation:
    """Return the same where the code in use was read already: one query."""
    extensions = list(delivery.lab_extensions.select_related("asked_by", "decided_by"))
    given = times_of_class(delivery) if times is None else times
    return situation_of(delivery, given, code, extensions)


def with_code(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Return classes with the code in use, for `code_read_with`."""
    in_use = FilteredRelation("lab_codes", condition=Q(lab_codes__retired_at=None))
    rows: QuerySet[Any] = deliveries.annotate(code_in_use=in_use)
    return rows.select_related("code_in_use__generated_by")


def code_read_with(delivery: Delivery) -> LabCode | None:
    """Return the code in use of a class that was read by means of `with_code`."""
    # Where there is none, the relation leaves nothing behind.
    return getattr(delivery, "code_in_use", None)


def situation_of(
    delivery: Delivery,
    times: Sequence[SessionTimes],
    code: LabCode | None,
    extensions: Sequence[LabExtension],
    *,
    terms: LabTerms | None = None,
) -> LabSituation:
    """Put together what is known of the labs of a class.

    No query where the terms are given: of many classes they are read once.
    """
    window = planned_window(
        times,
        with_labs=delivery.with_labs,
        with_certification=delivery.with_certification,
        granted_until=granted_until(extensions),
        terms=terms,
    )
    return LabSituation(delivery, window, code, extensions)


def planned_window(
    times: Sequence[SessionTimes],
    *,
    with_labs: bool,
    with_certification: bool,
    granted_until: datetime | None = None,
    terms: LabTerms | None = None,
) -> CodeWindow | None:
    """R-12: return the window of a class that may not be saved yet.

    None without labs, and while there are no sessions.
    """
    if not (with_labs and times):
        return None
    return code_window(
        times,
        with_certification=with_certification,
        terms=terms or lab_terms(),
        granted_until=granted_until,
    )


def warnings_of_plan(
    times: Sequence[SessionTimes], *, with_labs: bool, with_certification: bool
) -> list[Reason]:
    """R-12: say of dates that are being entered that no single code is enough."""
    window = planned_window(
        times, with_labs=with_labs, with_certification=with_certification
    )
    return lab_warnings(window) if window else []


def granted_until(extensions: Iterable[LabExtension]) -> datetime | None:
    """Return until when the labs of a class were granted to live, by the last word."""
    return newest_grant(
        (extension.decided_at, extension.granted_until)
        for extension in extensions
        if extension.state == ExtensionState.GRANTED
        and extension.decided_at is not None
        and extension.granted_until is not None
    )


def labs_url(delivery: Delivery) -> str:
    """Return the address of the labs of a class."""
    return address_of("training:delivery-labs", delivery.pk)


def times_of_class(delivery: Delivery) -> list[SessionTimes]:
    """Return the times of the sessions of a class."""
    return [
        SessionTimes(session.starts_at, session.ends_at, session.zone)
        for session in delivery.sessions.all()
    ]
