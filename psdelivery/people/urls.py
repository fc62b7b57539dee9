from django.urls import path

from psdelivery.people.views import (
    customers,
    hours,
    people,
    personal_data,
    places,
    profile,
    settings,
    skill_register,
    skills,
    theme,
    time_off,
)

app_name = "people"

urlpatterns = [
    path("", people.person_list, name="person-list"),
    path("add/", people.person_add, name="person-add"),
    path("<int:pk>/", people.person_detail, name="person-detail"),
    path("<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("<int:pk>/roles/", people.person_roles, name="person-roles"),
    path("<int:pk>/leave/", people.person_leave, name="person-leave"),
    path("<int:pk>/return/", people.person_return, name="person-return"),
    path("<int:pk>/link/", people.person_link, name="person-link"),
    path("<int:pk>/erase/", personal_data.person_erase, name="person-erase"),
    path("<int:pk>/export/", personal_data.person_export, name="person-export"),
    path("personal-data/", personal_data.personal_data, name="personal-data"),
    path("<int:pk>/time-off/add/", time_off.time_off_add, name="time-off-add"),
    path("time-off/", time_off.time_off_list, name="time-off-list"),
    path("time-off/<int:pk>/", time_off.time_off_detail, name="time-off-detail"),
    path("time-off/<int:pk>/edit/", time_off.time_off_edit, name="time-off-edit"),
    path("time-off/<int:pk>/cancel/", time_off.time_off_cancel, name="time-off-cancel"),
    path("time-off/<int:pk>/decide/", time_off.time_off_decide, name="time-off-decide"),
    path("profile/time-off/", time_off.my_time_off, name="my-time-off"),
    path("<int:pk>/hours/", hours.person_hours, name="person-hours"),
    path("<int:pk>/hours/add/", hours.hours_add, name="hours-add"),
    path("hours/<int:pk>/remove/", hours.hours_remove, name="hours-remove"),
    path("profile/hours/", hours.my_hours, name="my-hours"),
    path("<int:pk>/skills/", skills.person_skills, name="person-skills"),
    path("profile/skills/", skills.my_skills, name="my-skills"),
    path("skills/", skills.skill_matrix, name="skill-matrix"),
    path("skills/export/", skills.skill_export, name="skill-export"),
    path("skills/<int:pk>/confirm/", skills.skill_confirm, name="skill-confirm"),
    path("skills/register/", skill_register.skill_list, name="skill-list"),
    path("skills/register/add/", skill_register.skill_add, name="skill-add"),
    path(
        "skills/register/<int:pk>/edit/", skill_register.skill_edit, name="skill-edit"
    ),
    path("profile/", profile.profile, name="profile"),
    path("profile/theme/", theme.theme, name="theme"),
    path("subdivisions/", places.subdivision_options, name="subdivision-options"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/add/", customers.customer_add, name="customer-add"),
    path("customers/<int:pk>/", customers.customer_detail, name="customer-detail"),
    path("customers/<int:pk>/edit/", customers.customer_edit, name="customer-edit"),
    path("customers/<int:pk>/contacts/add/", customers.contact_add, name="contact-add"),
    path("contacts/<int:pk>/edit/", customers.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/erase/", personal_data.contact_erase, name="contact-erase"),
    path(
        "contacts/<int:pk>/export/", personal_data.contact_export, name="contact-export"
    ),
    path("settings/", settings.setting_list, name="setting-list"),
    path("settings/<str:key>/edit/", settings.setting_edit, name="setting-edit"),
]
