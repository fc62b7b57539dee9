"""The forms of proposed dates, of the trainer's days and of the planning meeting."""

from tests.fuzz import looks
from tests.fuzz.bodies import PDF, Body, always, at

MEETING = {
    "day": "2027-03-02",
    "clock": "09:30",
    "zone": "Australia/Sydney",
    "minutes": "45",
    "location": "https://zoom.example.com/j/1",
    "description": "Who attends",
}


def new_meeting(world):
    return {
        **MEETING,
        "deliveries": [str(world.delivery.pk)],
        "attendees": [str(world.me.pk)],
        "contacts": [str(world.contact.pk)],
    }


def later(world):
    """The meeting on another day, as somebody confirms it who saw what moves."""
    moved = {**MEETING, "cause": "customer", "reason": "Holiday"}
    return moved | looks.of_meeting(world, MEETING)


def of_meeting(name, values, **more):
    return Body(at(f"training:meeting-{name}", "meeting"), values, **more)


def of_proposal(name, values):
    return Body(at(f"training:proposal-{name}", "proposal"), values)


def proposing(world, client=None):
    """The form of a proposal stands behind the choice of its course."""
    address = at("training:proposal-add", "training")(world)
    return f"{address}?course={world.course.pk}"


def option(number, day, trainer, **more):
    """A set of dates whose other sessions follow the first."""
    part = f"option-{number}"
    return {
        f"{part}-trainer": str(trainer.pk),
        f"{part}-pattern": "daily",
        f"{part}-sessions-0-day": day,
        f"{part}-sessions-0-start": "09:00",
        f"{part}-sessions-0-stop": "13:00",
        **{f"{part}-{name}": value for name, value in more.items()},
    }


def proposal(world):
    return {
        "title": "Git basics, autumn",
        "zone": "Australia/Sydney",
        "count": "2",
        **option(0, "2027-09-07", world.trainer),
        **option(1, "2027-09-14", world.me),
    }


def confirming(world):
    chosen = world.proposal.options.order_by("order").first()
    return {
        "option": str(chosen.pk),
        "said_by": "Ann",
        "said_on": "2027-02-01",
        "note": "By phone",
        "reason": "Nobody else is free",
        "evidence_link": "https://example.com/yes",
    }


DATES = {
    "training:meeting-add": Body(at("training:meeting-add", "training"), new_meeting),
    "training:meeting-edit": of_meeting(
        "edit", later, buttons=("confirm",), previews=True
    ),
    "training:meeting-cancel": of_meeting("cancel", always(reason="Nobody can come")),
    "training:meeting-held": of_meeting(
        "held",
        always(held_on="2027-02-01"),
        form_on=at("training:meeting-detail", "meeting"),
    ),
    "training:meeting-answer": of_meeting("answer", always(answer="accepted")),
    "training:meeting-answer, to move it": of_meeting(
        "answer", always(answer="move", words="A day later")
    ),
    "training:delivery-booking": Body(
        at("training:delivery-booking", "delivery"), always(hold="soft", reason="Early")
    ),
    "training:delivery-booking, none": Body(
        at("training:delivery-booking", "delivery"),
        always(hold="none"),
        writes=False,
    ),
    # The other button only shows the days.
    "training:proposal-add": Body(
        proposing, proposal, buttons=("look",), previews=True
    ),
    "training:proposal-confirm": of_proposal("confirm", confirming),
    "training:proposal-confirm, with a file": of_proposal(
        "confirm",
        lambda world: confirming(world) | {"evidence_link": "", "evidence_file": PDF},
    ),
    "training:proposal-withdraw": of_proposal("withdraw", always(reason="Too late")),
}
