from django.urls import path

from training.views import coverage, trainers

urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/export/", coverage.coverage_export, name="coverage-export"),
    path("trainers/me/", trainers.my_teaching, name="my-teaching"),
    path("trainers/<int:pk>/", trainers.trainer_profile, name="trainer-profile"),
    path("trainers/<int:pk>/account/", trainers.demo_account, name="demo-account"),
    path("certifications/add/", trainers.certification_add, name="certification-add"),
    path(
        "certifications/<int:pk>/",
        trainers.certification_detail,
        name="certification-detail",
    ),
    path(
        "certifications/<int:pk>/edit/",
        trainers.certification_edit,
        name="certification-edit",
    ),
    path(
        "certifications/<int:pk>/withdraw/",
        trainers.certification_withdraw,
        name="certification-withdraw",
    ),
    path(
        "certifications/<int:pk>/again/",
        trainers.certification_again,
        name="certification-again",
    ),
]
