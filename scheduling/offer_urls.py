"""Addresses of matching and offers; `scheduling.urls` takes them over."""

from django.urls import path

from scheduling.views import matching, offers

urlpatterns = [
    path(
        "requests/<int:pk>/candidates/",
        matching.request_candidates,
        name="request-candidates",
    ),
    path("requests/<int:pk>/offer/", matching.request_offer, name="request-offer"),
    path(
        "requests/<int:pk>/offers/decline/",
        offers.request_decline,
        name="request-decline",
    ),
    path(
        "requests/<int:pk>/offers/take-back/",
        offers.request_take_back,
        name="request-take-back",
    ),
    path("offers/<int:pk>/", offers.offer_detail, name="offer-detail"),
    path("offers/<int:pk>/accept/", offers.offer_accept, name="offer-accept"),
    path("offers/<int:pk>/decline/", offers.offer_decline, name="offer-decline"),
    path(
        "offers/<int:pk>/give-way/",
        offers.offer_displace_agree,
        name="offer-displace-agree",
    ),
    path(
        "offers/<int:pk>/keep/",
        offers.offer_displace_refuse,
        name="offer-displace-refuse",
    ),
]
