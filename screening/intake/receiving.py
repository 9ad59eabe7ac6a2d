"""What a page sends, taken in within limits: a file that is too large costs nobody the rest of the page."""

from __future__ import annotations

import io

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from screening.intake.uploads import LARGEST_FILE

# More than any page of a patient has. Pages of the workshop have more: the limit of the settings is theirs.
MOST_FIELDS = 500


class TooMuch(Exception):
    """More text, fields or files than any page of ours asks for. Nothing of it was kept."""


class LargestFileHandler(FileUploadHandler):
    """Reads past what is too large and keeps none of it; the field then says so, beside what was typed."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= LARGEST_FILE else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if file_size <= LARGEST_FILE:
            return None
        return UploadedFile(io.BytesIO(), name=self.file_name, size=file_size)


def receive(request: HttpRequest) -> None:
    """Read the whole body before anything is decided. Raises TooMuch; UnreadablePostError when it was cut."""
    request.upload_handlers.insert(0, LargestFileHandler(request))
    try:
        fields = sum(len(values) for _name, values in request.POST.lists())
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
        raise TooMuch from error
    if fields > MOST_FIELDS:
        raise TooMuch
