"""Addresses of proposed dates, of the trainer's booking and of planning meetings."""

from django.urls import path

from training.views import booking, planning_meetings, proposals

urlpatterns = [
    path(
        "engagements/<int:pk>/meetings/add/",
        planning_meetings.meeting_add,
        name="meeting-add",
    ),
    path("meetings/<int:pk>/", planning_meetings.meeting_detail, name="meeting-detail"),
    path(
        "meetings/<int:pk>/edit/", planning_meetings.meeting_edit, name="meeting-edit"
    ),
    path(
        "meetings/<int:pk>/cancel/",
        planning_meetings.meeting_cancel,
        name="meeting-cancel",
    ),
    path(
        "meetings/<int:pk>/held/", planning_meetings.meeting_held, name="meeting-held"
    ),
    path(
        "meetings/<int:pk>/answer/",
        planning_meetings.meeting_answer,
        name="meeting-answer",
    ),
    path(
        "classes/<int:pk>/booking/", booking.delivery_booking, name="delivery-booking"
    ),
    path(
        "engagements/<int:pk>/dates/propose/",
        proposals.proposal_add,
        name="proposal-add",
    ),
    path("dates/<int:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path(
        "dates/<int:pk>/confirm/", proposals.proposal_confirm, name="proposal-confirm"
    ),
    path(
        "dates/<int:pk>/withdraw/",
        proposals.proposal_withdraw,
        name="proposal-withdraw",
    ),
]
