"""Conflicts that facts opened, extra days, host accounts and feeds."""

from tests.fuzz.bodies import Body, always, at


def on_page(name, page, of, values):
    """A form that stands on the page of its record."""
    return Body(at(f"scheduling:{name}", of), values, form_on=at(page, of))


def of_conflict(name, values):
    return on_page(f"conflict-{name}", "scheduling:conflict-detail", "conflict", values)


def of_extra_day(name, of, values):
    return on_page(f"extra-day-{name}", "scheduling:extra-day-detail", of, values)


HOST = {
    "name": "PS webinar 2",
    "platform": "teams",
    "email": "webinar@example.com",
    "registrant_limit": "500",
    "has_webinars": "on",
    "is_active": "on",
}
FACTS = {
    "scheduling:conflict-stand-in": of_conflict(
        "stand-in",
        lambda world: {
            "other-person": str(world.colleague.pk),
            "other-reason": "Tara is ill",
        },
    ),
    "scheduling:conflict-shift": of_conflict(
        "shift",
        always(**{"shift-start": "2027-04-05", "shift-reason": "Tara is ill"}),
    ),
    "scheduling:conflict-release": of_conflict(
        "release", always(**{"release-reason": "It can wait"})
    ),
    "scheduling:illness-add": Body(
        at("scheduling:illness-add"),
        lambda world: {
            "person": str(world.colleague.pk),
            "starts_on": "2027-03-16",
            "ends_on": "2027-03-17",
        },
    ),
    "scheduling:extra-day-add": Body(
        at("scheduling:extra-day-add"),
        lambda world: {
            "person": str(world.trainer.pk),
            "engagement": str(world.training.pk),
            "day": "2027-03-20",
            "hours": "6.5",
            "kind": "travel",
            "reason": "On the way to the class",
        },
    ),
    "scheduling:extra-day-grant": of_extra_day("grant", "extra", always()),
    "scheduling:extra-day-consent": of_extra_day("consent", "my_extra", always()),
    "scheduling:extra-day-decline": of_extra_day(
        "decline", "extra", always(reason="A wedding")
    ),
    "scheduling:host-add": Body(at("scheduling:host-add"), always(**HOST)),
    "scheduling:host-edit": Body(at("scheduling:host-edit", "host"), always(**HOST)),
    "scheduling:feed-add": Body(
        at("scheduling:feed-add"),
        lambda world: {"kind": "engagement", "engagement": str(world.training.pk)},
        form_on=at("scheduling:feed-list"),
    ),
    "scheduling:feed-revoke": Body(
        at("scheduling:feed-revoke", "feed"),
        always(),
        form_on=at("scheduling:feed-list"),
    ),
}
