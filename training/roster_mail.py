"""What mails about a class may say of its roster: who came, links, extra seats."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from psdelivery.outbox.rules.templates import Placeholder
from training.choices import SeatOrderState
from training.mail_facts import delivery_facts
from training.models import Delivery
from training.roster_queries import counts_of, known_sessions

EXTRA_SEATS = "extra-seats"


def links_page(delivery: Delivery) -> str:
    """Return where the links of recording and survey are entered."""
    return reverse("training:closing-links", args=[delivery.pk])


CLOSING_PLACEHOLDERS = {
    "registered_count": Placeholder(
        title=gettext_lazy("How many had registered"),
        help=gettext_lazy("Empty until the roster tells who came."),
        is_optional=True,
    ),
    "attended_count": Placeholder(
        title=gettext_lazy("How many came"),
        help=gettext_lazy("Empty until the roster tells who came."),
        is_optional=True,
    ),
    "no_show_count": Placeholder(
        title=gettext_lazy("How many did not come"),
        help=gettext_lazy("Empty where everybody came; the paragraph is left out."),
        is_optional=True,
    ),
    "recording_link": Placeholder(
        title=gettext_lazy("Link to the recording"),
        mended_at=links_page,
        is_optional=True,
        is_secret=True,
    ),
    "survey_link": Placeholder(
        title=gettext_lazy("Link to the survey"),
        mended_at=links_page,
        is_optional=True,
        is_secret=True,
    ),
}
SEAT_PLACEHOLDERS = {
    "extra_seats": Placeholder(
        title=gettext_lazy("Extra seats"),
        help=gettext_lazy("As many as the open order asks for, in words."),
        mended_at=lambda delivery: reverse(
            "training:delivery-roster", args=[delivery.pk]
        ),
    ),
    "registered_count": Placeholder(
        title=gettext_lazy("How many have registered"), is_optional=True
    ),
}


def closing_facts(delivery: Delivery) -> dict[str, str]:
    """Return what the mail after a class may say; numbers once they are known."""
    return delivery_facts(delivery) | {
        "registered_count": "",
        "attended_count": "",
        "no_show_count": "",
        **attendance_facts(delivery),
        "recording_link": delivery.recording_url,
        "survey_link": delivery.survey_url,
    }


def attendance_facts(delivery: Delivery) -> dict[str, str]:
    """Return how many came of how many, nothing while no session is known."""
    if not known_sessions(delivery):
        return {}
    counts = counts_of(delivery)
    return {
        "registered_count": people_words(counts.registered),
        "attended_count": people_words(counts.came),
        "no_show_count": people_words(counts.no_shows) if counts.no_shows else "",
    }


def people_words(count: int) -> str:
    """Say a number of people: "1 person", "11 people"."""
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": count}


def seat_facts(delivery: Delivery) -> dict[str, str]:
    """Return what the mail about extra seats may say."""
    order = delivery.seat_orders.filter(state=SeatOrderState.ASKED).first()
    count = delivery.counts.first()
    words = ngettext(
        "%(n)s extra seat", "%(n)s extra seats", order.seats if order else 0
    )
    return delivery_facts(delivery) | {
        "extra_seats": words % {"n": order.seats} if order else "",
        "registered_count": people_words(count.registered) if count else "",
    }
