from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "psdelivery.outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from psdelivery.operations.events import PortalRestored
        from psdelivery.operations.looks import Look, register_look
        from psdelivery.outbox.accounts import send_log_in_link
        from psdelivery.outbox.checks import check_lease
        from psdelivery.outbox.daily import KIND as DAILY
        from psdelivery.outbox.daily import render_notices
        from psdelivery.outbox.personal_data import register_mail_data
        from psdelivery.outbox.purge import register_text_purge
        from psdelivery.outbox.renderers import register_kind, register_renderer
        from psdelivery.outbox.services.restored import hold_customer_mail
        from psdelivery.outbox.services.templates import load_templates
        from psdelivery.outbox.services.trial import KIND as TEST_MAIL
        from psdelivery.outbox.time_off import register_time_off
        from psdelivery.outbox.verbs import register_verbs
        from psdelivery.outbox.waiting import mails_to_check
        from psdelivery.people.events import LogInLinkWanted
        from psdelivery.registry import reactions, shipped_data, waiting

        register_verbs()
        checks.register(check_lease)
        reactions.register(PortalRestored, hold_customer_mail)
        register_look(Look("outbox.send_ready", "mail", "mail-look", _("Mail")))
        register_look(Look("outbox.find_stale", "mail", "draft-look", _("Drafts")))
        register_mail_data()
        register_text_purge()
        shipped_data.register("Mail templates", load_templates, order=30)
        reactions.register(LogInLinkWanted, send_log_in_link)
        register_time_off()
        # The place of the reminders tells them in the same mail.
        register_renderer(DAILY, render_notices, title=_("Mail of the morning"))
        register_kind(TEST_MAIL, _("Test mail"))
        waiting.register("mails", mails_to_check, order=20)
