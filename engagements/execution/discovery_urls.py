"""Addresses of question sets and of discovery."""

from django.urls import path

from engagements.execution.views import (
    assumptions,
    discovery,
    discovery_questions,
    question_sets,
    recap,
)

urlpatterns = [
    path("question-sets/", question_sets.question_set_list, name="question-set-list"),
    path("question-sets/add/", question_sets.question_set_add, name="question-set-add"),
    path(
        "question-sets/<int:pk>/edit/",
        question_sets.question_set_edit,
        name="question-set-edit",
    ),
    path(
        "engagements/<int:pk>/discovery/add/",
        discovery.discovery_add,
        name="discovery-add",
    ),
    path("discovery/<int:pk>/", discovery.discovery_detail, name="discovery-detail"),
    path("discovery/<int:pk>/edit/", discovery.discovery_edit, name="discovery-edit"),
    path(
        "discovery/<int:pk>/remove/",
        discovery.discovery_remove,
        name="discovery-remove",
    ),
    path(
        "discovery/<int:pk>/print/", discovery.discovery_print, name="discovery-print"
    ),
    path(
        "discovery/<int:pk>/mail/<slug:kind>/",
        discovery.discovery_mail,
        name="discovery-mail",
    ),
    path(
        "discovery/<int:pk>/questions/",
        discovery_questions.questions_edit,
        name="discovery-questions",
    ),
    path(
        "discovery/<int:pk>/questions/add/",
        discovery_questions.question_add,
        name="discovery-question-add",
    ),
    path(
        "discovery/<int:pk>/notes/file/", recap.notes_file, name="discovery-notes-file"
    ),
    path("discovery/<int:pk>/recap/draft/", recap.recap_draft, name="recap-draft"),
    path(
        "discovery/<int:pk>/recap/read-back/",
        recap.recap_read_back,
        name="recap-read-back",
    ),
    path(
        "discovery/<int:pk>/recap/confirm/", recap.recap_confirm, name="recap-confirm"
    ),
    path(
        "engagements/<int:pk>/assumptions/take/",
        assumptions.assumptions_take,
        name="assumptions-take",
    ),
    path(
        "engagements/<int:pk>/assumptions/add/",
        assumptions.assumption_add,
        name="assumption-add",
    ),
    path(
        "assumptions/<int:pk>/",
        assumptions.assumption_decide,
        name="assumption-decide",
    ),
    path(
        "assumptions/<int:pk>/drop/",
        assumptions.assumption_drop,
        name="assumption-drop",
    ),
]
