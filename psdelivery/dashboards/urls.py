from django.urls import path

from psdelivery.dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("", views.my_day, name="my-day"),
    path("steps/", views.step_list, name="step-list"),
    path("portfolio/", views.portfolio, name="portfolio"),
]
