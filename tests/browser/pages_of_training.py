"""Every page of training, with a real object and somebody who may open it."""

from datetime import timedelta

from psdelivery.people.choices import Role
from training.models import (
    Attendee,
    AttendeeReport,
    DateOption,
    DateProposal,
    EventPlanVersion,
    ParkedQuestion,
    PlanningMeeting,
    ReportRow,
    SeatOrder,
)
from training.services.event_plan import begin_plan

COORDINATOR, MANAGER = Role.COORDINATOR, Role.PRACTICE_MANAGER
TRAINER = Role.TRAINER

TRAINING_OPENED_BY = {
    COORDINATOR: [
        "training:delivery-list",
        "training:delivery-calendar",
        "training:delivery-booking",
        "training:delivery-meeting",
        "training:delivery-plan",
        "training:delivery-plan-choices",
        "training:delivery-plan-keep",
        "training:delivery-plan-print",
        "training:delivery-plan-version",
        "training:meeting-add",
        "training:meeting-detail",
        "training:meeting-edit",
        "training:meeting-cancel",
        "training:proposal-add",
        "training:proposal-detail",
        "training:proposal-confirm",
        "training:proposal-withdraw",
        "training:delivery-detail",
        "training:delivery-add",
        "training:delivery-edit",
        "training:delivery-move",
        "training:delivery-link",
        "training:delivery-trainer",
        "training:delivery-cancel",
        "training:session-add",
        "training:session-edit",
        "training:session-remove",
        "training:delivery-certification",
        "training:submission-add",
        "training:submission-correct",
        "training:submission-import",
        "training:import-detail",
        "training:submission-list",
        "training:delivery-labs",
        "training:lab-code-add",
        "training:lab-code-retire",
        "training:lab-extension-ask",
        "training:lab-extension-decide",
        "training:code-list",
        "training:delivery-roster",
        "training:report-upload",
        "training:report-review",
        "training:attendee-add",
        "training:attendee-edit",
        "training:count-add",
        "training:seat-order-add",
        "training:seat-order-decide",
        "training:closing-links",
        "training:survey-add",
        "training:parked-add",
        "training:parked-answer",
        "training:parked-step",
    ],
    TRAINER: [
        "training:submission-detail",
        "training:course-detail",
        "training:my-teaching",
        "training:trainer-day",
    ],
    MANAGER: [
        "training:course-list",
        "training:course-add",
        "training:course-edit",
        "training:coverage",
        "training:trainer-profile",
        "training:certification-add",
        "training:certification-detail",
        "training:certification-edit",
        "training:certification-withdraw",
        "training:course-rubric",
    ],
}
# Addresses that show no page when they are opened.
TRAINING_NO_PAGES = {
    "training:code-export",
    "training:lab-access-attendees",
    "training:delivery-invite",
    "training:delivery-uninvite",
    "training:delivery-plan-begin",
    "training:links-mail",
    "training:meeting-held",
    "training:moved-attendees",
    # For who is invited as a trainer: test_planning_meetings.py looks at it.
    "training:meeting-answer",
    "training:import-columns",
    "training:import-discard",
    "training:import-run",
    "training:submission-assign",
    # Opens once the session has begun: test_roster.py looks at it.
    "training:attendance-edit",
    "training:roster-export",
    "training:roster-hand-in",
    "training:row-reopen",
    "training:attendee-call-off",
    "training:submission-release",
    "training:submission-restore",
    "training:submission-reviewer",
    "training:coverage-export",
    "training:certification-again",
    "training:demo-account",
    "training:submission-withdraw",
}


def training_arguments(office):
    """What the addresses with an object need, by the name of the view."""
    engagement, delivery = {"pk": office.active.pk}, {"pk": office.delivery.pk}
    session = {"pk": office.delivery.sessions.first().pk}
    return {
        "training:delivery-add": engagement,
        "training:delivery": delivery,
        "training:delivery-calendar": None,
        "training:trainer-day": None,
        **dates_of(office),
        "training:session-add": delivery,
        "training:session": session,
        "training:submission-add": delivery,
        "training:lab-code-add": delivery,
        "training:lab-code-retire": {"pk": office.lab_code.pk},
        "training:lab-extension-ask": delivery,
        "training:lab-extension-decide": {"pk": office.lab_extension.pk},
        "training:submission-import": delivery,
        "training:import": {"pk": office.delivery.form_imports.get().pk},
        **roster_of(office.delivery, office.submission.reviewer),
        "training:submission": {"pk": office.submission.pk},
        "training:course": {"pk": office.delivery.course_id},
        "training:trainer": {"pk": office.way.person_id},
        "training:certification": {"pk": office.way.pk},
    }


def dates_of(office):
    """A proposal, a planning meeting and an event plan with a version."""
    by, at, delivery = office[COORDINATOR], office.delivery.created_at, office.delivery
    made = {"engagement": delivery.engagement, "zone": "Europe/Berlin"}
    proposal, _made = DateProposal.objects.get_or_create(
        **made,
        course=delivery.course,
        title="Git",
        defaults={"created_at": at, "created_by": by},
    )
    DateOption.objects.get_or_create(proposal=proposal, order=0)
    starts = delivery.sessions.first().starts_at - timedelta(days=14)
    meeting, _made = PlanningMeeting.objects.get_or_create(
        **made,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        defaults={"created_at": at, "created_by": by},
    )
    meeting.deliveries.add(delivery)
    plan = begin_plan(delivery, by=by, now=at)
    EventPlanVersion.objects.get_or_create(
        plan=plan, number=1, defaults={"by": by, "at": at}
    )
    engagement, of_class = {"pk": delivery.engagement_id}, {"pk": delivery.pk}
    return {
        "training:delivery-plan": of_class,
        "training:delivery-plan-version": of_class | {"number": 1},
        "training:meeting-add": engagement,
        "training:meeting": {"pk": meeting.pk},
        "training:proposal-add": engagement,
        "training:proposal": {"pk": proposal.pk},
    }


def roster_of(delivery, by):
    """Somebody, a report with a doubtful row, an order and a question of the class."""
    at, class_of = delivery.created_at, {"pk": delivery.pk}
    by = by or delivery.trainer
    person, _made = Attendee.objects.get_or_create(
        delivery=delivery, name="Ada", defaults={"source": "hand", "created_at": at}
    )
    report, _made = AttendeeReport.objects.get_or_create(
        delivery=delivery,
        kind="registration",
        defaults={"imported_at": at, "imported_by": by, "file_name": "r.csv"},
    )
    row = {"name": "Ada L", "fate": "doubtful"}
    ReportRow.objects.get_or_create(report=report, number=2, defaults=row)
    order, _made = SeatOrder.objects.get_or_create(
        delivery=delivery, defaults={"seats": 2, "asked_at": at, "asked_by": by}
    )
    question, _made = ParkedQuestion.objects.get_or_create(
        delivery=delivery, text="Why?", defaults={"parked_at": at, "parked_by": by}
    )
    of_class = ("report-upload", "attendee-add", "count-add", "seat-order-add")
    of_class += ("closing-links", "survey-add", "parked-add")
    return {
        **{f"training:{name}": class_of for name in of_class},
        "training:report-review": class_of | {"report": report.pk},
        "training:attendee-edit": {"pk": person.pk},
        "training:seat-order-decide": {"pk": order.pk},
        "training:parked-answer": {"pk": question.pk},
        "training:parked-step": {"pk": question.pk},
    }
