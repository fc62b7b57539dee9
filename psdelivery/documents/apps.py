from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "psdelivery.documents"
    verbose_name = "Documents"
