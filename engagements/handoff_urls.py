"""Addresses below the tab "Handoff" of an engagement."""

from django.urls import path

from engagements.views import handoff, handoff_call

urlpatterns = [
    path("<int:pk>/handoff/call/", handoff_call.handoff_call, name="handoff-call"),
    path(
        "<int:pk>/handoff/call/cancel/",
        handoff_call.handoff_call_off,
        name="handoff-call-cancel",
    ),
    path("<int:pk>/handoff/begin/", handoff.handoff_begin, name="handoff-begin"),
    path("<int:pk>/handoff/held/", handoff.handoff_held, name="handoff-held"),
    path("<int:pk>/handoff/written/", handoff.handoff_written, name="handoff-written"),
    path(
        "<int:pk>/handoff/acknowledge/",
        handoff.handoff_acknowledge,
        name="handoff-acknowledge",
    ),
    path(
        "<int:pk>/handoff/kickoff-first/",
        handoff.kickoff_first,
        name="handoff-kickoff-first",
    ),
    path("<int:pk>/handoff/summary/", handoff.handoff_summary, name="handoff-summary"),
    path(
        "<int:pk>/handoff/questions/add/",
        handoff.question_add,
        name="handoff-question-add",
    ),
    path(
        "<int:pk>/handoff/questions/<int:question>/answer/",
        handoff.question_answer,
        name="handoff-question-answer",
    ),
    path(
        "<int:pk>/handoff/questions/<int:question>/step/",
        handoff.question_step,
        name="handoff-question-step",
    ),
]
