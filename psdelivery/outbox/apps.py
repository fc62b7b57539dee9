from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "psdelivery.outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from psdelivery.history.verbs import register_verb
        from psdelivery.operations.events import PortalRestored
        from psdelivery.operations.looks import Look, register_look
        from psdelivery.outbox.accounts import send_log_in_link
        from psdelivery.outbox.checks import check_lease
        from psdelivery.outbox.personal_data import register_mail_data
        from psdelivery.outbox.purge import register_text_purge
        from psdelivery.outbox.services.restored import hold_customer_mail
        from psdelivery.outbox.services.templates import load_templates
        from psdelivery.outbox.time_off import register_time_off
        from psdelivery.people.events import LogInLinkWanted
        from psdelivery.registry import reactions, shipped_data

        register_verb("message-queued", _("sent the customer a mail"))
        register_verb("message-retried", _("sent the mail again"))
        register_verb("message-cancelled", _("cancelled the mail"))
        register_verb("message-confirmed", _("noted that the mail arrived"))
        register_verb("message-failed", _("could not send the mail"))
        register_verb("message-needs-look", _("does not know whether the mail left"))
        register_verb("message-elsewhere", _("noted as sent from elsewhere:"))
        register_verb("message-stale", _("found out of date:"))
        register_verb("message-bounced", _("noted that it came back:"))
        register_verb("mail-drafted", _("prepared the mail"))
        register_verb("draft-edited", _("changed the text of the draft"))
        register_verb("draft-remade", _("made the draft again"))
        register_verb("address-marked-bad", _("noted that mail does not reach"))
        register_verb("address-cleared", _("lets mail go again to"))
        register_verb("template-edited", _("changed the mail template"))
        register_verb("template-restored", _("went back to an earlier mail template"))
        checks.register(check_lease)
        reactions.register(PortalRestored, hold_customer_mail)
        register_look(Look("outbox.send_ready", "mail", "mail-look", _("Mail")))
        register_mail_data()
        register_text_purge()
        shipped_data.register("Mail templates", load_templates, order=30)
        reactions.register(LogInLinkWanted, send_log_in_link)
        register_time_off()
