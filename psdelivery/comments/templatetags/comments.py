from typing import Any

from django import template
from django.template.context import Context

from psdelivery import clock
from psdelivery.comments.forms import CommentForm
from psdelivery.comments.models import CommentQuerySet
from psdelivery.comments.registry import Subject, actions_on, kind_of
from psdelivery.comments.rules import may_delete, may_edit

register = template.Library()

MOST_SHOWN = 200


@register.inclusion_tag("comments/partials/_comments.html", takes_context=True)
def comments_of(
    context: Context, subject: Subject, comments: CommentQuerySet
) -> dict[str, Any]:
    """Show comments, the newest first, and the form for another one."""
    request, now = context["request"], clock.now()
    rows = list(comments.shown()[:MOST_SHOWN])
    offered = actions_on(request.user, rows)
    for comment in rows:
        comment.actions = offered.get(comment.pk, [])  # type: ignore[attr-defined]  # for the template
        comment.may_edit = may_edit(comment, request.user, now=now)  # type: ignore[attr-defined]  # as above
        comment.may_delete = may_delete(comment, request.user)  # type: ignore[attr-defined]  # as above
    return {
        "comments": rows,
        "subject": subject,
        "kind": kind_of(subject.record).key,
        "form": CommentForm(subject.record, auto_id="comment-%s"),
        "csrf_token": context.get("csrf_token"),
    }
