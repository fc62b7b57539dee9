from django.urls import path

from training import (
    certification_urls,
    dates_urls,
    labs_urls,
    plan_urls,
    roster_urls,
    trainer_urls,
)
from training.views import calendar, classes, courses, entering, sessions

app_name = "training"

urlpatterns = [
    *plan_urls.urlpatterns,
    *roster_urls.urlpatterns,
    path("", classes.delivery_list, name="delivery-list"),
    path("calendar/", calendar.delivery_calendar, name="delivery-calendar"),
    path("day/", calendar.trainer_day, name="trainer-day"),
    path("courses/", courses.course_list, name="course-list"),
    path("courses/add/", courses.course_add, name="course-add"),
    path("courses/<int:pk>/", courses.course_detail, name="course-detail"),
    path("courses/<int:pk>/edit/", courses.course_edit, name="course-edit"),
    *trainer_urls.urlpatterns,
    path(
        "engagements/<int:pk>/classes/add/",
        entering.delivery_add,
        name="delivery-add",
    ),
    path("classes/<int:pk>/", classes.delivery_detail, name="delivery-detail"),
    path("classes/<int:pk>/edit/", classes.delivery_edit, name="delivery-edit"),
    path("classes/<int:pk>/move/", classes.delivery_move, name="delivery-move"),
    path(
        "classes/<int:pk>/moved/mail/", classes.moved_attendees, name="moved-attendees"
    ),
    path("classes/<int:pk>/links/mail/", classes.links_mail, name="links-mail"),
    path("classes/<int:pk>/link/", classes.delivery_link, name="delivery-link"),
    path(
        "classes/<int:pk>/trainer/", classes.delivery_trainer, name="delivery-trainer"
    ),
    path("classes/<int:pk>/cancel/", classes.delivery_cancel, name="delivery-cancel"),
    path("classes/<int:pk>/sessions/add/", sessions.session_add, name="session-add"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session-edit"),
    path("sessions/<int:pk>/remove/", sessions.session_remove, name="session-remove"),
    *labs_urls.urlpatterns,
    *dates_urls.urlpatterns,
    *certification_urls.urlpatterns,
]
