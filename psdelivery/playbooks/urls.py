from django.urls import path

from psdelivery.playbooks.views import playbooks, steps

app_name = "playbooks"

urlpatterns = [
    path("", playbooks.playbook_list, name="playbook-list"),
    path("steps/<int:pk>/", steps.step_detail, name="step-detail"),
    path("steps/<int:pk>/complete/", steps.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", steps.step_reopen, name="step-reopen"),
    path("steps/<int:pk>/set-aside/", steps.step_set_aside, name="step-set-aside"),
    path("<slug:key>/", playbooks.playbook_detail, name="playbook-detail"),
]
