from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.comments import services
from psdelivery.comments.access import get_mention, get_own_comment, get_subject
from psdelivery.comments.forms import CommentForm
from psdelivery.comments.models import Comment
from psdelivery.comments.registry import Subject
from psdelivery.comments.rules import reasons_against_editing
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.registry import RuleRefused


def comment_page(
    request: SignedInRequest,
    form: CommentForm,
    subject: Subject,
    comment: Comment | None = None,
) -> HttpResponse:
    context = {"form": form, "subject": subject, "comment": comment}
    status = 422 if form.errors else 200
    return render(request, "comments/comment_form.html", context, status=status)


def refusal(request: SignedInRequest, refused: RuleRefused, url: str) -> HttpResponse:
    context = {"reasons": refused.reasons, "back_url": url}
    return render(request, "409.html", context, status=409)


@require_http_methods(["GET", "POST"])
def comment_add(request: SignedInRequest, kind: str, subject: str) -> HttpResponse:
    about = get_subject(request, kind, subject)
    posted = request.POST if request.method == "POST" else None
    form = CommentForm(about.record, posted)
    if not form.is_valid():
        return comment_page(request, form, about)
    text = form.cleaned_data["text"]
    comment = services.add_comment(about, text, by=request.user, now=clock.now())
    return redirect(comment.get_absolute_url())


@require_http_methods(["GET", "POST"])
def comment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    comment, about = get_own_comment(request, pk)
    now = clock.now()
    if reasons := reasons_against_editing(comment, request.user, now=now):
        return refusal(request, RuleRefused(reasons), comment.get_absolute_url())
    posted = request.POST if request.method == "POST" else None
    form = CommentForm(about.record, posted, initial={"text": comment.text})
    if not form.is_valid():
        return comment_page(request, form, about, comment)
    text = form.cleaned_data["text"]
    services.edit_comment(comment, text, about.record, by=request.user, now=now)
    return redirect(comment.get_absolute_url())


@require_POST
def comment_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    comment, about = get_own_comment(request, pk)
    try:
        services.delete_comment(comment, about.record, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return refusal(request, refused, comment.get_absolute_url())
    messages.success(request, _("The comment is deleted."))
    return redirect(comment.get_absolute_url())


@require_POST
def mention_seen(request: SignedInRequest, pk: int) -> HttpResponse:
    mention = get_mention(request, pk)
    services.see_mention(mention, now=clock.now())
    return redirect(page_before(request, otherwise=mention.comment.get_absolute_url()))
