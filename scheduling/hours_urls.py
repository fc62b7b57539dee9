from django.urls import path

from scheduling.views import hours, hours_approval, hours_import, hours_list

urlpatterns = [
    path("hours/", hours.week_list, name="hours-week-list"),
    path("hours/weeks/add/", hours.week_add, name="hours-week-add"),
    path("hours/weeks/<int:pk>/", hours.week_detail, name="hours-week"),
    path("hours/weeks/<int:pk>/confirm/", hours.week_confirm, name="hours-confirm"),
    path("hours/worked/", hours_list.worked_list, name="hours-list"),
    path("hours/worked.csv", hours_list.worked_export, name="hours-export"),
    path("hours/worked.xlsx", hours_list.worked_sheet, name="hours-sheet"),
    path(
        "hours/engagements/<int:pk>/",
        hours_list.engagement_hours,
        name="engagement-hours",
    ),
    path("hours/import/", hours_import.import_list, name="hours-import-list"),
    path(
        "hours/import/<int:pk>/",
        hours_import.import_detail,
        name="hours-import-detail",
    ),
    path(
        "hours/import/<int:pk>/run/", hours_import.import_run, name="hours-import-run"
    ),
    path(
        "hours/import/<int:pk>/discard/",
        hours_import.import_discard,
        name="hours-import-discard",
    ),
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
