from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from psdelivery.documents.access import get_document
from psdelivery.documents.rules import CONTENT_TYPES, UNKNOWN_TYPE


@require_GET
def document_download(request: HttpRequest, pk: int) -> FileResponse:
    document = get_document(request, pk)
    if document.is_link:
        raise Http404(_("This document is a link."))
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is missing from the store.")) from None
    known = document.content_type in CONTENT_TYPES.values()
    response = FileResponse(
        file,
        as_attachment=True,
        filename=document.filename,
        content_type=document.content_type if known else UNKNOWN_TYPE,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
