"""The citizen's pages: filling in a request, and following it after it was sent. Thin: the acts are in actions."""

from requests.views.attaching import attachment, attachment_previews, attachments, remove_attachment
from requests.views.complaining import complaint
from requests.views.correcting import correction
from requests.views.filling import check, page, remove_row, row, start, submit
from requests.views.following import (
    certificate,
    delete,
    detail,
    my_requests,
    sent,
    withdraw,
)
from requests.views.supplementing import supplement, supplement_item

__all__ = [
    "attachment",
    "attachment_previews",
    "attachments",
    "certificate",
    "check",
    "complaint",
    "correction",
    "delete",
    "detail",
    "my_requests",
    "page",
    "remove_attachment",
    "remove_row",
    "row",
    "sent",
    "start",
    "submit",
    "supplement",
    "supplement_item",
    "withdraw",
]
