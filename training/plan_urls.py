"""Addresses of the event plan and of the meeting of a class."""

from django.urls import path

from training.views import event_plan, meetings

urlpatterns = [
    path("classes/<int:pk>/plan/", event_plan.plan_detail, name="delivery-plan"),
    path(
        "classes/<int:pk>/plan/begin/",
        event_plan.plan_begin,
        name="delivery-plan-begin",
    ),
    path(
        "classes/<int:pk>/plan/choices/",
        event_plan.plan_choices,
        name="delivery-plan-choices",
    ),
    path(
        "classes/<int:pk>/plan/keep/", event_plan.plan_keep, name="delivery-plan-keep"
    ),
    path(
        "classes/<int:pk>/plan/print/",
        event_plan.plan_print,
        name="delivery-plan-print",
    ),
    path(
        "classes/<int:pk>/plan/versions/<int:number>/",
        event_plan.plan_version,
        name="delivery-plan-version",
    ),
    path(
        "classes/<int:pk>/meeting/", meetings.delivery_meeting, name="delivery-meeting"
    ),
    path("classes/<int:pk>/invite/", meetings.delivery_invite, name="delivery-invite"),
    path(
        "classes/<int:pk>/uninvite/",
        meetings.delivery_uninvite,
        name="delivery-uninvite",
    ),
]
