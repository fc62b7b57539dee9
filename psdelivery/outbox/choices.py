from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    STAFF = "staff", _("Staff")
    CUSTOMER = "customer", _("Customer")


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready to leave")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Kept in the portal")
    ELSEWHERE = "elsewhere", _("Sent elsewhere")
    FAILED = "failed", _("Failed")
    STALE = "stale", _("Out of date")
    NEEDS_LOOK = "needs_look", _("Needs a look")
    CANCELLED = "cancelled", _("Cancelled")


class InvitationState(TextChoices):
    ACTIVE = "active", _("active")
    CANCELLED = "cancelled", _("cancelled")


# States in which somebody or something still has to act.
OPEN_STATES = frozenset(
    {
        State.DRAFT,
        State.READY,
        State.SENDING,
        State.FAILED,
        State.STALE,
        State.NEEDS_LOOK,
    }
)
RETRY_STATES = frozenset({State.FAILED, State.NEEDS_LOOK})
CANCEL_STATES = frozenset(
    {State.DRAFT, State.READY, State.FAILED, State.STALE, State.NEEDS_LOOK}
)
