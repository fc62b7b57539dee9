"""The office is opened once a run; each further test gets it as it was then."""

from psdelivery import clock
from tests.browser.office import NOW, open_office
from tests.kept import Kept


def open_and_look_at_the_clock():
    return open_office(), clock.now()


kept = Kept(open_and_look_at_the_clock)


def kept_office(clock_at):
    """The office, with the clock at the moment when it had been opened."""
    clock_at(NOW)
    office, opened_at = kept.again()
    clock_at(opened_at)
    return office
