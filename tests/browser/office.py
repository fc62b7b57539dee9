"""A small office for the browser tests: one person per role, and work in progress."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engagements.choices import Condition, Status
from engagements.comments import subject_of
from engagements.models import (
    Change,
    Engagement,
    Offering,
    Paper,
    SoldUnits,
    TeamMember,
    WorkAtRisk,
)
from engagements.services.assessment import save_assessment
from engagements.services.changes import request_change
from engagements.services.handoff_questions import ask_question
from engagements.services.intake import Intake, register_engagement
from engagements.services.status import move_status
from engagements.services.units import set_units
from psdelivery.comments.models import Comment
from psdelivery.comments.services import add_comment
from psdelivery.jobs.models import Job
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Contact, PersonSkill, Skill, TimeOff, User
from psdelivery.playbooks.choices import EvidenceWanted, Repeat
from psdelivery.playbooks.models import Move, PlaybookStep, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.editing import (
    note_draft,
    publish_draft,
    start_draft,
)
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves
from psdelivery.playbooks.services.steps import complete_step
from tests.browser.planning import Planning, planning_of
from tests.cast import Cast, make_cast
from tests.factories.engagements import meet, with_value
from tests.factories.handoff import hand_over
from tests.factories.jobs import JobFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PersonSkillFactory,
    SkillFactory,
    TimeOffFactory,
    UserFactory,
)
from tests.factories.training import (
    WHY,
    CourseFactory,
    FormImportFactory,
    LabCodeFactory,
    LabExtensionFactory,
    SessionFactory,
    give_rubric,
    local,
    make_engagement,
    plan_class,
    submit,
)
from training.models import (
    Delivery,
    LabCode,
    LabExtension,
    Submission,
    TrainerCertification,
)
from training.services.certifications import add_certification
from training.services.deliveries import plan_delivery

# Wed 3 Mar 2027, 10:00 in Berlin.
NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
START = NOW - timedelta(days=30)
TEAM = {
    EngagementRole.PC: Role.COORDINATOR,
    EngagementRole.TC: Role.COORDINATOR,
    EngagementRole.PM: Role.PM,
    EngagementRole.EM: Role.EM,
    EngagementRole.PSE: Role.PSE,
    EngagementRole.TRAINER: Role.TRAINER,
    EngagementRole.SAL: Role.ACCOUNT,
    EngagementRole.FINANCE: Role.FINANCE,
}


@dataclass
class Office:
    """Who works here, and one of each thing they work on."""

    people: Cast
    contact: Contact
    active: Engagement
    fresh: Engagement
    closed: Engagement
    foreign: Engagement
    delivery: Delivery
    lab_code: LabCode
    lab_extension: LabExtension
    risk: WorkAtRisk
    moved: Move
    submission: Submission
    way: TrainerCertification
    offering: Offering
    message: Message
    draft: Message
    comment: Comment
    job: Job
    gone_person: User
    gone_contact: Contact
    draft_step: PlaybookStep
    change: Change
    time_off: TimeOff
    skill: PersonSkill
    planning: Planning

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    def step(self, key: str) -> Step:
        return Step.objects.filter(engagement=self.active, key=key).get()


def open_office() -> Office:
    """Everybody at work on a blended engagement that is Active, with a class today."""
    people = make_cast()
    contact = ContactFactory(customer=CustomerFactory(name="Acme"), name="Sheila Ward")
    active = at_work(engagement_of(people, contact, title="Roll-out"), people)
    delivery = class_of(people, active)
    FormImportFactory(
        delivery=delivery, uploaded_by=people[Role.COORDINATOR], uploaded_at=NOW
    )
    return Office(
        people=people,
        contact=contact,
        active=active,
        fresh=engagement_of(people, contact, title="Follow-up"),
        closed=closed(engagement_of(people, contact, title="Finished"), people),
        foreign=of_nobody(contact),
        delivery=delivery,
        **labs_of(active),
        risk=at_risk(active, people),
        submission=submit(
            delivery, at=NOW - timedelta(days=5), attendee_name="Ada Byron"
        ),
        way=add_certification(
            people[Role.TRAINER],
            delivery.course,
            by=people[Role.PRACTICE_MANAGER],
            now=NOW - timedelta(days=20),
        ),
        offering=active.offerings.get(),
        message=MessageFactory(failed=True, subject="Reminder", engagement=active),
        draft=prepare_draft(
            "registration-link", delivery, by=people[Role.COORDINATOR], now=NOW
        ),
        comment=add_comment(
            subject_of(active), "Ready?", by=people[Role.COORDINATOR], now=NOW
        ),
        job=JobFactory(by=people[Role.COORDINATOR], running=True),
        gone_person=UserFactory(is_active=False, roles=[Role.PSE]),
        gone_contact=ContactFactory(customer=contact.customer, is_active=False),
        draft_step=changed_playbooks(people),
        moved=moved_date(active, people),
        change=changed_scope(active, people),
        time_off=time_off_of(people),
        skill=skill_of(people),
        planning=planning_of(people, active, NOW),
    )


def labs_of(engagement: Engagement) -> dict[str, Any]:
    """A class of two weeks hence, with a code, and a request for a longer life."""
    starts = NOW + timedelta(days=14)
    session = SessionFactory(
        delivery__engagement=engagement,
        delivery__title="CI/CD with labs",
        starts_at=starts,
        ends_at=starts + timedelta(hours=4),
    )
    delivery = session.delivery
    return {
        "lab_code": LabCodeFactory(delivery=delivery, code="amber-7"),
        "lab_extension": LabExtensionFactory(delivery=delivery),
    }


def time_off_of(people: Cast) -> TimeOff:
    """Two weeks of the engineer, while the project manager stands in."""
    return TimeOffFactory(
        person=people[Role.PSE],
        deputy=people[Role.PM],
        starts_on=date(2027, 5, 3),
        ends_on=date(2027, 5, 14),
    )


def changed_scope(engagement: Engagement, people: Cast) -> Change:
    """A change order that waits, with an assessment and units beside it."""
    by = people[Role.PM]
    save_assessment(engagement, {"summary": "Move 200 people"}, by=by, now=START)
    set_units(engagement, [SoldUnits(kind="hour_block", sold=3)], by=by, now=START)
    change = Change(
        engagement=engagement,
        kind="scope",
        title="Two more teams",
        reason="They grew",
        hours=16,
        value=4000,
    )
    return request_change(change, by=by, now=NOW)


def skill_of(people: Cast) -> PersonSkill:
    """A confirmed skill of the engineer, among those that come with the portal."""
    return PersonSkillFactory(
        person=people[Role.PSE],
        skill=Skill.objects.first() or SkillFactory(),
        wants_to_grow=True,
        confirmed_by=people[Role.PRACTICE_MANAGER],
        confirmed_on=date(2027, 2, 1),
    )


def changed_playbooks(people: Cast) -> PlaybookStep:
    """A newer version of the playbook at work, and a draft of another one."""
    manager = people[Role.PRACTICE_MANAGER]
    newer = start_draft("blended", by=manager, now=NOW)
    newer.steps.filter(key="weekly-status").update(title="Send the weekly report")
    newer.steps.filter(key="recap").delete()
    note_draft(newer, "One report, no recap", title=newer.title, by=manager, now=NOW)
    publish_draft(newer, by=manager, now=NOW)
    draft = start_draft("consulting", by=people[Role.COORDINATOR], now=NOW)
    draft.steps.filter(key="welcome").update(title="Welcome them")
    return draft.steps.get(key="welcome")


def moved_date(engagement: Engagement, people: Cast) -> Move:
    """The discovery session was moved an hour ago."""
    by, at = people[Role.COORDINATOR], NOW - timedelta(hours=1)
    anchor = engagement.checklist.anchors.get(key="discovery")
    change = AnchorChange(anchor, date(2027, 3, 2))
    return apply_moves(
        [change],
        checklist=engagement.checklist,
        by=by,
        reason="Their expert was away",
        cause="customer",
        now=at,
    )


def engagement_of(people: Cast, contact: Contact, title: str) -> Engagement:
    """A registered engagement with the whole cast on its team."""
    coordinator = people[Role.COORDINATOR]
    engagement = Engagement(
        title=title,
        kind="blended",
        customer=contact.customer,
        main_contact=contact,
        region=coordinator.region,
        practice=coordinator.practice,
        wished_start=date(2027, 2, 22),
        planned_end=date(2027, 4, 30),
    )
    team = [TeamMember(role=role, person=people[who]) for role, who in TEAM.items()]
    sold = Offering.objects.filter(category="Education")[:1]
    intake = Intake(engagement, Paper(), offerings=sold, team=team)
    register_engagement(intake, by=coordinator, now=START)
    return with_value(engagement)


def of_nobody(contact: Contact) -> Engagement:
    """An engagement of another region and practice, with a class that is planned."""
    engagement = make_engagement(
        title="Elsewhere", customer=contact.customer, now=START
    )
    plan_class(engagement, now=START)
    return engagement


def at_work(engagement: Engagement, people: Cast) -> Engagement:
    """Gate, kickoff and discovery are behind it."""
    coordinator = people[Role.COORDINATOR]
    meet(engagement, *Condition, by=coordinator, now=START)
    for key, day in (("kickoff", date(2027, 2, 22)), ("discovery", date(2027, 3, 1))):
        set_anchor(engagement.checklist, key, day, by=coordinator, now=START)
    handoff = hand_over(engagement, by=coordinator, now=START)
    ask_question(handoff, "Which version?", None, by=people[Role.PM], now=START)
    early = Step.objects.open().filter(engagement=engagement, phase__lte=2)
    tick_all(early.exclude(key="handoff-growth"), people)
    Engagement.objects.filter(pk=engagement.pk).update(status=Status.ACTIVE)
    return Engagement.objects.get(pk=engagement.pk)


def at_risk(engagement: Engagement, people: Cast) -> WorkAtRisk:
    """Work at risk that was granted before the paper came, and is released."""
    return WorkAtRisk.objects.create(
        engagement=engagement,
        codes=[Condition.AGREEMENT],
        reason="The customer waits",
        hours_cap=40,
        expires_on=NOW.date(),
        state="granted",
        requested_by=people[Role.PM],
        requested_at=START,
        decided_by=people[Role.PRACTICE_MANAGER],
        decided_at=START,
        decided_on=START.date(),
        released_at=START,
    )


def closed(engagement: Engagement, people: Cast) -> Engagement:
    """Everything is done but the last step of finance."""
    meet(engagement, *Condition, by=people[Role.COORDINATOR], now=START)
    hand_over(engagement, by=people[Role.COORDINATOR], now=START)
    Engagement.objects.filter(pk=engagement.pk).update(status=Status.ACTIVE)
    open_steps = Step.objects.open().filter(engagement=engagement)
    tick_all(open_steps.exclude(key="revenue-released"), people)
    return move_status(engagement, Status.CLOSED, by=people[Role.PM], now=NOW)


def tick_all(steps, people: Cast) -> None:
    """Tick steps in their order, weekly ones once."""
    for step in steps.order_by("order", "pk"):
        completion = Completion(note="Done.", happened_on=NOW.date())
        Step.objects.filter(pk=step.pk).update(
            evidence_wanted=EvidenceWanted.NONE, repeat=Repeat.ONCE
        )
        complete_step(step, completion, by=people[Role.PM], now=NOW)


def class_of(people: Cast, engagement: Engagement) -> Delivery:
    """A class whose first session is today, 14:00 to 18:00 in Berlin."""
    course = CourseFactory(title="Git basics")
    give_rubric(course)
    delivery = Delivery(
        engagement=engagement,
        course=course,
        title="Git basics, spring",
        trainer=people[Role.TRAINER],
        with_certification=True,
    )
    days = (NOW.date(), NOW.date() + timedelta(days=1))
    sessions = [local(day, "14:00", "18:00", "Europe/Berlin") for day in days]
    return plan_delivery(
        delivery,
        [times.moments for times in sessions],
        reason=WHY,
        by=people[Role.COORDINATOR],
        now=START,
    )
