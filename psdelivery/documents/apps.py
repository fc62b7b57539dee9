from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "psdelivery.documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from psdelivery.documents.personal_data import register_document_data
        from psdelivery.documents.settings import register_document_settings
        from psdelivery.history.verbs import register_verb

        register_document_settings()
        register_document_data()
        register_verb("document-added", _("added a document"))
        register_verb("document-version-added", _("added a newer version of"))
