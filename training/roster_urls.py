from django.urls import path

from training.views import parking_lot, reports, roster, roster_entries

urlpatterns = [
    path("classes/<int:pk>/roster/", roster.delivery_roster, name="delivery-roster"),
    path(
        "classes/<int:pk>/roster/export/<slug:extension>/",
        roster.roster_export,
        name="roster-export",
    ),
    path(
        "classes/<int:pk>/roster/hand-in/",
        roster.roster_hand_in,
        name="roster-hand-in",
    ),
    path(
        "classes/<int:pk>/roster/import/",
        reports.report_upload,
        name="report-upload",
    ),
    path(
        "classes/<int:pk>/roster/reports/<int:report>/",
        reports.report_review,
        name="report-review",
    ),
    path(
        "classes/<int:pk>/roster/reports/<int:report>/rows/<int:row>/reopen/",
        reports.row_reopen,
        name="row-reopen",
    ),
    path(
        "classes/<int:pk>/roster/add/",
        roster_entries.attendee_add,
        name="attendee-add",
    ),
    path(
        "attendees/<int:pk>/edit/", roster_entries.attendee_edit, name="attendee-edit"
    ),
    path(
        "attendees/<int:pk>/call-off/",
        roster_entries.attendee_call_off,
        name="attendee-call-off",
    ),
    path(
        "sessions/<int:pk>/attendance/",
        roster_entries.attendance_edit,
        name="attendance-edit",
    ),
    path("classes/<int:pk>/roster/count/", roster_entries.count_add, name="count-add"),
    path(
        "classes/<int:pk>/roster/seats/",
        roster_entries.seat_order_add,
        name="seat-order-add",
    ),
    path(
        "seat-orders/<int:pk>/decide/",
        roster_entries.seat_order_decide,
        name="seat-order-decide",
    ),
    path(
        "classes/<int:pk>/roster/links/",
        roster_entries.closing_links,
        name="closing-links",
    ),
    path(
        "classes/<int:pk>/roster/survey/",
        roster_entries.survey_add,
        name="survey-add",
    ),
    path("classes/<int:pk>/parked/add/", parking_lot.parked_add, name="parked-add"),
    path("parked/<int:pk>/answer/", parking_lot.parked_answer, name="parked-answer"),
    path("parked/<int:pk>/step/", parking_lot.parked_step, name="parked-step"),
]
