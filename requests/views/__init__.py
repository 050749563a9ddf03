"""The citizen's pages: filling in a request, and following it after it was sent. Thin: the acts are in actions."""

from requests.views.attaching import attachment, attachment_previews, attachments, remove_attachment
from requests.views.filling import check, page, remove_row, row, start, submit
from requests.views.following import (
    certificate,
    delete,
    detail,
    my_requests,
    open_supplement,
    sent,
    withdraw,
)
from requests.views.inbox import inbox, inbox_read, message_choice
from requests.views.papers import confirm_processing, paper

__all__ = [
    "attachment",
    "attachment_previews",
    "attachments",
    "certificate",
    "check",
    "confirm_processing",
    "delete",
    "detail",
    "inbox",
    "inbox_read",
    "message_choice",
    "my_requests",
    "open_supplement",
    "page",
    "paper",
    "remove_attachment",
    "remove_row",
    "row",
    "sent",
    "start",
    "submit",
    "withdraw",
]
