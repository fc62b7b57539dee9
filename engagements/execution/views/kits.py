from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import get_engagement, get_offering
from engagements.execution.forms.kits import (
    EngagementLinkForm,
    KitItemForm,
    LessonAnswerForm,
    LessonForm,
)
from engagements.execution.models import EngagementLink, KitItem, Lesson
from engagements.execution.plan_access import get_planned
from engagements.execution.services.kits import (
    add_item,
    change_item,
    drop_link,
    keep_link,
    take_kit,
)
from engagements.execution.services.lessons import answer_lesson, propose_lesson
from engagements.execution.tabs import tab_url
from engagements.models import Engagement, Offering
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.views.answers import posted, refused, status_of, write_form
from psdelivery.registry import RuleRefused


def kit_url(offering: Offering) -> str:
    return reverse("execution:kit-detail", args=[offering.pk])


def form_page(
    request: SignedInRequest, form: BaseForm, title: str, back_url: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "form_title": title, "back_url": back_url, **more}
    template = "execution/kits/kit_form.html"
    return render(request, template, context, status=status_of(form))


@require_GET
def kit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    offering = get_offering(pk)
    lessons = offering.lessons.select_related("engagement__customer", "by")
    scope = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    context = {
        "offering": offering,
        "items": offering.kit_items.all(),
        "page": page_of(lessons.select_related("decided_by"), request),
        "may_edit": scope is not Scope.NONE,
    }
    return render(request, "execution/kits/kit_detail.html", context)


@require_http_methods(["GET", "POST"])
def kit_item_add(request: SignedInRequest, pk: int) -> HttpResponse:
    offering = get_offering(pk)
    form = KitItemForm(posted(request), instance=KitItem(offering=offering))
    added = write_form(
        form,
        lambda: add_item(
            offering, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if added is None:
        return form_page(request, form, _("Add to the kit"), kit_url(offering))
    messages.success(request, _("It is part of the kit."))
    return redirect(kit_url(offering))


@require_http_methods(["GET", "POST"])
def kit_item_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(KitItem.objects.select_related("offering"), pk=pk)
    form = KitItemForm(posted(request), instance=get_object_or_404(KitItem, pk=pk))
    saved = write_form(
        form,
        lambda: change_item(
            item, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is None:
        return form_page(request, form, _("Edit the kit"), kit_url(item.offering))
    messages.success(request, _("The changes are saved."))
    return redirect(kit_url(item.offering))


def tab_of(engagement: Engagement, anchor: str) -> str:
    return tab_url(engagement, "deliverables", anchor)


@require_POST
def kit_take(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    try:
        taken = take_kit(engagement, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, tab_of(engagement, "kit"))
    words = _("Taken over: deliverables %(deliverables)d, links %(links)d.")
    nothing = _("All that the kit has stands there already.")
    counted = {"deliverables": taken.deliverables, "links": taken.links}
    messages.success(request, words % counted if any(counted.values()) else nothing)
    return redirect(tab_of(engagement, "deliverables"))


@require_http_methods(["GET", "POST"])
def link_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    form = EngagementLinkForm(posted(request))
    added = write_form(
        form,
        lambda: keep_link(
            engagement, form.cleaned_data, by=request.user, now=clock.now()
        ),
    )
    if added is None:
        back = tab_of(engagement, "links")
        return form_page(request, form, _("Add a link"), back, engagement=engagement)
    messages.success(request, _("The link is added."))
    return redirect(tab_of(engagement, "links"))


@require_POST
def link_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(EngagementLink, pk=pk)
    link.engagement = get_engagement(request, link.engagement_id)
    drop_link(link, by=request.user, now=clock.now())
    messages.success(request, _("The link is taken off."))
    return redirect(tab_of(link.engagement, "links"))


@require_http_methods(["GET", "POST"])
def lesson_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    form = LessonForm(engagement, posted(request))
    proposed = write_form(
        form,
        lambda: propose_lesson(
            engagement, **form.cleaned_data, by=request.user, now=clock.now()
        ),
    )
    if proposed is None:
        title, back = _("Propose a lesson"), tab_of(engagement, "lessons")
        return form_page(request, form, title, back, engagement=engagement)
    messages.success(request, _("The lesson is proposed to the offering."))
    return redirect(tab_of(engagement, "lessons"))


@require_http_methods(["GET", "POST"])
def lesson_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Lesson.objects.select_related("offering", "by", "engagement__customer")
    lesson = get_object_or_404(rows, pk=pk)
    form = LessonAnswerForm(posted(request))
    answered = write_form(
        form,
        lambda: answer_lesson(
            lesson, **form.cleaned_data, by=request.user, now=clock.now()
        ),
    )
    if answered is None:
        title, back = _("Answer the lesson"), kit_url(lesson.offering)
        return form_page(request, form, title, back, lesson=lesson)
    messages.success(request, _("The lesson is answered."))
    return redirect(kit_url(lesson.offering))
