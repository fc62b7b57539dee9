from tests.fuzz import looks
from tests.fuzz.bodies import Body, always, at


def course(world):
    return {
        "title": "Git advanced",
        "session_count": "3",
        "hours_per_session": "3.5",
        "seats": "10",
        "has_certification": "on",
        "certification_title": "Git Associate",
        "introduction_url": "https://example.com/git",
        "slides_version": "2027.2",
        "slides_url": "https://example.com/git/slides",
        "video_url": "https://example.com/git/video",
    }


def delivery(world):
    return {
        "title": "Git basics, spring",
        "trainer": str(world.trainer.pk),
        "reason": "Nobody else is free",
        "place": "on_site",
        "address": "1 George St, Sydney",
        "platform": "meeting",
        "language": "English",
        "seats": "12",
        "zone": "Australia/Sydney",
        "sessions-0-day": "2027-04-20",
        "sessions-0-start": "09:00",
        "sessions-0-stop": "13:00",
        "sessions-1-day": "2027-04-21",
        "sessions-1-start": "09:00",
        "sessions-1-stop": "13:00",
    }


SESSION = {
    "day": "2027-04-08",
    "start": "09:00",
    "stop": "12:00",
    "zone_name": "Australia/Sydney",
    "platform": "webinar",
}


WHY = {"cause": "customer", "reason": "Holiday"}


def entering(world, client=None):
    """The form of a class stands behind the choice of its course."""
    address = at("training:delivery-add", "training")(world)
    return f"{address}?course={world.course.pk}"


def of_delivery(name, values):
    return Body(at(f"training:delivery-{name}", "delivery"), values)


def seen_first(name, of, values):
    """A form that shows what moves before it is confirmed (R-20)."""
    address = at(f"training:{name}", of)
    return Body(address, values, buttons=("confirm",), previews=True)


TRAINING = {
    "training:course-add": Body(at("training:course-add"), course),
    "training:course-edit": Body(at("training:course-edit", "course"), course),
    "training:delivery-add": Body(entering, delivery),
    "training:delivery-edit": of_delivery("edit", always(title="Git, again")),
    "training:delivery-move": seen_first(
        "delivery-move",
        "delivery",
        lambda world: {"days": "9", **WHY, **looks.of_move(world, 9)},
    ),
    "training:delivery-move, to a day": seen_first(
        "delivery-move",
        "delivery",
        lambda world: {"first_day": "2027-04-15", **WHY, **looks.of_move(world, 9)},
    ),
    "training:delivery-link": of_delivery(
        "link", always(registration_url="https://zoom.example.com/r/1")
    ),
    "training:delivery-trainer": of_delivery(
        "trainer", lambda world: {"trainer": "", "reason": "Ill"}
    ),
    "training:delivery-cancel": of_delivery("cancel", always(reason="No sign-ups")),
    "training:session-add": seen_first(
        "session-add",
        "delivery",
        lambda world: SESSION | looks.of_adding(world, SESSION),
    ),
    "training:session-edit": seen_first(
        "session-edit",
        "session",
        lambda world: SESSION | WHY | looks.of_changing(world, SESSION),
    ),
    "training:session-remove": seen_first(
        "session-remove",
        "session",
        lambda world: WHY | looks.of_removing(world),
    ),
}
