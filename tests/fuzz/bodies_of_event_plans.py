"""The forms of the event plan, of the meeting of a class, and of who is invited."""

from engagements.models import Handoff
from tests.factories.engagements import NOW
from tests.fuzz.bodies import Body, always, at

CHOICES = {
    "place": "remote",
    "platform": "webinar",
    "seats": "14",
    "language": "English",
    "materials_language": "German",
    "labs": "yes",
    "certification": "yes",
    "recording": "yes",
    "recording_for": "Ann",
}


def meeting(world):
    own = {}
    for one in world.delivery.sessions.all():
        own[f"session-{one.pk}-platform"] = "meeting"
        own[f"session-{one.pk}-join_url"] = f"https://zoom.example.com/j/{one.pk}"
    return {
        "host": str(world.host.pk),
        "alternative_host": str(world.me.pk),
        "registrant_limit": "12",
        "registration": "class",
        "registration_url": "https://zoom.example.com/r/1",
        **own,
    }


def without_handoff(world, client=None):
    """The page by which a plan is complete: its meeting need not wait (R-5)."""
    handoffs = Handoff.objects.filter(engagement=world.training)
    handoffs.update(early_reason="In a hurry", early_by=world.me, early_at=NOW)
    return at("training:delivery-plan-keep", "planned_class")(world)


def on_the_class(name, of):
    """A button on the first page of a class."""
    return Body(at(f"training:{name}", of), form_on=at("training:delivery-detail", of))


EVENT_PLANS = {
    "training:delivery-plan-begin": Body(
        at("training:delivery-plan-begin", "delivery"),
        form_on=at("training:delivery-plan", "delivery"),
    ),
    "training:delivery-plan-choices": Body(
        at("training:delivery-plan-choices", "planned_class"), always(**CHOICES)
    ),
    "training:delivery-plan-choices, on site": Body(
        at("training:delivery-plan-choices", "planned_class"),
        always(place="on_site", address="1 George St, Sydney", recording="no"),
    ),
    "training:delivery-plan-keep": Body(
        at("training:delivery-plan-keep", "planned_class"),
        always(kind="draft", note="To be read by Ann"),
    ),
    "training:delivery-plan-keep, complete": Body(
        without_handoff,
        always(kind="complete", note="Ann says by Friday who attends"),
    ),
    "training:delivery-meeting": Body(
        at("training:delivery-meeting", "delivery"), meeting
    ),
    "training:delivery-invite": on_the_class("delivery-invite", "delivery"),
    "training:delivery-uninvite": on_the_class("delivery-uninvite", "guest_class"),
    "training:links-mail": on_the_class("links-mail", "guest_class"),
    "training:moved-attendees": on_the_class("moved-attendees", "moved_class"),
}
