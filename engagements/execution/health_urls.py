"""Addresses of the reports on health and of a dedicated engineer's rhythm."""

from django.urls import path

from engagements.execution.views import dedicated, health

urlpatterns = [
    path("<int:pk>/health/", health.health_list, name="health-list"),
    path("<int:pk>/health/add/", health.health_add, name="health-add"),
    path("health/<int:pk>/", health.health_detail, name="health-detail"),
    path("health/<int:pk>/mail/", health.health_mail, name="health-mail"),
    path(
        "<int:pk>/goals/<int:year>/<int:month>/",
        dedicated.goals_edit,
        name="goals-edit",
    ),
    path(
        "<int:pk>/week/<int:year>/<int:month>/<int:day>/",
        dedicated.summary_edit,
        name="summary-edit",
    ),
    path(
        "<int:pk>/hours/<int:year>/<int:month>/",
        dedicated.hours_review,
        name="hours-review",
    ),
    path("<int:pk>/renewal/", dedicated.renewal_decide, name="renewal-decide"),
]
