"""How a sent file reaches the portal: to disk, block by block, and no further than is allowed.

Django reads a whole body before a view is asked (it looks for the CSRF token in it), so limits belong here. A file that
is too large is read on without being kept: the rest of the form arrives, and its page can say what was wrong.
"""

import logging
import re

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from requests.attachments.limits import MOST_BODY, MOST_BYTES, MOST_FILES
from requests.attachments.names import shown

logger = logging.getLogger(__name__)
# Of the office: an intake clerk's bank statement, read line by line, not kept (requests/clerk_views/payments.py); the
# scan of a paper for the central register (requests/register_views/entering.py); another agency's answer
# (requests/clerk_views/inquiries.py).
TAKES_FILES = re.compile(
    r"/requests/[^/]+/(fill/papers|attachments)/$|^/staff/payments/$|^/staff/register/enter/$"
    r"|^/staff/clerk/[^/]+/inquiries/[0-9]+/answer/$"
)
# More files than may be kept are still read, so that the page can say so; beyond that nobody means well.
MOST_READ = 2 * MOST_FILES


def refused_on_arrival(request) -> list[tuple[str, str]]:
    """(name to show, code of `wording`) of the files of this request that were not kept."""
    handlers = [handler for handler in request.upload_handlers if isinstance(handler, PaperUpload)]
    return [one for handler in handlers for one in handler.refused]


class PaperUpload(FileUploadHandler):
    """FILE_UPLOAD_HANDLERS: only the addresses above take files, each of bounded size, and bounded together."""

    def __init__(self, request=None):
        super().__init__(request)
        self.refused: list[tuple[str, str]] = []
        self._kept: TemporaryUploadedFile | None = None
        self._seen, self._body_too_large = 0, False

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        """A body that is too large is read without its files, so that its page can say so; a huge one not at all."""
        if content_length > 4 * MOST_BODY:
            raise RequestDataTooBig("The body is larger than any that this portal takes.")
        self._body_too_large = content_length > MOST_BODY

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self._kept, self._seen = None, self._seen + 1
        if self._body_too_large:
            self._say_once("", "too_much")
            raise SkipFile
        if self.request is None or not TAKES_FILES.search(self.request.path):
            raise SkipFile
        if self._seen > MOST_READ:
            self._say_once("", "too_many")
            raise SkipFile
        try:
            self._kept = TemporaryUploadedFile(self.file_name, self.content_type, 0, self.charset)
        except OSError as error:
            self._no_room(error)

    def receive_data_chunk(self, raw_data, start):
        if self._kept is None:
            return
        if start + len(raw_data) > MOST_BYTES:
            self._refuse("too_large")
        try:
            self._kept.write(raw_data)
        except OSError as error:
            self._no_room(error)

    def file_complete(self, file_size):
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.seek(0)
            kept.size = file_size
        return kept

    def upload_interrupted(self):
        self._drop()

    def _no_room(self, error: OSError) -> None:
        logger.error("no room for a file", extra={"error": type(error).__name__, "errno": error.errno})
        self._refuse("no_room")

    def _refuse(self, code: str) -> None:
        self.refused.append((shown(self.file_name or ""), code))
        self._drop()
        raise SkipFile

    def _say_once(self, name: str, code: str) -> None:
        if (name, code) not in self.refused:
            self.refused.append((name, code))

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None
