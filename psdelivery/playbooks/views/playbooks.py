from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.queries import (
    checklists_to_adopt,
    playbooks_of_list,
    steps_by_phase,
    steps_by_time,
    versions_of,
)
from psdelivery.playbooks.rules.editing import difference_between

BY_TIME = "time"


@require_GET
def playbook_list(request: SignedInRequest) -> HttpResponse:
    context = {"playbooks": playbooks_of_list()}
    return render(request, "playbooks/playbook_list.html", context)


@require_GET
def playbook_detail(request: SignedInRequest, key: str) -> HttpResponse:
    playbook = get_object_or_404(Playbook.objects.current(), key=key)
    by_time = request.GET.get("by") == BY_TIME
    context = {
        "playbook": playbook,
        "by_time": by_time,
        "groups": steps_by_time(playbook) if by_time else steps_by_phase(playbook),
        "draft": Playbook.objects.filter(key=key, is_draft=True).first(),
        "may_propose": may_propose(request),
        "running": checklists_to_adopt(request.user, playbook).count(),
    }
    return render(request, "playbooks/playbook_detail.html", context)


def may_propose(request: SignedInRequest) -> bool:
    scope = scope_for(request.user.role_set, Action.REGISTER_PROPOSE)
    return scope is not Scope.NONE


@require_GET
def playbook_versions(request: SignedInRequest, key: str) -> HttpResponse:
    current = get_object_or_404(Playbook.objects.current(), key=key)
    context = {"playbook": current, "page": page_of(versions_of(key), request)}
    return render(request, "playbooks/playbook_versions.html", context)


@require_GET
def playbook_version(request: SignedInRequest, key: str, version: int) -> HttpResponse:
    playbook = get_object_or_404(versions_of(key), version=version)
    before = versions_of(key).filter(version__lt=version).first()
    old = before.steps.all() if before else []
    context = {
        "playbook": playbook,
        "before": before,
        "difference": difference_between(old, playbook.steps.all()),
    }
    return render(request, "playbooks/playbook_version.html", context)


@require_GET
def playbook_running(request: SignedInRequest, key: str) -> HttpResponse:
    playbook = get_object_or_404(Playbook.objects.current(), key=key)
    rows = checklists_to_adopt(request.user, playbook)
    context = {"playbook": playbook, "page": page_of(rows, request)}
    return render(request, "playbooks/playbook_running.html", context)
