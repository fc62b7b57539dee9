"""What the history says of classes and submissions."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_verb

VERBS = {
    "course-added": _("added the course"),
    "course-edited": _("changed the course"),
    "delivery-planned": _("entered the class"),
    "delivery-edited": _("changed the class"),
    "delivery-confirmed": _("noted the dates as confirmed"),
    "delivery-unconfirmed": _("took the confirmation of the dates back"),
    "delivery-moved": _("moved the class"),
    "delivery-held": _("noted the class as held"),
    "delivery-not-held": _("took back that the class was held"),
    "delivery-cancelled": _("called the class off"),
    "session-added": _("added a session"),
    "session-removed": _("removed a session"),
    "session-changed": _("changed a session"),
    "trainer-changed": _("changed the trainer"),
    # Without the link itself: it is a secret.
    "registration-link-entered": _("entered the registration link"),
    "registration-link-removed": _("removed the registration link"),
    "submission-entered": _("entered a submission"),
    "reviewer-changed": _("gave the review to somebody else"),
    "result-released": _("released the result"),
}


def register_verbs() -> None:
    """Enter the words of training in the history's register."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
