"""A small portal with one of everything, for whoever types nonsense into it."""

from dataclasses import dataclass
from datetime import date, timedelta

from engagements.choices import Condition
from engagements.comments import subject_of
from engagements.handoff import OUTCOMES
from engagements.models import (
    Change,
    Engagement,
    HandoffQuestion,
    Offering,
    Paper,
    TeamMember,
    WorkAtRisk,
)
from engagements.services.changes import request_change
from engagements.services.handoff_call import guests, schedule_call
from engagements.services.handoff_questions import ask_question
from psdelivery.comments.models import Comment, Mention
from psdelivery.comments.services import add_comment
from psdelivery.documents.models import Document
from psdelivery.documents.services import add_link
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import Outcome, register_job
from psdelivery.livetext.models import LiveSheet
from psdelivery.livetext.services import remove_card
from psdelivery.outbox.choices import State
from psdelivery.outbox.invitations import Meeting
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.addresses import mark_address_bad
from psdelivery.outbox.services.templates import (
    TypedText,
    save_template,
)
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import (
    Contact,
    Customer,
    PersonSkill,
    Pool,
    Skill,
    TimeOff,
    User,
    WorkingHours,
)
from psdelivery.playbooks.choices import EvidenceWanted
from psdelivery.playbooks.models import Anchor, Move, PlaybookStep, Step
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.editing import (
    note_draft,
    publish_draft,
    start_draft,
)
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves
from scheduling.models import (
    Allocation,
    CalendarFeed,
    ConflictCase,
    ExtraDay,
    HostAccount,
    HoursImport,
    HoursPart,
    HoursWeek,
    Offer,
    ResourceRequest,
)
from tests.factories.engagements import (
    NOW,
    OfferingFactory,
    TeamMemberFactory,
    asked,
    meet,
    registered,
    waived,
)
from tests.factories.handoff import add_outcome, begun, filled, pen
from tests.factories.jobs import JobFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PersonSkillFactory,
    PoolFactory,
    PracticeFactory,
    RegionFactory,
    TimeOffFactory,
    UserFactory,
    WorkingHoursFactory,
)
from tests.factories.shipped import ship_mails, ship_playbooks
from tests.fuzz.classes import make_classes
from tests.fuzz.dated_classes import make_dated_classes
from tests.fuzz.hours import make_hours
from tests.fuzz.planning import make_planning
from tests.kept import Kept
from training.models import (
    Course,
    DateProposal,
    Delivery,
    FormImport,
    LabCode,
    LabExtension,
    PlanningMeeting,
    Session,
    Submission,
    TrainerCertification,
)

PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """`me` has every role, so that no page is closed and every field is there."""

    me: User
    trainer: User
    colleague: User
    left: User
    time_off: TimeOff
    hours: WorkingHours
    skill: Skill
    stated: PersonSkill
    pool: Pool
    customer: Customer
    contact: Contact
    foreign_contact: Contact
    gone_contact: Contact
    consulting: Engagement
    training: Engagement
    foreign: Engagement
    member: TeamMember
    asked_risk: WorkAtRisk
    granted_risk: WorkAtRisk
    offering: Offering
    course: Course
    old_course: Course
    delivery: Delivery
    session: Session
    submission: Submission
    withdrawn: Submission
    form_import: FormImport
    second_course: Course
    way: TrainerCertification
    withdrawn_way: TrainerCertification
    lab_class: Delivery
    coded_class: Delivery
    lab_code: LabCode
    lab_extension: LabExtension
    planned_class: Delivery
    guest_class: Delivery
    linked_class: Delivery
    moved_class: Delivery
    meeting: PlanningMeeting
    proposal: DateProposal
    ticking: Step
    noting: Step
    handed: Step
    done: Step
    mailing: Step
    draft: Message
    stale: Message
    left_mail: Message
    lost: Message
    failed: Message
    doubtful: Message
    document: Document
    comment: Comment
    mention: Mention
    waiting_job: Job
    undoable_job: Job
    draft_step: PlaybookStep
    move: Move
    golive: Anchor
    planned_end: Anchor
    change: Change
    sheet: LiveSheet
    question: HandoffQuestion
    standing: Engagement
    asking: Comment
    unsent: ResourceRequest
    sent: ResourceRequest
    reviewed: ResourceRequest
    inquiry: ResourceRequest
    booking: Allocation
    conflict: ConflictCase
    extra: ExtraDay
    my_extra: ExtraDay
    host: HostAccount
    feed: CalendarFeed
    matched: ResourceRequest
    offered: ResourceRequest
    offer: Offer
    hold_question: Offer
    hours_week: HoursWeek
    hours_waiting: HoursPart
    hours_approved: HoursPart
    hours_file: HoursImport


