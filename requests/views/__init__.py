"""The citizen's pages: filling in a request, and following it after it was sent. Thin: the acts are in actions."""

from requests.views.attaching import attachment, attachment_previews, attachments, remove_attachment
from requests.views.checking import check, resume, submit
from requests.views.filling import page, remove_row, row
from requests.views.following import (
    certificate,
    delete,
    detail,
    my_requests,
    open_supplement,
    sent,
    withdraw,
)
from requests.views.papers import confirm_processing, paper
from requests.views.starting import go_on, home, start

__all__ = [
    "attachment",
    "attachment_previews",
    "attachments",
    "certificate",
    "check",
    "confirm_processing",
    "delete",
    "detail",
    "go_on",
    "home",
    "my_requests",
    "open_supplement",
    "page",
    "paper",
    "remove_attachment",
    "remove_row",
    "resume",
    "row",
    "sent",
    "start",
    "submit",
    "withdraw",
]
