"""Trainers: what somebody teaches, and the certification of one for a course."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.history.queries import events_for_subject
from psdelivery.people.context_processors import may_open
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import step_rows
from psdelivery.registry import RuleRefused
from training.coverage_queries import Teacher, coming_rows
from training.forms.trainers import (
    AccountForm,
    CertificationForm,
    NewCertificationForm,
    WithdrawForm,
)
from training.models import TrainerCertification, TrainerProfile
from training.pages import step_list
from training.rules.trainers import (
    reasons_against_starting_again,
    reasons_against_withdrawing,
)
from training.services.certifications import (
    add_certification,
    certify,
    start_again,
    withdraw,
)
from training.services.trainers import note_account
from training.trainer_access import (
    get_certification,
    get_certification_to_decide,
    get_own_trainer,
    get_trainer,
    may_decide,
)
from training.trainer_queries import certifications, classes_to_come, day_for
from training.views.answers import posted, refused, status_of, write_form

OWN_PAGE = "training:my-teaching"
# Steps that went with a state are no news.
GONE = {"state": StepState.CANCELLED}


@require_GET
def my_teaching(request: SignedInRequest) -> HttpResponse:
    """Show the same of oneself, as a tab of the own profile."""
    return profile_page(request, request.user)


@require_GET
def trainer_profile(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what somebody teaches, is on the way to, and has for it."""
    person = get_trainer(request, pk)
    if person == request.user and may_open(request.user, OWN_PAGE):
        return redirect(OWN_PAGE)
    return profile_page(request, person)


def profile_page(
    request: SignedInRequest, person: User, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    day = day_for(person, now)
    entries = certifications().filter(person=person)
    context = {
        "person": person,
        "is_own": person == request.user,
        "may_decide": may_decide(request.user, person),
        "teachers": [Teacher(entry, day) for entry in entries],
        "profile": TrainerProfile.objects.filter(person=person).first(),
        "classes": coming_rows(classes_to_come(person, now), request.user),
    }
    return render(request, "training/trainers/profile.html", context, status=status)


@require_POST
def demo_account(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note the own demo-cloud account, or that it is there no more."""
    person = get_own_trainer(request, pk)
    form = AccountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether you have an account."))
        return profile_page(request, person, status=status_of(form))
    has_account = form.cleaned_data["has_account"]
    note_account(person, has_account=has_account, by=request.user, now=clock.now())
    words = (
        _("Noted: no class asks for your demo-cloud account any more.")
        if has_account
        else _("Noted: your classes with labs ask for an account again.")
    )
    messages.success(request, words)
    return redirect("training:trainer-profile", person.pk)


@require_http_methods(["GET", "POST"])
def certification_add(request: SignedInRequest) -> HttpResponse:
    """Put somebody on the way to a course, or note what they have already."""
    asked = {name: request.GET.get(name, "") for name in ("person", "course")}
    form = NewCertificationForm(
        posted(request), by=request.user, scope=request.access.scope, initial=asked
    )
    entry = write_form(
        form,
        lambda: add_certification(
            form.cleaned_data["person"],
            form.cleaned_data["course"],
            validity=form.validity,
            note=form.cleaned_data["note"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if entry is None:
        context = {"form": form, "back_url": reverse("training:coverage")}
        page = "training/trainers/certification_form.html"
        return render(request, page, context, status=status_of(form))
    messages.success(request, _("The certification is entered."))
    return redirect(entry)


@require_GET
def certification_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how somebody stands to a course, the steps of it, and its history."""
    entry, now = get_certification(request, pk), clock.now()
    steps = Step.objects.filter(checklist=entry.checklist_id)
    decides = may_decide(request.user, entry.person)
    context = {
        "entry": entry,
        "teacher": Teacher(entry, day_for(entry.person, now)),
        "steps": step_list(list(step_rows(request.user, steps.exclude(**GONE)))),
        "events": events_for_subject(entry),
        "may_decide": decides,
        **buttons(request.user, entry, decides=decides),
    }
    return render(request, "training/trainers/certification.html", context)


def buttons(
    user: User, entry: TrainerCertification, *, decides: bool
) -> dict[str, bool]:
    """Return which buttons the page has: by the person's reach, and by the state."""
    today = day_for(entry.person, clock.now())
    against = reasons_against_starting_again(entry, today=today)
    return {
        "may_withdraw": decides and not reasons_against_withdrawing(entry, user),
        "may_start_again": decides and not against,
    }


def form_page(
    request: SignedInRequest, entry: TrainerCertification, form: Any, page: str
) -> HttpResponse:
    context = {"entry": entry, "form": form, "back_url": entry.get_absolute_url()}
    template = f"training/trainers/{page}.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def certification_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that somebody is certified, or renew it with other days."""
    entry = get_certification_to_decide(request, pk)
    today = day_for(request.user, clock.now())
    form = CertificationForm(posted(request), entry=entry, today=today)

    def write() -> TrainerCertification:
        validity = form.validity
        assert validity is not None, "the form asks for the day"  # noqa: S101
        note = form.cleaned_data["note"]
        return certify(entry, validity, note=note, by=request.user, now=clock.now())

    if write_form(form, write) is None:
        return form_page(request, entry, form, "certification_form")
    messages.success(request, _("Certified. The classes to come follow."))
    return redirect(entry)


@require_http_methods(["GET", "POST"])
def certification_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a certification back, or end the way to it, with a reason."""
    entry = get_certification_to_decide(request, pk)
    against = reasons_against_withdrawing(entry, request.user)
    if against:
        return refused(request, against, entry.get_absolute_url())
    form = WithdrawForm(posted(request))
    done = write_form(
        form,
        lambda: withdraw(
            entry,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if done is None:
        return form_page(request, entry, form, "withdraw_form")
    messages.success(request, _("Withdrawn. Classes to come ask for it again."))
    return redirect(entry)


@require_POST
def certification_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put somebody on the way again."""
    entry = get_certification_to_decide(request, pk)
    words = _("On the way again: the steps are open.")
    return done_or_refused(
        request,
        entry,
        lambda: start_again(entry, by=request.user, now=clock.now()),
        words,
    )


def done_or_refused(
    request: SignedInRequest,
    entry: TrainerCertification,
    write: Callable[[], object],
    words: str,
) -> HttpResponse:
    try:
        write()
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, entry.get_absolute_url())
    messages.success(request, words)
    return redirect(entry)
