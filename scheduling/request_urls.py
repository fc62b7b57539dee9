"""The addresses of requests and of what is booked for them."""

from django.urls import path

from scheduling.views import allocations, asking, booking, commented, requests

urlpatterns = [
    path(
        "comments/<int:pk>/request/",
        commented.comment_request,
        name="comment-request",
    ),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/add/", asking.request_add, name="request-add"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/edit/", asking.request_edit, name="request-edit"),
    path("requests/<int:pk>/submit/", requests.request_submit, name="request-submit"),
    path("requests/<int:pk>/review/", requests.request_review, name="request-review"),
    path("requests/<int:pk>/refuse/", requests.request_refuse, name="request-refuse"),
    path("requests/<int:pk>/answer/", requests.request_answer, name="request-answer"),
    path(
        "requests/<int:pk>/withdraw/",
        requests.request_withdraw,
        name="request-withdraw",
    ),
    path("requests/<int:pk>/book/", booking.request_book, name="request-book"),
    path("bookings/add/", booking.allocation_add, name="allocation-add"),
    path(
        "bookings/<int:pk>/edit/",
        booking.allocation_edit,
        name="allocation-edit",
    ),
    path(
        "bookings/<int:pk>/release/",
        booking.allocation_release,
        name="allocation-release",
    ),
    path("bookings/<int:pk>/", allocations.allocation_detail, name="allocation-detail"),
]
