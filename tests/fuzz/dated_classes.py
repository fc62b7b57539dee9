"""Classes of the fuzzed world whose dates are proposed, planned or told."""

from datetime import date, timedelta

from tests.factories.engagements import NOW
from tests.factories.proposals import proposed
from tests.factories.training import SYDNEY, plan_class
from tests.fuzz.classes import enroll
from training.services.deliveries import move_delivery
from training.services.event_plan import begin_plan
from training.services.invitations import invite_contact
from training.services.planning_meetings import MeetingDraft, book_meeting


def make_dated_classes(training, course, people):
    """A class with a plan and its meeting, one with guests, one that has moved."""
    me = people["me"]
    training.refresh_from_db()

    def on(day, title, **fields):
        return plan_class(
            training, first=day, course=course, title=title, by=me, **fields
        )

    planned = on(date(2027, 5, 4), "Planned", trainer=me)
    begin_plan(planned, by=me, now=NOW)
    # Two whose links are due together; people at the customer are in one of them.
    guests, linked = [on(date(2027, 6, day), f"June {day}") for day in (1, 3)]
    invite_contact(guests, by=me, now=NOW)
    return {
        "planned_class": planned,
        "guest_class": guests,
        "linked_class": linked,
        "moved_class": moved(on(date(2027, 7, 6), "Moved"), me),
        "meeting": make_meeting(training, planned, me),
        "proposal": proposed(
            training, people["trainer"], me, by=me, course=course,
            first=date(2027, 8, 3),
        ),
    }  # fmt: skip


def moved(delivery, me):
    """A class that moved, with somebody on its roster who knows the old dates."""
    enroll(delivery)
    move_delivery(delivery, 7, by=me, reason="Holiday", now=NOW)
    return delivery


def make_meeting(training, delivery, me):
    """A planning meeting to come: colleague and customer are invited."""
    draft = MeetingDraft(
        deliveries=[delivery],
        starts_at=NOW + timedelta(days=3),
        ends_at=NOW + timedelta(days=3, minutes=30),
        zone=SYDNEY,
        people=[me],
        contacts=[training.main_contact],
    )
    return book_meeting(training, draft, by=me, now=NOW)
