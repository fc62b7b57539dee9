"""What is sent is cut to size while it arrives, before a form has seen it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from psdelivery.documents.rules import MEGABYTE
from psdelivery.documents.settings import max_megabytes

# Far above the largest file that the settings allow: somebody's mistake up to here is
# told in the form, with all that was typed. What is longer is not even read.
LARGEST_BODY = 256 * MEGABYTE


class LimitedUploadHandler(FileUploadHandler):
    """Reads files that are too large to their end and keeps nothing of the rest.

    They arrive without content but with their size, so that the form says what is
    wrong. The limit counts for all files of a request together.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.kept = 0
        self.is_cut = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.most = max_megabytes() * MEGABYTE
        self.is_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.is_cut or self.kept + len(raw_data) > self.most:
            self.is_cut = True
            return None  # not handed on to who would keep it
        self.kept += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not self.is_cut:
            return None  # whoever kept it hands it over
        size = max(file_size, self.most + 1)
        return UploadedFile(BytesIO(), self.file_name, self.content_type, size)


class BodyLimitMiddleware:
    """Answer 413, unread, to what no form of ours can want.

    It stands behind the log-in and before whoever reads the body. Who is not logged in
    has nothing to send but the fields of a log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = announced_size(request)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > most_from(request):
            return render(request, "413.html", status=413)
        return self.get_response(request)


def announced_size(request: HttpRequest) -> int:
    """Return how long the body is; without a length Django reads none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def most_from(request: HttpRequest) -> int:
    """Return how much the person may send at once."""
    return LARGEST_BODY if request.user.is_authenticated else 0
