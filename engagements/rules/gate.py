"""The resource gate: what must be on file before anybody is booked hard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import Blocks, Condition, ForecastCategory
from engagements.models import Engagement, GateCondition
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
    """A condition as it stands: met or not, and since when somebody waits for it."""

    spec: ConditionSpec
    is_met: bool
    waiting_since: datetime
    fix_url: str

    @property
    def code(self) -> str:
        return self.spec.code.value

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
        """Return the conditions of a group that are still missing."""
        return [
            state
            for state in self.conditions
            if state.spec.blocks == blocks and not state.is_met
        ]

    @property
    def is_open(self) -> bool:
        return not reasons_against_hard_booking(self)


def gate_of(states: Iterable[ConditionState]) -> Gate:
    """Return the gate with its conditions in the order of the specification."""
    order = {spec.code.value: place for place, spec in enumerate(SPECS)}
    return Gate(tuple(sorted(states, key=lambda state: order[state.code])))


def reasons_against_hard_booking(gate: Gate) -> list[Reason]:
    """R-2: nobody is booked hard and no date is promised before the gate is open.

    Blocking are the customer's signature and the billing terms (domain.md, section 1;
    process, Resource Assignment). A gate without conditions, that of an internal
    engagement, is open.
    """
    return [state.reason for state in gate.unmet(Blocks.HARD_BOOKING)]


def reasons_against_first_day(gate: Gate) -> list[Reason]:
    """R-2: before the first delivery day also closed-won, MSA/PSA, countersignature."""
    return [
        *reasons_against_hard_booking(gate),
        *[state.reason for state in gate.unmet(Blocks.FIRST_DAY)],
    ]


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
