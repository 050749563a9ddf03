"""Attaching in tests: a file cleaned and kept as the pages do it, and a posted one as a browser sends it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile

from requests import actions
from requests.attachments import cleaning
from requests.models import Attachment, CertificateRequest


def attach(
    certificate_request: CertificateRequest, content: bytes, *, kind: str = "other", name: str = "giấy tờ.jpg", at=None
) -> Attachment:
    cleaned = cleaning.clean(io.BytesIO(content), name)
    return actions.attach(
        certificate_request, by=certificate_request.filed_by, kind=kind, name=name, cleaned=cleaned, at=at
    )


def posted(content: bytes, name: str = "giấy tờ.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")
