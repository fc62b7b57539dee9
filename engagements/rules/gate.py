"""The resource gate: what must be on file before anybody is booked hard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import Blocks, Booking, Condition, ForecastCategory
from engagements.models import (
    Engagement,
    GateCondition,
    TeamMember,
    WorkAtRisk,
)
from psdelivery.documents.models import Document
from psdelivery.registry import Reason


@dataclass(frozen=True)
class ConditionSpec:
    """What a condition blocks, who can supply it, and what is missing without it."""

    code: Condition
    blocks: Blocks
    supplier: str | Promise
    missing: str | Promise
    wants_evidence: bool = True


SPECS: tuple[ConditionSpec, ...] = (
    ConditionSpec(
        Condition.CUSTOMER_SIGNATURE,
        Blocks.HARD_BOOKING,
        gettext_lazy("account team (SAL/AE)"),
        gettext_lazy("The customer's signature is not on file."),
    ),
    ConditionSpec(
        Condition.BILLING_TERMS,
        Blocks.HARD_BOOKING,
        gettext_lazy("engagement manager"),
        gettext_lazy("The billing terms are not set."),
        wants_evidence=False,
    ),
    ConditionSpec(
        Condition.CLOSED_WON,
        Blocks.FIRST_DAY,
        gettext_lazy("account team (SAL/AE)"),
        gettext_lazy("Closed-won is not recorded."),
    ),
    ConditionSpec(
        Condition.AGREEMENT,
        Blocks.FIRST_DAY,
        gettext_lazy("account team (SAL/AE)"),
        gettext_lazy("The MSA/PSA is not on file."),
    ),
    ConditionSpec(
        Condition.COUNTERSIGNATURE,
        Blocks.FIRST_DAY,
        gettext_lazy("PS leadership"),
        gettext_lazy("The countersignature is not on file."),
    ),
    ConditionSpec(
        Condition.QUOTE,
        Blocks.NOTHING,
        gettext_lazy("account team (SAL/AE)"),
        gettext_lazy("There is no quote yet."),
        wants_evidence=False,
    ),
    ConditionSpec(
        Condition.FORECAST,
        Blocks.NOTHING,
        gettext_lazy("account team (SAL/AE)"),
        gettext_lazy("The forecast is not Commit."),
        wants_evidence=False,
    ),
    ConditionSpec(
        Condition.SKILLS,
        Blocks.NOTHING,
        gettext_lazy("engagement manager"),
        gettext_lazy("The skills needed are not named."),
        wants_evidence=False,
    ),
)
SPEC_BY_CODE = {spec.code.value: spec for spec in SPECS}
FORECAST_IS_SURE = frozenset({ForecastCategory.COMMIT, ForecastCategory.CLOSED})


@dataclass(frozen=True)
class ConditionState:
    """A condition as it stands: met, waived or missing, and since when it waits.

    `waiver` is the newest work at risk (R-3) that names it, `is_waived` whether that
    one runs today.
    """

    spec: ConditionSpec
    is_met: bool
    waiting_since: datetime
    fix_url: str
    waiver: WorkAtRisk | None = None
    is_waived: bool = False

    @property
    def code(self) -> str:
        return self.spec.code.value

    @property
    def is_settled(self) -> bool:
        """Whether it stands in nobody's way: met, or waived for the time being."""
        return self.is_met or self.is_waived

    @property
    def relied_on(self) -> WorkAtRisk | None:
        """Return the waiver that stands in for it today."""
        return self.waiver if self.is_waived and not self.is_met else None

    @property
    def lapsed(self) -> WorkAtRisk | None:
        """Return the waiver that stood in for it and is over."""
        return None if self.is_settled else self.waiver

    @property
    def reason(self) -> Reason:
        sentence = _("%(missing)s It comes from: %(supplier)s.") % {
            "missing": self.spec.missing,
            "supplier": self.spec.supplier,
        }
        return Reason(self.code, sentence, self.fix_url, _("Record it"))


@dataclass(frozen=True)
class Gate:
    conditions: tuple[ConditionState, ...]

    def unmet(self, blocks: Blocks) -> list[ConditionState]:
        """Return the conditions of a group that are still missing, waived ones not."""
        return [
            state
            for state in self.conditions
            if state.spec.blocks == blocks and not state.is_settled
        ]

    def state_of(self, code: str) -> ConditionState | None:
        """Return a condition by its code; None on a gate without it."""
        found = (state for state in self.conditions if state.code == code)
        return next(found, None)

    @property
    def is_open(self) -> bool:
        return not reasons_against_hard_booking(self)

    @property
    def before_first_day(self) -> list[ConditionState]:
        """R-2: return what is still missing before the first delivery day."""
        return self.unmet(Blocks.FIRST_DAY)

    @property
    def running(self) -> list[WorkAtRisk]:
        """R-3: return the waivers that stand in for a condition today."""
        return each_once(state.relied_on for state in self.conditions)

    @property
    def lapsed(self) -> list[WorkAtRisk]:
        """R-3: return the waivers that are over while a condition is still missing."""
        return each_once(state.lapsed for state in self.conditions)


