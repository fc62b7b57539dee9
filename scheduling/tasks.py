"""What the schedule looks for by itself: hints without arguments that say "look"."""

from celery import shared_task

from psdelivery import clock
from scheduling.services.expiry import look_at_holds
from scheduling.services.horizon import look_ahead
from scheduling.services.hours.weeks import look_at_weeks
from scheduling.services.offers import expire_offers, settle_questions


@shared_task(name="scheduling.look_at_holds", ignore_result=True)
def look() -> None:
    """Let soft holds expire whose time is over, and warn about those that end soon."""
    look_at_holds(clock.now())


@shared_task(name="scheduling.look_at_offers", ignore_result=True)
def look_at_offers() -> None:
    """R-7: ask nobody about holds that are gone; let offers end whose time is over."""
    now = clock.now()
    settle_questions(now)
    expire_offers(now)


@shared_task(name="scheduling.extend_horizon", ignore_result=True)
def extend_horizon() -> None:
    """R-6: know the capacity of everybody as far ahead as the settings say.

    Some people at a time: who is not reached now is found the next hour.
    """
    look_ahead(clock.now())


@shared_task(name="scheduling.ask_for_hours", ignore_result=True)
def ask_for_hours() -> None:
    """Ask everybody who is booked in the week for their hours.

    Some people at a time: who is not reached now is found the next time.
    """
    look_at_weeks(clock.now())
