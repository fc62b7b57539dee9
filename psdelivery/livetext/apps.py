from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveTextConfig(AppConfig):
    name = "psdelivery.livetext"
    verbose_name = _("Live text")

    def ready(self) -> None:
        from psdelivery.history.verbs import register_field, register_verb
        from psdelivery.livetext.personal_data import register_text_data

        register_verb("text-changed", _("wrote"))
        register_verb("text-removed", _("took away"))
        register_text_data()
        register_field("part", _("part"))
