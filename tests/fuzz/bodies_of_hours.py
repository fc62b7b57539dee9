"""Actual hours: a week typed in its grid, and one click to confirm it."""

from django.urls import reverse

from psdelivery.people.services.settings import change_setting
from scheduling.models import HoursPart
from tests.factories.engagements import NOW
from tests.fuzz.bodies import Body, always, at
from tests.fuzz.nasty import Upload

LIST = "scheduling:hours-approval-list"


def cell(engagement, day="20270201"):
    return f"hours-{getattr(engagement, 'pk', engagement)}-{day}"


def week(world):
    return {
        cell(world.standing): "7,75",
        cell(world.standing, "20270202"): "",
        f"note-{world.standing.pk}": "On site",
        "extra": str(world.training.pk),
        cell("extra"): "0.25",
        "note-extra": "A talk",
    }


def version_of(world):
    return HoursPart.objects.get(pk=world.hours_waiting.pk).version


def on_page(name, of, **values):
    """A form that stands on the page of hours."""
    return Body(
        at(f"scheduling:hours-{name}", of),
        always(**values),
        form_on=at("scheduling:hours-part", of),
    )


def imported(world, client=None):
    """The import opens once the PSA system counts."""
    change_setting("hours.source", "imported", by=None, now=NOW)
    return reverse("scheduling:hours-import-list")


def opened_file(action):
    def at_file(world, client=None):
        change_setting("hours.source", "imported", by=None, now=NOW)
        return reverse(f"scheduling:hours-import-{action}", args=[world.hours_file.pk])

    return at_file


PSA = Upload(
    "psa.csv",
    b"person,engagement,date,hours,external id\nme@example.com,1,2027-02-01,8,t-1\n",
    "text/csv",
)
HOURS = {
    "scheduling:hours-import-list": Body(
        imported, always(file=PSA, covered_until="2027-02-05")
    ),
    "scheduling:hours-import-run": Body(
        opened_file("run"), always(), form_on=opened_file("detail")
    ),
    "scheduling:hours-import-discard": Body(
        opened_file("discard"), always(), form_on=opened_file("detail")
    ),
    "scheduling:hours-week-add": Body(
        at("scheduling:hours-week-add"),
        always(day="2027-01-20"),
        form_on=at("scheduling:hours-week-list"),
    ),
    "scheduling:hours-week": Body(at("scheduling:hours-week", "hours_week"), week),
    "scheduling:hours-confirm": Body(
        at("scheduling:hours-confirm", "hours_week"),
        always(),
        form_on=at("scheduling:hours-week", "hours_week"),
    ),
    "scheduling:hours-approval-list": Body(
        lambda world, client=None: f"{reverse(LIST)}?show=all",
        lambda world: {"part": f"{world.hours_waiting.pk}-{version_of(world)}"},
    ),
    "scheduling:hours-approve": on_page("approve", "hours_waiting"),
    "scheduling:hours-return": on_page(
        "return", "hours_waiting", reason="Monday was elsewhere"
    ),
    "scheduling:hours-correct": on_page(
        "correct", "hours_approved", day="2027-02-02", hours="6.5", reason="I was ill"
    ),
}
