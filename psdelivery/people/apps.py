from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "psdelivery.people"
    verbose_name = "People"
