from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "psdelivery.history"
    verbose_name = "History"
