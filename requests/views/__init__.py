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
from requests.views.papers import confirm_processing, paper
from requests.views.paying import confirm, pay, pay_online, pay_return, pay_transfer

__all__ = [
    "attachment",
    "attachment_previews",
    "attachments",
    "certificate",
    "check",
    "confirm",
    "confirm_processing",
    "delete",
    "detail",
    "my_requests",
    "open_supplement",
    "page",
    "paper",
    "pay",
    "pay_online",
    "pay_return",
    "pay_transfer",
    "remove_attachment",
    "remove_row",
    "row",
    "sent",
    "start",
    "submit",
    "withdraw",
]
