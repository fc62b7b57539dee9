from django.urls import path

from scheduling.views import hours, hours_approval

urlpatterns = [
    path("hours/", hours.week_list, name="hours-week-list"),
    path("hours/weeks/add/", hours.week_add, name="hours-week-add"),
    path("hours/weeks/<int:pk>/", hours.week_detail, name="hours-week"),
    path("hours/weeks/<int:pk>/confirm/", hours.week_confirm, name="hours-confirm"),
    path("hours/approve/", hours_approval.approval_list, name="hours-approval-list"),
    path("hours/parts/<int:pk>/", hours_approval.part_detail, name="hours-part"),
    path(
        "hours/parts/<int:pk>/approve/",
        hours_approval.part_approve,
        name="hours-approve",
    ),
    path(
        "hours/parts/<int:pk>/return/", hours_approval.part_return, name="hours-return"
    ),
    path(
        "hours/parts/<int:pk>/correct/",
        hours_approval.part_correct,
        name="hours-correct",
    ),
]