def each_once(waivers: Iterable[WorkAtRisk | None]) -> list[WorkAtRisk]:
    """Return the waivers in their order, each once."""
    return list(dict.fromkeys(one for one in waivers if one is not None))


def gate_of(states: Iterable[ConditionState]) -> Gate:
    """Return the gate with its conditions in the order of the specification."""
    order = {spec.code.value: place for place, spec in enumerate(SPECS)}
    return Gate(tuple(sorted(states, key=lambda state: order[state.code])))


def reasons_against_hard_booking(gate: Gate) -> list[Reason]:
    """R-2: nobody is booked hard and no date is promised before the gate is open.

    Blocking are the customer's signature and the billing terms (domain.md, section 1;
    process, Resource Assignment); each is met, or waived by work at risk (R-3). A
    gate without conditions, that of an internal engagement, is open.
    """
    return [state.reason for state in gate.unmet(Blocks.HARD_BOOKING)]


def reasons_against_first_day(gate: Gate) -> list[Reason]:
    """R-2: before the first delivery day also closed-won, MSA/PSA, countersignature."""
    return [*reasons_against_hard_booking(gate), *reasons_before_first_day(gate)]


def reasons_before_first_day(gate: Gate) -> list[Reason]:
    """R-2: the second group alone: what is asked for once the work begins."""
    return [state.reason for state in gate.unmet(Blocks.FIRST_DAY)]


def begins_work(member: TeamMember, stored: TeamMember | None, *, today: date) -> bool:
    """R-2: tell whether saving the member says that somebody booked hard has begun.

    `today` is the customer's day. A first day to come is asked for when it comes: at
    the move to Active, and by the mark on the team.
    """
    if member.booking != Booking.HARD or not has_begun(member, today=today):
        return False
    if stored is None or stored.booking != Booking.HARD:
        return True
    return stored.first_day != member.first_day


def has_begun(member: TeamMember, *, today: date) -> bool:
    """Tell whether the member's first day has come."""
    return member.first_day is not None and member.first_day <= today


def reasons_against_soft_booking(
    engagement: Engagement, *, from_stage: int = 5
) -> list[Reason]:
    """R-2: soft holds only from opportunity stage *5* and forecast Commit.

    Work that is closed-won has passed both, whatever the intake still says; internal
    work has no opportunity.
    """
    is_won = engagement.closed_won_at is not None
    is_sure = engagement.forecast_category in FORECAST_IS_SURE
    if not engagement.has_gate or is_won:
        return []
    if is_sure and (engagement.opportunity_stage or 0) >= from_stage:
        return []
    sentence = _(
        "Soft holds start at opportunity stage %(stage)s with forecast Commit."
    ) % {"stage": from_stage}
    url = f"{engagement.get_absolute_url()}edit/"
    return [Reason("stage", sentence, url, _("Edit the intake"))]


def may_book_hard(gate: Gate) -> bool:
    """R-2 as a yes or no."""
    return not reasons_against_hard_booking(gate)


@dataclass(frozen=True)
class Evidence:
    """When a condition came true, and what proves it.

    `happened_at` is the moment (UTC) of closed-won, which starts the welcome clock
    (R-4); the other conditions have a day.
    """

    met_on: date
    document: Document | None = None
    note: str = ""
    happened_at: datetime | None = None


def reasons_against_evidence(
    code: str, evidence: Evidence, *, today: date, now: datetime
) -> list[Reason]:
    """R-2: return what the evidence of a condition lacks.

    `today` is the customer's day. Closed-won wants its moment, which starts R-4.
    """
    reasons = []
    if SPEC_BY_CODE[code].wants_evidence and evidence.document is None:
        reasons.append(
            Reason("evidence-missing", _("Add the evidence: a link or a file."))
        )
    if code == Condition.CLOSED_WON and evidence.happened_at is None:
        reasons.append(Reason("moment-missing", _("Say when it was won.")))
    if evidence.met_on > today or (evidence.happened_at or now) > now:
        reasons.append(Reason("in-the-future", _("This lies in the future.")))
    return reasons


def reasons_against_withdrawing(condition: GateCondition, reason: str) -> list[Reason]:
    """R-2: what was recorded is withdrawn with a reason only."""
    if not condition.is_met:
        return [Reason("not-met", _("There is nothing on file to withdraw."))]
    if not reason.strip():
        return [Reason("reason-missing", _("Say why it is withdrawn."))]
    return []
