from django.urls import path

from training.views import classes, courses, entering, sessions, submissions

app_name = "training"

urlpatterns = [
    path("", classes.delivery_list, name="delivery-list"),
    path("courses/", courses.course_list, name="course-list"),
    path("courses/add/", courses.course_add, name="course-add"),
    path("courses/<int:pk>/edit/", courses.course_edit, name="course-edit"),
    path(
        "engagements/<int:pk>/classes/add/",
        entering.delivery_add,
        name="delivery-add",
    ),
    path("classes/<int:pk>/", classes.delivery_detail, name="delivery-detail"),
    path("classes/<int:pk>/edit/", classes.delivery_edit, name="delivery-edit"),
    path("classes/<int:pk>/move/", classes.delivery_move, name="delivery-move"),
    path("classes/<int:pk>/link/", classes.delivery_link, name="delivery-link"),
    path(
        "classes/<int:pk>/trainer/", classes.delivery_trainer, name="delivery-trainer"
    ),
    path("classes/<int:pk>/cancel/", classes.delivery_cancel, name="delivery-cancel"),
    path("classes/<int:pk>/sessions/add/", sessions.session_add, name="session-add"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session-edit"),
    path("sessions/<int:pk>/remove/", sessions.session_remove, name="session-remove"),
    path(
        "classes/<int:pk>/submissions/add/",
        submissions.submission_add,
        name="submission-add",
    ),
    path("submissions/", submissions.submission_list, name="submission-list"),
    path(
        "submissions/<int:pk>/",
        submissions.submission_detail,
        name="submission-detail",
    ),
    path(
        "submissions/<int:pk>/release/",
        submissions.submission_release,
        name="submission-release",
    ),
    path(
        "submissions/<int:pk>/reviewer/",
        submissions.submission_reviewer,
        name="submission-reviewer",
    ),
]