def make_world():
    ship_playbooks()
    ship_mails()
    people, customers = make_people(), make_customers()
    edit_template(people["me"])
    engagements = make_engagements(people, customers)
    classes = make_classes(engagements["training"], people)
    steps = make_steps(engagements["consulting"], people["me"])
    make_call(engagements["training"], people["me"])
    return World(
        **people,
        **customers,
        **engagements,
        **classes,
        **steps,
        draft_step=make_draft(people["me"]),
        move=make_move(engagements["consulting"], people["me"]),
        **dates_of(engagements),
        change=make_change(engagements["consulting"], people["me"]),
        **make_jobs(people["me"]),
        **make_mails(engagements["consulting"], people["me"]),
        **make_comments(engagements["consulting"], people["me"]),
        **make_handoff(engagements["consulting"], people),
        **make_planning(engagements, people),
        **make_dated_classes(engagements["training"], classes["course"], people),
        **make_hours(people),
        member=engagements["consulting"].team.last(),
        granted_risk=waived(engagements["training"], "agreement", by=people["me"]),
        asked_risk=asked(engagements["training"], "closed_won", by=people["me"]),
        offering=OfferingFactory(
            title="Quick start",
            kit_links=[{"url": "https://example.com/kit", "title": "Kit"}],
            role_hours={"pse": 40.0},
        ),
        document=add_link(
            "https://example.com/sow",
            title="SOW",
            engagement=engagements["consulting"],
            by=people["me"],
            now=NOW,
        ),
    )


kept_world = Kept(make_world)


def edit_template(person):
    """So that there is an earlier version to go back to."""
    typed = TypedText(subject="Hello", body="Hello {{ contact_name }}", seen=1)
    save_template(mail_kind("welcome"), typed, by=person, now=NOW)


def make_people():
    place = {
        "region": RegionFactory(name="EMEA", zone="Europe/Berlin", country="DE"),
        "practice": PracticeFactory(name="Implementation"),
    }
    me = UserFactory(
        username="me", first_name="Mia", last_name="Me", roles=list(Role),
        password=PASSWORD, **place,
    )  # fmt: skip
    trainer = UserFactory(first_name="Tara", roles=[Role.TRAINER], **place)
    colleague = UserFactory(first_name="Carl", roles=[Role.PSE], **place)
    stated = PersonSkillFactory(person=colleague, skill__name="Kubernetes")
    left = UserFactory(first_name="Lou", roles=[Role.PSE], is_active=False)
    return {
        "me": me,
        "trainer": trainer,
        "colleague": colleague,
        "left": left,
        "time_off": TimeOffFactory(person=colleague),
        "hours": WorkingHoursFactory(person=colleague),
        "skill": stated.skill,
        "stated": stated,
        "pool": PoolFactory(role=Role.FINANCE),
    }


def make_customers():
    customer = CustomerFactory(name="Acme", zone="Australia/Sydney", country="AU")
    # One of several: a single box would be taken for a yes or no.
    ContactFactory(customer=customer, name="Cy")
    return {
        "customer": customer,
        "contact": ContactFactory(customer=customer, name="Ann"),
        "foreign_contact": ContactFactory(name="Bob"),
        "gone_contact": ContactFactory(customer=customer, name="Gus", is_active=False),
    }


def make_engagements(people, customers):
    me, customer = people["me"], customers["customer"]
    shared = {"customer": customer, "region": me.region, "practice": me.practice}
    team = [(EngagementRole.PC, me), (EngagementRole.PM, me)]
    consulting = registered(title="Rollout", team=team, by=me, **shared)
    training = registered(
        title="Classes", kind="training", team=team, by=me,
        planned_end=date(2027, 6, 30), **shared,
    )  # fmt: skip
    meet(consulting, Condition.CUSTOMER_SIGNATURE, by=me)
    meet(training, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS, by=me)
    foreign = registered(
        title="Not mine", customer=customers["foreign_contact"].customer
    )
    # Ready for its next status; the other one is not.
    Engagement.objects.filter(pk=training.pk).update(
        opportunity_url="https://crm.example.com/2"
    )
    Engagement.objects.filter(pk=training.pk).update(main_contact=customers["contact"])
    training.offerings.add(OfferingFactory(kind="training"))
    # Sold by an order form: its handoff needs no call.
    Paper.objects.filter(engagement=training).update(kind="order_form")
    return {"consulting": consulting, "training": training, "foreign": foreign}


