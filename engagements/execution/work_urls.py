"""Addresses of work items."""

from django.urls import path

from engagements.execution.views import (
    collaboration,
    open_questions,
    work_drafts,
    work_items,
)

urlpatterns = [
    path("<int:pk>/project/", collaboration.project_edit, name="work-project"),
    path("<int:pk>/push/", collaboration.push, name="work-push"),
    path("items/<int:pk>/there/", collaboration.there, name="work-item-there"),
    path("items/<int:pk>/there/take/", collaboration.take, name="work-item-take"),
    path(
        "items/<int:pk>/there/overwrite/",
        collaboration.overwrite,
        name="work-item-overwrite",
    ),
    path("<int:pk>/items/draft/", work_drafts.draft, name="work-draft"),
    path("<int:pk>/items.md", work_drafts.markdown_file, name="work-markdown"),
    path("<int:pk>/items/add/", work_items.item_add, name="work-item-add"),
    path("items/<int:pk>/", work_items.item_detail, name="work-item-detail"),
    path("items/<int:pk>/edit/", work_items.item_edit, name="work-item-edit"),
    path("items/<int:pk>/move/", work_items.item_move, name="work-item-move"),
    path("items/<int:pk>/remove/", work_items.item_remove, name="work-item-remove"),
    path(
        "items/<int:pk>/questions/add/",
        open_questions.question_add,
        name="open-question-add",
    ),
    path(
        "questions/<int:pk>/answer/",
        open_questions.question_answer,
        name="open-question-answer",
    ),
    path(
        "questions/<int:pk>/risk/",
        open_questions.question_risk,
        name="open-question-risk",
    ),
    path(
        "questions/<int:pk>/drop/",
        open_questions.question_drop,
        name="open-question-drop",
    ),
]
