"""Addresses of kickoff, plan, deliverables and kits."""

from django.urls import path

from engagements.execution.views import (
    deliverables,
    kickoff,
    kickoff_call,
    kits,
    plan,
    raci,
    risks,
)

urlpatterns = [
    path(
        "engagements/<int:pk>/kickoff/", kickoff.kickoff_detail, name="kickoff-detail"
    ),
    path(
        "engagements/<int:pk>/kickoff/begin/",
        kickoff.kickoff_begin,
        name="kickoff-begin",
    ),
    path(
        "engagements/<int:pk>/kickoff/call/",
        kickoff_call.kickoff_call,
        name="kickoff-call",
    ),
    path(
        "engagements/<int:pk>/kickoff/call/cancel/",
        kickoff_call.kickoff_call_off,
        name="kickoff-call-cancel",
    ),
    path(
        "engagements/<int:pk>/kickoff/links/",
        kickoff.kickoff_links,
        name="kickoff-links",
    ),
    path(
        "engagements/<int:pk>/kickoff/held/", kickoff.kickoff_held, name="kickoff-held"
    ),
    path("engagements/<int:pk>/risks/add/", risks.risk_add, name="risk-add"),
    path("risks/<int:pk>/edit/", risks.risk_edit, name="risk-edit"),
    path("engagements/<int:pk>/raci/", raci.raci_edit, name="raci-edit"),
    path("engagements/<int:pk>/raci/agree/", raci.raci_agree, name="raci-agree"),
    path("engagements/<int:pk>/template/", raci.template_take, name="template-take"),
    path(
        "engagements/<int:pk>/deliverables/add/",
        plan.deliverable_add,
        name="deliverable-add",
    ),
    path("engagements/<int:pk>/plan/agree/", plan.plan_agree, name="plan-agree"),
    path(
        "deliverables/<int:pk>/",
        deliverables.deliverable_detail,
        name="deliverable-detail",
    ),
    path("deliverables/<int:pk>/edit/", plan.deliverable_edit, name="deliverable-edit"),
    path(
        "deliverables/<int:pk>/remove/",
        plan.deliverable_remove,
        name="deliverable-remove",
    ),
    path(
        "deliverables/<int:pk>/version/", deliverables.version_add, name="version-add"
    ),
    path(
        "deliverables/<int:pk>/move/",
        deliverables.deliverable_move,
        name="deliverable-move",
    ),
    path(
        "deliverables/<int:pk>/review/",
        deliverables.deliverable_review,
        name="deliverable-review",
    ),
    path("offerings/<int:pk>/kit/", kits.kit_detail, name="kit-detail"),
    path("offerings/<int:pk>/kit/add/", kits.kit_item_add, name="kit-item-add"),
    path("kit-items/<int:pk>/edit/", kits.kit_item_edit, name="kit-item-edit"),
    path("engagements/<int:pk>/kit/take/", kits.kit_take, name="kit-take"),
    path("engagements/<int:pk>/links/add/", kits.link_add, name="link-add"),
    path("links/<int:pk>/remove/", kits.link_remove, name="link-remove"),
    path("engagements/<int:pk>/lessons/add/", kits.lesson_add, name="lesson-add"),
    path("lessons/<int:pk>/answer/", kits.lesson_answer, name="lesson-answer"),
]
