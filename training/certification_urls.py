"""Addresses of the certification: the queue, submissions, imports and rubrics."""

from django.urls import path

from training.views import form_imports, releasing, rubrics, submissions

urlpatterns = [
    path("courses/<int:pk>/rubric/", rubrics.course_rubric, name="course-rubric"),
    path(
        "classes/<int:pk>/certification/",
        submissions.delivery_certification,
        name="delivery-certification",
    ),
    path(
        "classes/<int:pk>/submissions/add/",
        submissions.submission_add,
        name="submission-add",
    ),
    path(
        "classes/<int:pk>/submissions/import/",
        form_imports.submission_import,
        name="submission-import",
    ),
    path("form-results/<int:pk>/", form_imports.import_detail, name="import-detail"),
    path(
        "form-results/<int:pk>/columns/",
        form_imports.import_columns,
        name="import-columns",
    ),
    path("form-results/<int:pk>/enter/", form_imports.import_run, name="import-run"),
    path(
        "form-results/<int:pk>/discard/",
        form_imports.import_discard,
        name="import-discard",
    ),
    path("submissions/", submissions.submission_list, name="submission-list"),
    path(
        "submissions/assign/", submissions.submission_assign, name="submission-assign"
    ),
    path(
        "submissions/<int:pk>/", releasing.submission_detail, name="submission-detail"
    ),
    path(
        "submissions/<int:pk>/release/",
        releasing.submission_release,
        name="submission-release",
    ),
    path(
        "submissions/<int:pk>/correct/",
        submissions.submission_correct,
        name="submission-correct",
    ),
    path(
        "submissions/<int:pk>/reviewer/",
        submissions.submission_reviewer,
        name="submission-reviewer",
    ),
    path(
        "submissions/<int:pk>/withdraw/",
        submissions.submission_withdraw,
        name="submission-withdraw",
    ),
    path(
        "submissions/<int:pk>/restore/",
        submissions.submission_restore,
        name="submission-restore",
    ),
]
