from django.urls import path

from engagements import handoff_urls
from engagements.views import (
    assessment,
    changes,
    dates,
    documents,
    gate,
    intake,
    lists,
    moves,
    offerings,
    pages,
    risk,
    steps,
    team,
)

app_name = "engagements"

urlpatterns = [
    path("", lists.engagement_list, name="engagement-list"),
    path("export/", lists.engagement_export, name="engagement-export"),
    path("export/start/", lists.export_start, name="export-start"),
    path("add/", intake.engagement_add, name="engagement-add"),
    path("offerings/", offerings.offering_list, name="offering-list"),
    path("offerings/add/", offerings.offering_add, name="offering-add"),
    path("offerings/<int:pk>/edit/", offerings.offering_edit, name="offering-edit"),
    path("<int:pk>/", pages.engagement_detail, name="engagement-detail"),
    path("<int:pk>/edit/", intake.engagement_edit, name="engagement-edit"),
    path("<int:pk>/move/", moves.engagement_move, name="engagement-move"),
    path("<int:pk>/ball/", moves.engagement_ball, name="engagement-ball"),
    path(
        "<int:pk>/gate/<slug:code>/",
        gate.engagement_condition,
        name="engagement-condition",
    ),
    path(
        "<int:pk>/gate/<slug:code>/withdraw/",
        gate.condition_withdraw,
        name="condition-withdraw",
    ),
    path("<int:pk>/risk/add/", risk.risk_add, name="risk-add"),
    path("<int:pk>/risk/<int:risk>/", risk.risk_detail, name="risk-detail"),
    path("<int:pk>/risk/<int:risk>/grant/", risk.risk_grant, name="risk-grant"),
    path("<int:pk>/risk/<int:risk>/refuse/", risk.risk_refuse, name="risk-refuse"),
    path("<int:pk>/risk/<int:risk>/end/", risk.risk_end, name="risk-end"),
    path(
        "<int:pk>/risk/<int:risk>/take-back/",
        risk.risk_take_back,
        name="risk-take-back",
    ),
    path("<int:pk>/dates/<int:anchor>/", dates.date_move, name="date-move"),
    path("<int:pk>/planned/<int:anchor>/", dates.planned_move, name="planned-move"),
    path("<int:pk>/steps/add/", steps.step_add, name="step-add"),
    path("<int:pk>/team/add/", team.member_add, name="team-member-add"),
    path("<int:pk>/team/<int:member>/edit/", team.member_edit, name="team-member-edit"),
    path(
        "<int:pk>/team/<int:member>/handover/",
        team.member_handover,
        name="team-member-handover",
    ),
    path(
        "<int:pk>/team/<int:member>/remove/",
        team.member_remove,
        name="team-member-remove",
    ),
    path("<int:pk>/documents/add/", documents.document_add, name="document-add"),
    path(
        "<int:pk>/documents/<int:document>/version/",
        documents.document_version,
        name="document-version",
    ),
    path(
        "<int:pk>/assessment/edit/", assessment.assessment_edit, name="assessment-edit"
    ),
    path("<int:pk>/changes/add/", changes.change_add, name="change-add"),
    path("<int:pk>/changes/units/", changes.units_edit, name="units-edit"),
    path("<int:pk>/changes/<int:change>/", changes.change_detail, name="change-detail"),
    path(
        "<int:pk>/changes/<int:change>/decide/",
        changes.change_decide,
        name="change-decide",
    ),
    path(
        "<int:pk>/changes/<int:change>/evidence/",
        changes.change_evidence,
        name="change-evidence",
    ),
    path(
        "<int:pk>/changes/<int:change>/withdraw/",
        changes.change_withdraw,
        name="change-withdraw",
    ),
    *handoff_urls.urlpatterns,
    # Last: any other word is a tab of the engagement page.
    path("<int:pk>/<slug:tab>/", pages.engagement_detail, name="engagement-tab"),
]
