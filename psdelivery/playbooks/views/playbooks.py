from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.models import Playbook


@require_GET
def playbook_list(request: SignedInRequest) -> HttpResponse:
    playbooks = Playbook.objects.current().prefetch_related("steps")
    return render(request, "playbooks/playbook_list.html", {"playbooks": playbooks})


@require_GET
def playbook_detail(request: SignedInRequest, key: str) -> HttpResponse:
    playbook = get_object_or_404(Playbook.objects.current(), key=key)
    steps = playbook.steps.order_by("phase", "order")
    context = {"playbook": playbook, "steps": steps}
    return render(request, "playbooks/playbook_detail.html", context)
