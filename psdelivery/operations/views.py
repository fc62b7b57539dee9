"""Answers for load balancers, container health checks and monitoring."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from psdelivery import clock
from psdelivery.operations.queries import ages, readiness
from psdelivery.operations.rules import Word


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    now = clock.now()
    words = readiness(now)
    wrong = [name for name, word in words.items() if word is not Word.OK]
    answer = {"ready": not wrong, "wrong": wrong, **words}
    if words["database"] is Word.OK:
        answer["seconds_since"] = ages(now)
    return JsonResponse(answer, status=503 if wrong else 200)
