from django.urls import path

from scheduling.views import requests

app_name = "scheduling"

urlpatterns = [
    path("requests/", requests.request_list, name="request-list"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
]
