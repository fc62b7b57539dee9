"""Addresses of question sets and of discovery."""

from django.urls import path

from engagements.execution.views import question_sets

urlpatterns = [
    path("question-sets/", question_sets.question_set_list, name="question-set-list"),
    path("question-sets/add/", question_sets.question_set_add, name="question-set-add"),
    path(
        "question-sets/<int:pk>/edit/",
        question_sets.question_set_edit,
        name="question-set-edit",
    ),
]
