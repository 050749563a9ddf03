"""The citizen's pages: filling in a request, and following it after it was sent. Thin: the acts are in actions."""

from requests.views.attaching import attachment, attachment_previews, attachments, remove_attachment
from requests.views.checking import check, resume, submit
from requests.views.complaining import complaint
from requests.views.correcting import correction
from requests.views.filling import page, remove_row, row
from requests.views.following import certificate, delete, sent, withdraw
from requests.views.inbox import inbox, inbox_read, message_choice
from requests.views.own_data import export_own_data, own_data, own_readers
from requests.views.papers import confirm_processing, paper
from requests.views.paying import confirm, pay, pay_online, pay_return, pay_transfer
from requests.views.reading import readers
from requests.views.starting import go_on, home, start
from requests.views.status import detail, my_requests
from requests.views.supplementing import supplement, supplement_item
from requests.views.tracking import track

__all__ = [
    "attachment",
    "attachment_previews",
    "attachments",
    "certificate",
    "check",
    "complaint",
    "confirm",
    "confirm_processing",
    "correction",
    "delete",
    "detail",
    "export_own_data",
    "go_on",
    "home",
    "inbox",
    "inbox_read",
    "message_choice",
    "my_requests",
    "own_data",
    "own_readers",
    "page",
    "paper",
    "pay",
    "pay_online",
    "pay_return",
    "pay_transfer",
    "readers",
    "remove_attachment",
    "remove_row",
    "resume",
    "row",
    "sent",
    "start",
    "submit",
    "supplement",
    "supplement_item",
    "track",
    "withdraw",
]
