"""What the history says of the schedule."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb
from scheduling.choices import Hold, RequestState

VERBS = {
    "allocation-placed": _("booked"),
    "allocation-changed": _("changed a booking"),
    "allocation-shortened": _("shortened a booking"),
    "allocation-released": _("released a booking"),
    "allocation-extended": _("extended a soft hold"),
    "allocation-until": _("set until when a soft hold stands"),
    "allocation-expired": _("let a hold expire"),
    "partner-agreed": _("agreed on a partner's terms"),
    "request-drafted": _("drafted a resource request"),
    "request-changed": _("changed a resource request"),
    "request-submitted": _("sent a resource request"),
    "request-under-review": _("took a resource request under review"),
    "request-offered": _("offered a way to a resource request"),
    "request-accepted": _("accepted what was offered to a resource request"),
    "request-booked": _("booked a resource request"),
    "request-answered": _("answered a planning inquiry"),
    "request-refused": _("refused a resource request"),
    "request-withdrawn": _("withdrew a resource request"),
    "feed-made": _("made a calendar feed"),
    "feed-revoked": _("revoked a calendar feed"),
    "host-added": _("added a host account"),
    "host-edited": _("changed a host account"),
    "conflict-opened": _("opened a conflict"),
    "conflict-resolved": _("resolved a conflict"),
    "extra-day-asked": _("asked for an extra day"),
    "extra-day-granted": _("granted an extra day"),
    "extra-day-consented": _("agreed to an extra day"),
    "extra-day-declined": _("declined an extra day"),
    "extra-day-withdrawn": _("took an extra day back"),
    "hours-confirmed": _("confirmed hours"),
    "hours-approved": _("approved hours"),
    "hours-returned": _("sent hours back"),
    "hours-corrected": _("corrected hours"),
    "hours-correction-refused": _("refused a correction of hours"),
    "hours-imported": _("imported hours"),
    "hours-file-uploaded": _("uploaded hours of the PSA system"),
    "hours-file-discarded": _("discarded hours of the PSA system"),
    "offer-made": _("offered a way"),
    "offer-agreed": _("agreed that a soft hold gives way"),
    "offer-unasked": _("offered what a soft hold that ended left free"),
    "offer-accepted": _("took an offer"),
    "offer-declined": _("declined an offer"),
    "offer-expired": _("let an offer expire"),
    "offer-released": _("freed what was offered"),
}


def register_verbs() -> None:
    """Name the verbs and the words of the fields."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    register_field("hold", _("soft or hard"), values=dict(Hold.choices))
    register_field("last_day", _("last day"))
    register_field("request_state", _("state"), values=dict(RequestState.choices))
    register_field("expires_at", _("ends"))
    register_field("offer", _("offer"))
    register_field("approved_hours", _("approved hours"))
