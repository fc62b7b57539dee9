from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement, rights_of
from engagements.forms.documents import DocumentForm, VersionForm
from engagements.models import Engagement
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.documents.access import documents_within
from psdelivery.documents.models import Document
from psdelivery.documents.services import new_version, save_evidence
from psdelivery.people.http import SignedInRequest


def tab_of(engagement: Engagement) -> str:
    return reverse("engagements:engagement-tab", args=[engagement.pk, "documents"])


def document_page(
    request: SignedInRequest,
    engagement: Engagement,
    form: VersionForm,
    document: Document | None = None,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "document": document,
        "form": form,
        "tab_url": tab_of(engagement),
    }
    status = status_of(form)
    return render(request, "engagements/document_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def document_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    sees_value = rights_of(request.user, engagement).may(Action.VALUE_SEE)
    form = DocumentForm(posted(request), posted_files(request), sees_value=sees_value)
    document = None
    if form.is_valid():
        document = written(form, lambda: add(request, engagement, form))
    if document is not None:
        messages.success(request, _("The document is added."))
        return redirect(tab_of(engagement))
    return document_page(request, engagement, form)


def add(
    request: SignedInRequest, engagement: Engagement, form: DocumentForm
) -> Document | None:
    return save_evidence(
        form.cleaned_data,
        title=form.cleaned_data["title"],
        engagement=engagement,
        money=form.cleaned_data.get("is_money", False),
        by=request.user,
        now=clock.now(),
    )


def get_newest(
    request: SignedInRequest, engagement: Engagement, document: int
) -> Document:
    own = Document.objects.of_engagement(engagement.pk).current()
    return get_object_or_404(own.filter(documents_within(request.user)), pk=document)


@require_http_methods(["GET", "POST"])
def document_version(request: SignedInRequest, pk: int, document: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    newest = get_newest(request, engagement, document)
    initial = {"title": newest.title}
    form = VersionForm(posted(request), posted_files(request), initial=initial)
    version = None
    if form.is_valid():
        version = written(form, lambda: replace(request, newest, form))
    if version is not None:
        messages.success(request, _("This is the newest version now."))
        return redirect(tab_of(engagement))
    return document_page(request, engagement, form, newest)


def replace(
    request: SignedInRequest, newest: Document, form: VersionForm
) -> Document | None:
    return new_version(
        newest,
        form.cleaned_data,
        title=form.cleaned_data["title"],
        by=request.user,
        now=clock.now(),
    )
