from django.urls import path

from psdelivery.playbooks.views import (
    adoption,
    editing,
    handing,
    mail,
    moves,
    playbooks,
    steps,
)

app_name = "playbooks"

urlpatterns = [
    path("", playbooks.playbook_list, name="playbook-list"),
    path("steps/<int:pk>/", steps.step_detail, name="step-detail"),
    path("steps/<int:pk>/complete/", steps.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", steps.step_reopen, name="step-reopen"),
    path("steps/<int:pk>/mail/", mail.step_mail, name="step-mail"),
    path("steps/<int:pk>/elsewhere/", mail.step_elsewhere, name="step-elsewhere"),
    path("steps/<int:pk>/set-aside/", steps.step_set_aside, name="step-set-aside"),
    path("steps/<int:pk>/hand/", handing.step_hand, name="step-hand"),
    path("steps/<int:pk>/snooze/", handing.step_snooze, name="step-snooze"),
    path("steps/<int:pk>/wake/", handing.step_wake, name="step-wake"),
    path("steps/<int:pk>/delegate/", handing.step_delegate, name="step-delegate"),
    path("steps/<int:pk>/take-back/", handing.step_take_back, name="step-take-back"),
    path("steps/<int:pk>/pass/", handing.step_pass, name="step-pass"),
    path("steps/<int:pk>/unpin/", handing.step_unpin, name="step-unpin"),
    path(
        "checklists/<int:pk>/adopt/", adoption.checklist_adopt, name="checklist-adopt"
    ),
    path("moves/<int:pk>/", moves.move_detail, name="move-detail"),
    path("moves/<int:pk>/undo/", moves.move_undo, name="move-undo"),
    path("<slug:key>/", playbooks.playbook_detail, name="playbook-detail"),
    path("<slug:key>/versions/", playbooks.playbook_versions, name="playbook-versions"),
    path(
        "<slug:key>/versions/<int:version>/",
        playbooks.playbook_version,
        name="playbook-version",
    ),
    path("<slug:key>/running/", playbooks.playbook_running, name="playbook-running"),
    path("<slug:key>/draft/", editing.draft_detail, name="draft-detail"),
    path("<slug:key>/draft/start/", editing.draft_start, name="draft-start"),
    path("<slug:key>/draft/note/", editing.draft_note, name="draft-note"),
    path("<slug:key>/draft/publish/", editing.draft_publish, name="draft-publish"),
    path("<slug:key>/draft/discard/", editing.draft_discard, name="draft-discard"),
    path("<slug:key>/draft/steps/add/", editing.draft_step_add, name="draft-step-add"),
    path(
        "<slug:key>/draft/steps/<int:pk>/",
        editing.draft_step_edit,
        name="draft-step-edit",
    ),
    path(
        "<slug:key>/draft/steps/<int:pk>/remove/",
        editing.draft_step_remove,
        name="draft-step-remove",
    ),
    path(
        "<slug:key>/draft/steps/<int:pk>/shift/",
        editing.draft_step_shift,
        name="draft-step-shift",
    ),
]
