"""What the history says of mails, drafts, addresses and templates."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb

VERBS = {
    "message-queued": _("sent the customer a mail"),
    "message-retried": _("sent the mail again"),
    "message-cancelled": _("cancelled the mail"),
    "message-confirmed": _("noted that the mail arrived"),
    "message-failed": _("could not send the mail"),
    "message-needs-look": _("does not know whether the mail left"),
    "message-elsewhere": _("noted as sent from elsewhere:"),
    "message-stale": _("found out of date:"),
    "draft-true-again": _("found true again:"),
    "message-bounced": _("noted that it came back:"),
    "mail-drafted": _("prepared the mail"),
    "draft-edited": _("changed the text of the draft"),
    "recipients-changed": _("changed who gets the draft"),
    "draft-remade": _("made the draft again"),
    "address-marked-bad": _("noted that mail does not reach"),
    "address-cleared": _("lets mail go again to"),
    "template-edited": _("changed the mail template"),
    "template-restored": _("went back to an earlier mail template"),
}


def register_verbs() -> None:
    """Enter the words of the outbox in the history's register."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    register_field("cc", _("copy to"))
