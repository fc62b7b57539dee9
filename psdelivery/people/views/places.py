from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from psdelivery.calendars import subdivision_choices
from psdelivery.people.fields import option_list


@require_GET
def subdivision_options(request: HttpRequest) -> HttpResponse:
    country = request.GET.get("country") or request.GET.get("value", "")
    return HttpResponse(option_list(subdivision_choices(country[:2])))
