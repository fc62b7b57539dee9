from django.urls import path

from scheduling.views import hours

urlpatterns = [
    path("hours/", hours.week_list, name="hours-week-list"),
    path("hours/weeks/add/", hours.week_add, name="hours-week-add"),
    path("hours/weeks/<int:pk>/", hours.week_detail, name="hours-week"),
    path("hours/weeks/<int:pk>/confirm/", hours.week_confirm, name="hours-confirm"),
]
