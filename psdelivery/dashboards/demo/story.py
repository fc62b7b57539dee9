"""One demo engagement, told through the portal's own services from its first day.

Every write has the moment at which it would have happened, so that histories,
deadlines and lateness are those of real engagements.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from engagements.choices import (
    BillingTerms,
    ForecastCategory,
    Kind,
    PaperKind,
)
from engagements.models import Engagement, Offering, Paper, TeamMember
from engagements.services.intake import Intake, register_engagement
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.people import Cast
from psdelivery.dashboards.demo.slots import Mood, Slot
from psdelivery.dashboards.demo.timeline import Ruler, Timeline, draw_timeline
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Customer, User
from training.models import Course

HOUR = timedelta(hours=1)
OFFICES: dict[str, Role] = {
    EngagementRole.PC: Role.COORDINATOR,
    EngagementRole.EM: Role.EM,
    EngagementRole.SAL: Role.ACCOUNT,
    EngagementRole.CSM: Role.ACCOUNT,
    EngagementRole.FINANCE: Role.FINANCE,
}


@dataclass(frozen=True)
class Stage:
    """What all stories share: the people and the catalogue."""

    cast: Cast
    offerings: dict[str, Offering]
    courses: list[Course]
    now: datetime


@dataclass
class Story:
    """What the tellers of a story share."""

    stage: Stage
    slot: Slot
    random: Random
    timeline: Timeline
    engagement: Engagement
    team: dict[str, User] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.stage.now

    def at(self, mark: str, hour: int = 10) -> datetime:
        return self.timeline.at(mark, hour)

    def has(self, mark: str) -> bool:
        return self.timeline.has(mark)

    @property
    def coordinator(self) -> User:
        return self.team[EngagementRole.PC]

    @property
    def lead(self) -> User:
        return self.team.get(EngagementRole.PM, self.coordinator)

    def pick(self, role: Role) -> User:
        """Choose who holds an office: the demo log-in where the slot says so."""
        if role in self.slot.ours:
            return self.stage.cast.by_role[role][0]
        staff = self.stage.cast.staff_of(role, self.engagement.region)
        return self.random.choice(staff)

    def day_of(self, moment: datetime) -> date:
        """Return the customer's day at that moment."""
        return moment.astimezone(ZoneInfo(self.engagement.customer.zone)).date()


def begin(stage: Stage, slot: Slot, number: int, random: Random) -> Story:
    """Choose customer, product and people, and register the engagement."""
    timeline = draw_timeline(slot, Ruler(stage.now, random))
    customer = customer_of(stage, slot, number)
    title, offerings = product_of(stage, slot, random)
    engagement = engagement_of(stage, slot, customer, timeline)
    engagement.title = title
    story = Story(stage, slot, random, timeline, engagement)
    paper = paper_of(story, offerings)
    team = first_team(story)
    register_engagement(
        Intake(engagement, paper, offerings, team),
        by=story.coordinator,
        now=story.at("registered"),
    )
    return story


def customer_of(stage: Stage, slot: Slot, number: int) -> Customer:
    """Take the customers in turn; those of the demo log-ins are near them.

    The class in Sydney shows two clocks side by side.
    """
    homes = stage.cast.homes
    if slot.mood == Mood.LINK_SOON:
        return next(c for c in homes if c.zone == "Australia/Sydney")
    if slot.ours:
        homes = [home for home in homes if home.country in {"DE", "AT", "CH", "NL"}]
    return homes[number % len(homes)]


def product_of(stage: Stage, slot: Slot, random: Random) -> tuple[str, list[Offering]]:
    """Return what was sold; a class to be reviewed has a certification."""
    products = names.PRODUCTS[slot.kind]
    if slot.mood in {Mood.CLASS_NOW, Mood.REVIEWS, Mood.SHORT_NOTICE}:
        products = products[:4]
    title, keys = random.choice(products)
    found = [stage.offerings[key] for key in keys if key in stage.offerings]
    return title, found or list(stage.offerings.values())[:1]


def engagement_of(
    stage: Stage, slot: Slot, customer: Customer, timeline: Timeline
) -> Engagement:
    """Return the engagement as the intake knows it (not saved)."""
    random, cast = timeline.ruler.random, stage.cast
    number = random.randint(10**6, 10**7)
    contacts = cast.contacts[customer.pk]
    practices = cast.practices[:1] if slot.ours else cast.practices
    return Engagement(
        customer=customer,
        main_contact=random.choice(contacts),
        kind=slot.kind,
        region=cast.region_of(customer),
        practice=random.choice(practices),
        opportunity_url=f"https://crm.example/opportunity/{number}",
        opportunity_stage=random.randint(4, 6),
        forecast_category=ForecastCategory.COMMIT,
        wished_start=timeline.start,
        wished_start_latest=timeline.start + timedelta(days=14),
        planned_end=timeline.end,
        definition_url=f"https://drive.example/projects/{number}",
    )


def paper_of(story: Story, offerings: list[Offering]) -> Paper:
    """Return the paper that sells the engagement (not saved)."""
    random = story.random
    hours = sum(offering.role_hours.get("pse", 0) for offering in offerings)
    is_training = story.slot.kind == Kind.TRAINING
    terms = [BillingTerms.BY_MILESTONE, BillingTerms.HALF_HALF, BillingTerms.UPON_SOW]
    return Paper(
        kind=PaperKind.ORDER_FORM if is_training else PaperKind.SOW,
        value=Decimal(random.randint(8, 160) * 1000),
        currency=random.choice(["EUR", "USD", "USD", "AUD", "GBP"]),
        billing_terms=(
            BillingTerms.UPON_ORDER_FORM if is_training else random.choice(terms)
        ),
        hours=None if is_training else Decimal(hours or 40),
        units_sold="2 classes, 12 seats each" if is_training else "",
        use_by=(story.at("registered") + timedelta(days=365)).date(),
        passive_acceptance=random.random() < 0.5,
    )


def first_team(story: Story) -> list[TeamMember]:
    """Return who is known at the intake: the offices, and who is meant to deliver."""
    offices = dict(OFFICES)
    if story.slot.mood != Mood.BLOCKED:
        offices |= delivery_offices(story)
    story.team = {role: story.pick(office) for role, office in offices.items()}
    nobody = "None named for this account."
    return [
        *(TeamMember(role=role, person=who) for role, who in story.team.items()),
        TeamMember(role=EngagementRole.SA, none_reason=nobody),
    ]


def delivery_offices(story: Story) -> dict[str, Role]:
    """Return the delivery roles of the engagement's kind, and whom to draw from."""
    offices: dict[str, Role] = {}
    if story.slot.kind != Kind.TRAINING:
        offices |= {EngagementRole.PM: Role.PM, EngagementRole.PSE: Role.PSE}
    if story.engagement.has_training:
        offices[EngagementRole.TC] = Role.COORDINATOR
        offices[EngagementRole.TRAINER] = Role.TRAINER
    return offices
