"""Addresses of the reports on health."""

from django.urls import path

from engagements.execution.views import health

urlpatterns = [
    path("<int:pk>/health/", health.health_list, name="health-list"),
    path("<int:pk>/health/add/", health.health_add, name="health-add"),
    path("health/<int:pk>/", health.health_detail, name="health-detail"),
    path("health/<int:pk>/mail/", health.health_mail, name="health-mail"),
]
