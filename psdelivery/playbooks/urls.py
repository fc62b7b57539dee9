from django.urls import path

from psdelivery.playbooks import views

app_name = "playbooks"

urlpatterns = [
    path("", views.playbook_list, name="playbook-list"),
    path("steps/<int:pk>/", views.step_detail, name="step-detail"),
    path("steps/<int:pk>/complete/", views.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", views.step_reopen, name="step-reopen"),
    path("steps/<int:pk>/set-aside/", views.step_set_aside, name="step-set-aside"),
    path("<slug:key>/", views.playbook_detail, name="playbook-detail"),
]
