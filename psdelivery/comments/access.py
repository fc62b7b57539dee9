"""Load comments for views, with the right checked by what they stand on."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.comments.models import Comment, Mention
from psdelivery.comments.registry import Subject, kind_of, subject_kind
from psdelivery.people.http import SignedInRequest


def get_subject(request: SignedInRequest, key: str, subject: str) -> Subject:
    """Return what is commented on; raises Http404 for who may not see it."""
    kind = subject_kind(key)
    if kind is None:
        raise Http404(_("There is nothing of this kind to comment on."))
    return kind.loader(request, subject)


def get_own_comment(request: SignedInRequest, pk: int) -> tuple[Comment, Subject]:
    """Return a comment of the person's own: 404 for what they may not see at all."""
    comments = Comment.objects.select_related("subject_type", "engagement", "by")
    comment = get_object_or_404(comments, pk=pk)
    model = comment.subject_type.model_class()
    if model is None:
        raise Http404(_("There is no such comment."))
    try:
        kind = kind_of(model)
    except LookupError:
        raise Http404(_("There is no such comment.")) from None
    subject = kind.loader(request, comment.subject_id)
    if comment.by_id != request.user.pk:
        raise PermissionDenied(_("This comment is not yours."))
    return comment, subject


def get_mention(request: SignedInRequest, pk: int) -> Mention:
    """Return where the person was mentioned; nobody sees that of others."""
    return get_object_or_404(Mention, pk=pk, person=request.user)
