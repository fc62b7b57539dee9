"""What somebody saw before they confirmed a form that moves dates (R-20)."""

from datetime import date, time

from psdelivery.calendars import local_moment
from psdelivery.playbooks.services.moves import preview_moves
from tests.factories.engagements import NOW
from tests.factories.training import local
from training.services.deliveries import moved_plan
from training.services.meeting_steps import anchor_changes
from training.services.moves import preview_plan
from training.services.sessions import added_plan, changed_plan, removed_plan


def seen(plan):
    """The hidden field that says what was shown."""
    return {"confirm": preview_plan(plan, exempt=(), now=NOW).token}


def of_move(world, days):
    return seen(moved_plan(world.delivery, days, now=NOW))


def of_adding(world, typed):
    return seen(added_plan(world.delivery, times(typed)))


def of_changing(world, typed):
    return seen(changed_plan(world.session, times(typed)))


def of_removing(world):
    return seen(removed_plan(world.session))


def times(typed):
    day = date.fromisoformat(typed["day"])
    return local(day, typed["start"], typed["stop"], typed["zone_name"]).moments


def of_changes(changes):
    return {"confirm": preview_moves(changes, now=NOW).token}


def of_meeting(world, typed):
    at = local_moment(
        date.fromisoformat(typed["day"]),
        time.fromisoformat(typed["clock"]),
        typed["zone"],
    )
    return of_changes(anchor_changes([world.planned_class], at))
