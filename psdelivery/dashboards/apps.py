from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "psdelivery.dashboards"
    verbose_name = "Dashboards"
