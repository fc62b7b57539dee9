"""Loaders of work items: object and permission in one call."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from engagements.access import get_engagement
from engagements.execution.models import OpenQuestion, WorkItem


def get_item(request: HttpRequest, pk: int) -> WorkItem:
    """Load a work item of an engagement that the view may treat; raises Http404."""
    rows = WorkItem.objects.select_related("owner", "deliverable", "session")
    return of_engagement(request, rows, pk)


def of_engagement(request: HttpRequest, rows: QuerySet[WorkItem], pk: int) -> WorkItem:
    """Return the item with its engagement, which knows how near the reader is."""
    item = rows.filter(pk=pk).first()
    if item is None:
        raise Http404(_("There is no such work item."))
    item.engagement = get_engagement(request, item.engagement_id)
    return item


def get_open_question(request: HttpRequest, pk: int) -> OpenQuestion:
    """Load a question of a work item that the view may treat; raises Http404."""
    rows = OpenQuestion.objects.select_related("answered_by", "risk")
    question = rows.filter(pk=pk).first()
    if question is None:
        raise Http404(_("There is no such question."))
    question.work_item = get_item(request, question.work_item_id)
    return question
