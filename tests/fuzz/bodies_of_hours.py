"""Actual hours: a week typed in its grid, and one click to confirm it."""

from tests.fuzz.bodies import Body, always, at


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


HOURS = {
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
}