def make_steps(engagement, me):
    steps = list(engagement.steps.filter(sets_anchor="")[:4])
    none, note = EvidenceWanted.NONE, EvidenceWanted.NOTE
    wanted = [EvidenceWanted.LINK_OR_FILE, note, none, none]
    for step, evidence in zip(steps, wanted, strict=True):
        step.blockers.clear()
        step.evidence_wanted = evidence
        step.assignee, step.pool = me, None
        step.due_at = NOW + timedelta(days=1)
        step.due_day = step.due_at.date()
        step.save()
    ticking, noting, done, handed = steps
    Step.objects.filter(pk=handed.pk).update(
        snoozed_until=NOW.date(), is_delegated=True, pinned=True
    )
    Step.objects.filter(pk=ticking.pk).update(sets_anchor="kickoff")
    Step.objects.filter(pk=done.pk).update(
        state="done", done_at=NOW, done_by=me, next_reminder_at=None
    )
    return {
        name: Step.objects.get(pk=step.pk)
        for name, step in {
            "ticking": ticking,
            "noting": noting,
            "done": done,
            "handed": handed,
        }.items()
    }


def make_change(engagement, me):
    change = Change(
        engagement=engagement, kind="scope", title="More", reason="They grew", hours=8
    )
    return request_change(change, by=me, now=NOW)


def make_call(engagement, me):
    """A handoff call that can be called off."""
    meeting = Meeting(
        kind="handoff",
        title="Handoff",
        starts_at=NOW + timedelta(days=2),
        ends_at=NOW + timedelta(days=2, hours=1),
        zone="Europe/Berlin",
        attendees=guests([me]),
    )
    schedule_call(begun(engagement), meeting, by=me, now=NOW)


def make_handoff(engagement, people):
    """Written, with a question; of its two outcomes the second was taken away."""
    me = people["me"]
    TeamMemberFactory(engagement=engagement, role="sa", person=people["trainer"])
    handoff = filled(engagement, by=me)
    add_outcome(handoff, by=me)
    remove_card(handoff.sheet, OUTCOMES, 2, 2, pen=pen(handoff, me))
    question = ask_question(handoff, "Which version?", None, by=me, now=NOW)
    return {"sheet": handoff.sheet, "question": question}


def make_move(engagement, me):
    """A move of dates that can still be undone."""
    checklist, days = engagement.checklist, (date(2027, 9, 1), date(2027, 10, 1))
    set_anchor(checklist, "golive", days[0], by=me, now=NOW)
    change = AnchorChange(checklist.anchors.get(key="golive"), days[1])
    return apply_moves([change], checklist=checklist, by=me, reason="Late", now=NOW)


def dates_of(engagements):
    """Dates that have a page of their own to be moved on."""
    return {
        key: engagements[kind].checklist.anchors.get(key=key)
        for key, kind in (("golive", "consulting"), ("planned_end", "training"))
    }


def make_draft(me):
    """A draft of one playbook, and a newer version of another that is at work."""
    newer = start_draft("training", by=me, now=NOW)
    newer.steps.update(title="Other words")
    note_draft(newer, "Clearer", title=newer.title, by=me, now=NOW)
    publish_draft(newer, by=me, now=NOW)
    ready = start_draft("blended", by=me, now=NOW)
    ready.steps.filter(key="recap").delete()
    note_draft(ready, "No recap", title=ready.title, by=me, now=NOW)
    return start_draft("consulting", by=me, now=NOW).steps.first()


def make_comments(engagement, me):
    comment = add_comment(subject_of(engagement), "Ready?", by=me, now=NOW)
    other = Comment.objects.get(pk=comment.pk)
    other.pk, other.text = None, f"@{me.username}?"
    other.save()
    return {
        "comment": comment,
        "mention": Mention.objects.create(comment=other, person=me),
    }


def make_jobs(me):
    register_job("fuzz-job", run=lambda work: Outcome(""), title="Fuzz", undo=take_back)
    return {
        "waiting_job": JobFactory(by=me, title="Import"),
        "undoable_job": JobFactory(
            by=me, done=True, kind="fuzz-job", undo_handle={}, title="Old import"
        ),
    }


def take_back(handle, by, now):
    """There is nothing to undo."""


def make_mails(engagement, me):
    lost = "lost@acme.example"
    mark_address_bad(lost, by=me, reason="Unknown user", now=NOW)
    of_customer = {"engagement": engagement, "customer": True, "created_at": NOW}
    return {
        "left_mail": MessageFactory(sent=True, to=["ann@acme.example"], **of_customer),
        "lost": MessageFactory(failed=True, to=[lost], **of_customer),
        "failed": MessageFactory(engagement=engagement, failed=True, created_at=NOW),
        "doubtful": MessageFactory(
            engagement=engagement,
            customer=True,
            state=State.NEEDS_LOOK,
            created_at=NOW,
        ),
    }
